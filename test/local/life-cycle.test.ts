import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DescribeCollectionCommand,
  DetectFacesCommand,
  DetectLabelsCommand,
  IndexFacesCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  type ListFacesCommandOutput,
  RekognitionServiceException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import { S3Client } from '@aws-sdk/client-s3';
import { EngineClosedError, LocalRekognition, type OnnxModel, type Vision } from 'rekollect/local';
import { describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import { InvalidArgumentError, UnreadableImageError } from '../../src/errors.js';
import { MemoryStore } from '../../src/local/store/memory.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';
import { aDirectory } from '../support/stores.js';

/** Declared faces that are seen only after `release` was called; `looking` resolves when someone waits for that. */
function heldVision() {
  const vision = declaredFaces();
  let release = () => {};
  let arrive = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const looking = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const analyze: Vision['analyze'] = async (image, request) => {
    arrive();
    await released;
    return vision.analyze(image, { ...request, signal: undefined });
  };
  return { ...vision, analyze, looking, release };
}

describe('a command', () => {
  it('is answered with the type of its own output', async () => {
    const { client } = await aCollection();
    const answer = await client.send(new ListFacesCommand({ CollectionId }));
    expectTypeOf(answer).toEqualTypeOf<ListFacesCommandOutput>();
    expect(answer.$metadata).toEqual({
      httpStatusCode: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      attempts: 1,
      totalRetryDelay: 0,
    });
  });

  it('is refused with the SDK’s own exceptions', async () => {
    const { client } = anEngine();
    const error = await client.send(new DescribeCollectionCommand({ CollectionId })).catch((e) => e);
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect(error).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Collection:team not found!',
      Code: 'ResourceNotFoundException',
      Logref: expect.stringMatching(/^[0-9a-f-]{36}$/),
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
  });

  it('is told from its schema where a bundler has renamed its class', async () => {
    const { client } = anEngine();
    const renamed = new (class a extends ListCollectionsCommand {})({});
    await expect(client.send(renamed)).resolves.toMatchObject({ CollectionIds: [] });
  });

  it('is told by its class where it has no schema, as in older versions of the SDK', async () => {
    const { client } = anEngine();
    class ListCollectionsCommand {
      readonly input = {};
      resolveMiddleware = () => async () => ({ output: {} });
    }
    await expect(client.send(new ListCollectionsCommand())).resolves.toMatchObject({ CollectionIds: [] });
  });

  it('is refused when the engine does not know it', async () => {
    const { client } = anEngine();
    const unknown = client.send(new DetectLabelsCommand({ Image: {} }));
    await expect(unknown).rejects.toThrow(RekognitionServiceException);
    await expect(unknown).rejects.toEqual(refusedWith('UnknownOperationException', 'DetectLabels'));
    for (const name of ['constructor', '__proto__', 'toString', ''])
      await expect(client.answer(name, {})).rejects.toEqual(refusedWith('UnknownOperationException'));
  });

  it('can be answered by its name, without the SDK', async () => {
    const { client } = await aCollection();
    expect(await client.answer('ListCollections', {})).toEqual({
      CollectionIds: ['team'],
      FaceModelVersions: ['declared-faces-1'],
    });
  });
});

describe('an answer', () => {
  it('can be changed without changing what is stored', async () => {
    const { send, index } = await aCollection();
    await index([{}]);
    const list = async () => (await send(new ListFacesCommand({ CollectionId }))).Faces![0]!;
    const face = await list();
    const before = structuredClone(face);
    face.BoundingBox!.Left = 7;
    face.Confidence = 1;
    expect(await list()).toEqual(before);
  });
});

describe('an aborted command', () => {
  it('is rejected with the reason, before anything is done', async () => {
    const { send } = anEngine();
    const reason = new Error('gave up');
    const aborted = send(new CreateCollectionCommand({ CollectionId }), AbortSignal.abort(reason));
    await expect(aborted).rejects.toBe(reason);
    expect((await send(new ListCollectionsCommand({}))).CollectionIds).toEqual([]);
  });

  it('leaves nothing behind when it was aborted while the models looked', async () => {
    const vision = heldVision();
    const { send } = await aCollection({ vision });
    const Image = { Bytes: await vision.photo([{}]) };
    const controller = new AbortController();
    const reason = new Error('gave up');
    const indexing = send(new IndexFacesCommand({ CollectionId, Image }), controller.signal);
    await vision.looking;
    controller.abort(reason);
    vision.release();
    await expect(indexing).rejects.toBe(reason);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toEqual([]);
  });
});

describe('commands at the same time', () => {
  it('do not index into a collection that was deleted while the models looked', async () => {
    const vision = heldVision();
    const { send } = await aCollection({ vision });
    const Image = { Bytes: await vision.photo([{}]) };
    const indexing = send(new IndexFacesCommand({ CollectionId, Image }));
    await vision.looking;
    await send(new DeleteCollectionCommand({ CollectionId }));
    vision.release();
    await expect(indexing).rejects.toThrow(ResourceNotFoundException);
    await send(new CreateCollectionCommand({ CollectionId }));
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toEqual([]);
  });

  it('index a photo once when it comes twice under one external id', async () => {
    const vision = heldVision();
    const { send } = await aCollection({ vision });
    const request = { CollectionId, Image: { Bytes: await vision.photo([{}]) }, ExternalImageId: 'a' };
    const both = Promise.all([send(new IndexFacesCommand(request)), send(new IndexFacesCommand(request))]);
    vision.release();
    const [first, second] = (await both).map(({ FaceRecords }) => FaceRecords![0]!.Face!.FaceId);
    expect(second).toBe(first);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(1);
  });
});

describe('a closed engine', () => {
  it('finishes what was sent, and answers no more', async () => {
    const vision = heldVision();
    const { client, send } = await aCollection({ vision });
    const Image = { Bytes: await vision.photo([{}]) };
    const detecting = send(new DetectFacesCommand({ Image }));
    await vision.looking;
    const order: string[] = [];
    const closing = client.close().then(() => order.push('closed'));
    await expect(client.send(new ListCollectionsCommand({}))).rejects.toThrow(EngineClosedError);
    vision.release();
    await detecting.then(() => order.push('detected'));
    await closing;
    expect(order).toEqual(['detected', 'closed']);
    await expect(client.close()).resolves.toBeUndefined();
  });

  it('is what `destroy` leaves', async () => {
    const { client } = anEngine();
    expect(client.destroy()).toBeUndefined();
    await expect(client.send(new ListCollectionsCommand({}))).rejects.toMatchObject({
      code: 'ENGINE_CLOSED',
    });
  });

  it('is what `await using` leaves behind', async () => {
    const { client, send } = anEngine();
    await client[Symbol.asyncDispose]();
    await expect(send(new ListCollectionsCommand({}))).rejects.toThrow(EngineClosedError);
  });

  it('closes what it made itself, and leaves open what was given to it', async () => {
    const close = vi.fn(async () => {});
    const s3 = { send: async () => ({ Body: Readable.from([]) }), destroy: vi.fn() };
    const vision = { ...declaredFaces(), close };
    const { client } = anEngine({ vision, s3, store: Object.assign(new MemoryStore(), { close }) });
    const Image = { S3Object: { Bucket: 'photos', Name: 'ada.jpg' } };
    await expect(client.send(new DetectFacesCommand({ Image }))).rejects.toThrow();
    await client.close();
    expect(close).not.toHaveBeenCalled();
    expect(s3.destroy).not.toHaveBeenCalled();

    const destroy = vi.spyOn(S3Client.prototype, 'destroy');
    vi.spyOn(S3Client.prototype, 'send').mockRejectedValue(new Error('not now') as never);
    onTestFinished(() => void vi.restoreAllMocks());
    const own = new LocalRekognition({ vision });
    await expect(own.send(new DetectFacesCommand({ Image }))).rejects.toThrow('not now');
    await own.close();
    expect(destroy).toHaveBeenCalledOnce();
  });

  it('closes its directory though its models could not be started', async () => {
    const directory = await aDirectory();
    const file = join(directory, 'net.onnx');
    await writeFile(file, 'not looked at yet');
    const model: OnnxModel = {
      file,
      version: 'gone-1',
      length: 8,
      input: { size: 112, layout: 'NCHW', colors: 'RGB', mean: [0, 0, 0], divisor: 255 },
      metric: 'cosine',
      similarity: [
        { distance: 0.5, similarity: 99 },
        { distance: 1, similarity: 0 },
      ],
    };
    const faces = join(directory, 'faces');
    const client = new LocalRekognition({ directory: faces, model });
    await rm(file);
    const Image = { Bytes: await declaredFaces().photo([{}]) };
    await expect(client.send(new DetectFacesCommand({ Image }))).rejects.toThrow(InvalidArgumentError);
    await expect(client.close()).resolves.toBeUndefined();
    expect(existsSync(join(faces, 'clean-shutdown.json'))).toBe(true);
  });
});

describe('an engine', () => {
  it('keeps its collections to itself', async () => {
    await aCollection();
    expect((await anEngine().send(new ListCollectionsCommand({}))).CollectionIds).toEqual([]);
  });

  it('refuses limits that are none', () => {
    for (const facesPerUser of [-1, Number.NaN, '5' as unknown as number])
      expect(() => new LocalRekognition({ limits: { facesPerUser } })).toThrow(InvalidArgumentError);
  });

  it.each<[string, object]>([
    ['dir', { dir: '.faces' }],
    ['descriptors', { descriptors: 'mobilefacenet-1' }],
    ['limits.facesPerUsr', { limits: { facesPerUsr: 5 } }],
    ['vision', { vision: {} }],
    ['model', { model: 'arcface' }],
    ['human', { human: 'no' }],
    ['workers', { workers: 0 }],
    ['s3', { s3: 'photos' }],
    ['readS3Object', { readS3Object: './photos' }],
    ['model', { vision: declaredFaces(), model: 'mobilefacenet-1' }],
    ['human', { vision: declaredFaces(), human: true }],
    ['workers', { vision: declaredFaces(), workers: 2 }],
    ['s3', { s3: { send: async () => {} }, readS3Object: async () => new Uint8Array() }],
    ['store', { store: new MemoryStore() }],
  ])('refuses the option %s of %o at once', (name, options) => {
    expect(() => new LocalRekognition(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: `options.${name}` }),
    );
  });

  it('takes options that are undefined as left out', async () => {
    const limits = { facesPerUser: undefined } as object;
    const { enroll } = await aCollection({ model: undefined, directory: undefined, limits });
    expect(await enroll('ada', [{ person: 'ada' }])).toHaveLength(1);
  });

  it('does not mix the vectors of two kinds of models', async () => {
    const store = new MemoryStore();
    const first = await aCollection({ store });
    const [faceId] = await first.index([{ person: 'ada' }]);
    await first.send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));

    const vision = declaredFaces();
    const other = { ...vision, space: { ...vision.space, version: 'other-models' } };
    const second = anEngine({ store, vision: other });
    const Image = { Bytes: await vision.photo([{}]) };
    const refused = refusedWith(
      'InvalidParameterException',
      'Collection team holds face vectors of "declared-faces-1", and the models in use make those of "other-models"',
    );
    const associate = { CollectionId, UserId: 'ada', FaceIds: [faceId!] };
    await expect(second.send(new IndexFacesCommand({ CollectionId, Image }))).rejects.toEqual(refused);
    await expect(second.send(new AssociateFacesCommand(associate))).rejects.toEqual(refused);
    expect((await second.send(new ListFacesCommand({ CollectionId }))).Faces).toHaveLength(1);
  });

  it('passes on failures of the models as they are', async () => {
    const failure = new Error('out of memory');
    const vision = { ...declaredFaces(), analyze: () => Promise.reject(failure) };
    const { send } = anEngine({ vision });
    const Image = { Bytes: await declaredFaces().photo([]) };
    await expect(send(new DetectFacesCommand({ Image }))).rejects.toBe(failure);
  });

  it('stores no vector that is none of the space', async () => {
    const aVector = new Float32Array(32).fill(Math.sqrt(1 / 32));
    for (const vectors of [
      { vector: new Float32Array(3) },
      { vector: new Float32Array(32).fill(Number.NaN) },
      // Of no length 1, as cosines have it.
      { vector: aVector.map((value) => 2 * value) },
      { vector: aVector, profileVector: new Float32Array(31) },
    ]) {
      const vision = declaredFaces();
      const analyze: Vision['analyze'] = async (image, request) => {
        const faces = await vision.analyze(image, { ...request, vectors: undefined });
        return faces.map((face) => ({ ...face, ...vectors }));
      };
      const { send } = await aCollection({ vision: { ...vision, analyze } });
      const Image = { Bytes: await vision.photo([{}]) };
      await expect(send(new IndexFacesCommand({ CollectionId, Image }))).rejects.toThrow(TypeError);
      expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toEqual([]);
    }
  });

  it('calls an image with too many pixels too large', async () => {
    const bomb = new UnreadableImageError('the photo', 'TOO_MANY_PIXELS', 'has too many pixels.');
    const vision = { ...declaredFaces(), analyze: () => Promise.reject(bomb) };
    const { send } = anEngine({ vision });
    const Image = { Bytes: await declaredFaces().photo([]) };
    await expect(send(new DetectFacesCommand({ Image }))).rejects.toMatchObject({
      name: 'ImageTooLargeException',
      cause: bomb,
    });
  });
});
