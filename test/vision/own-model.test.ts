import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DescribeCollectionCommand,
  IndexFacesCommand,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { analyzeFaces } from '../../src/local/vision/analyze-faces.js';
import { type FaceVectorModel, spaceOf } from '../../src/local/vision/embed/face-vector-model.js';
import type { OnnxModel } from '../../src/local/vision/embed/onnx-model.js';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { Nets } from '../../src/local/vision/runtime/inference.js';
import { OnnxGraph } from '../../src/local/vision/runtime/onnx-graph.js';
import { samplePath } from '../support/sample-photos.js';

/** A net that answers the mean of each colour plane: a face vector of three numbers. */
function meanColorNet(): Uint8Array {
  const graph = new OnnxGraph('mean-color');
  const pixels = graph.input('picture', 'float32', [1, 3, 112, 112]);
  const mean = graph.node('Flatten', [graph.node('GlobalAveragePool', [pixels])], { axis: 1 });
  graph.output(mean, 'vector', 'float32', [1, 3]);
  return graph.toModel();
}

const nets = new Nets();
let folder: string;
let ownModel: OnnxModel;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekollect-'));
  const file = join(folder, 'mean-color.onnx');
  await writeFile(file, meanColorNet());
  ownModel = {
    file,
    version: 'mean-color-1',
    length: 3,
    input: { size: 112, layout: 'NCHW', colors: 'RGB', mean: [0, 0, 0], divisor: 255 },
    alignment: [
      [38.29, 51.7],
      [73.53, 51.5],
      [56.03, 71.74],
      [41.55, 92.37],
      [70.73, 92.2],
    ],
    metric: 'euclidean',
    similarity: [
      { distance: 0.1, similarity: 80 },
      { distance: 1, similarity: 0 },
    ],
  };
});

afterAll(async () => {
  await Promise.all(open.map((each) => each.close()));
  await rm(folder, { recursive: true });
});

/** What a thread of `FaceModels` does, here. */
async function facesBy(model: FaceVectorModel) {
  const settings = { model, human: false, limitInputPixels: 2 ** 27 };
  const request = { vectors: 'to-search', attributes: false } as const;
  const faces = await analyzeFaces(nets, await readFile(samplePath(1)), settings, request);
  return { space: spaceOf(model), faces };
}

describe('a model of the caller’s own', () => {
  it('describes faces', async () => {
    const { space, faces } = await facesBy(ownModel);
    expect(space).toMatchObject({ version: 'mean-color-1', length: 3, metric: 'euclidean' });
    expect(space.similarity(0.1)).toBe(80);
    expect(faces).toHaveLength(3);
    const [red, green, blue] = faces[0]!.vector!;
    expect(faces[0]!.vector).toHaveLength(3);
    // Skin is redder than green, and greener than blue.
    expect(red! > green! && green! > blue! && blue! > 0.1 && red! < 1).toBe(true);
  });

  it('gets colours in the order it wants, and gives vectors of length 1 where cosines count', async () => {
    const straight = await facesBy(ownModel);
    const turned = await facesBy({
      ...ownModel,
      input: { ...ownModel.input, colors: 'BGR' },
      metric: 'cosine',
    });
    expect(turned.space.metric).toBe('cosine');
    const [red, green, blue] = straight.faces[0]!.vector!;
    const length = Math.hypot(red!, green!, blue!);
    const expected = [blue! / length, green! / length, red! / length];
    turned.faces[0]!.vector!.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });

  it('describes a face without alignment by a square around it, in profile too', async () => {
    const { alignment: _, ...unaligned } = ownModel;
    const { faces } = await facesBy(unaligned);
    for (const { vector } of faces) expect(vector).toHaveLength(3);
  });

  it.each(['euclidean', 'cosine'] as const)('recognises users by %s distances', async (metric) => {
    const CollectionId = 'team';
    // Colours of skin tell few people apart, so this one has to be nearly the same.
    const similarity = [
      { distance: 1e-4, similarity: 90 },
      { distance: 2, similarity: 0 },
    ];
    const client = new LocalRekognition({
      model: { ...ownModel, metric, similarity },
      human: false,
      workers: 1,
    });
    open.push(client);
    await client.send(new CreateCollectionCommand({ CollectionId }));
    const Image = { Bytes: await readFile(samplePath(1)) };
    const { FaceRecords, FaceModelVersion } = await client.send(
      new IndexFacesCommand({ CollectionId, Image }),
    );
    expect(FaceModelVersion).toBe('mean-color-1');
    for (const [i, { Face }] of FaceRecords!.entries()) {
      const UserId = `woman-${i}`;
      await client.send(new CreateUserCommand({ CollectionId, UserId }));
      await client.send(new AssociateFacesCommand({ CollectionId, UserId, FaceIds: [Face!.FaceId!] }));
    }
    // The largest face was indexed first.
    const { UserMatches } = await client.send(
      new SearchUsersByImageCommand({ CollectionId, Image, UserMatchThreshold: 90 }),
    );
    expect(UserMatches![0]).toMatchObject({ User: { UserId: 'woman-0' }, Similarity: 100 });
    expect(await client.send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceModelVersion: 'mean-color-1',
      FaceCount: 3,
      UserCount: 3,
    });
  });

  it('has to answer as many numbers as was said', async () => {
    await expect(facesBy({ ...ownModel, length: 512 })).rejects.toThrow(InvalidArgumentError);
  });

  it.each<[string, object]>([
    ['file', { file: 'no/such/file.onnx' }],
    ['version', { version: '' }],
    ['length', { length: 0 }],
    ['input.size', { input: {} }],
    ['alignment', { alignment: [[1, 2]] }],
    ['alignment', { alignment: null }],
    ['aligment', { aligment: [] }],
    ['metric', { metric: 'hamming' }],
    ['similarity', { similarity: [] }],
    ['similarity', { similarity: [null] }],
    ['similarity', { similarity: [{ distance: 1, similarity: 120 }] }],
    [
      'similarity',
      {
        similarity: [
          { distance: 0.5, similarity: 50 },
          { distance: 0.4, similarity: 10 },
        ],
      },
    ],
  ])('is refused with a wrong %s', (name, wrong) => {
    const make = () => new FaceModels({ model: { ...ownModel, ...wrong } });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(`options.model.${name}`);
  });

  it.each(['arcface', null, 5])('is not %j', (model) => {
    expect(() => new FaceModels({ model: model as FaceVectorModel })).toThrow(InvalidArgumentError);
  });
});
