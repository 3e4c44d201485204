import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync } from 'node:zlib';
import {
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteFacesCommand,
  DescribeCollectionCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  SearchFacesCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import * as fc from 'fast-check';
import {
  EngineClosedError,
  OtherModelsError,
  UnknownFormatError,
  UnreadableCollectionError,
} from 'rekollect/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { encodeFrame, encodeTitle } from '../../src/local/portable/collection-file.js';
import type { Frame } from '../../src/local/portable/frames.js';
import { Records } from '../../src/local/records/records.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { MemoryStore } from '../../src/local/store/memory.js';
import type { Store } from '../../src/local/store/store.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory, STORES } from '../support/stores.js';

/** A collection of two people, a stranger and a user without faces, and the file it is exported to. */
async function anExport(store: Store = new MemoryStore()) {
  const engine = await aCollection({ store });
  const { send, enroll, index, client } = engine;
  const Tags = { team: 'pioneers' };
  await send(new CreateCollectionCommand({ CollectionId: 'tagged', Tags }));
  await enroll('ada', [{ person: 'ada' }, { person: 'ada' }]);
  await enroll('grace', [{ person: 'grace' }]);
  // A collection may have faces of which nothing but the profile is known.
  await index([{ person: 'grace', isProfile: true }], { QualityFilter: 'NONE' });
  const [stranger] = await index([{}], { ExternalImageId: 'stranger.jpg' });
  await send(new CreateUserCommand({ CollectionId, UserId: 'nobody' }));
  return { ...engine, stranger: stranger!, file: await buffer(client.exportCollection(CollectionId)) };
}

/** A file of these frames, with all checksums right. */
const aFile = (...frames: Frame[]) => [encodeTitle(), ...frames.map((frame, i) => encodeFrame(i, frame))];

/** A file as the first version exported it, compressed. */
const OLD_EXPORT = brotliDecompressSync(
  Buffer.from(
    'GxkGEVWUPyA6D2Nj6VNvjNwr8mbHXZotmkT1gcpHKpmJcFhHoTdBbyt5UqvDjMBy43OVOMvuWOwALvJIurf4U/IpsteXOixd' +
      '/v9fTQdwBAfHcc67syxrxWE7tnNZJ0qw7IMW2Ji3ogaOuWWbTaMw6LEgIyXn3NGnc13mzcPt7fTXb6Je1lwldoHrlDVmi0RZ' +
      'kfwdADDag253/Wzm1pY60EDwultOu4E8pPXeuRM13hjYAfCzN+QG1dMHZaNfCnN56H3668PzMEriABqEgU4fecEM9/f+uWqB' +
      'shDXQ2ZGmipFC6sE0irnCcJrhXppizmhsi2sXgyt0sDoupSXS7fqi7TCpZVpFErLMDVjbFwDteeJS2uJNshKOOFHEarl8uzh' +
      'MymU4BGQdimdd0LCiQpR3Xh9eHyGOiBx+ioqXDO3IXJxE5+0v6BUB4DIrpjP5EaNB0ub7y970JCcRsOV1qDPilfkmIS1SB9d' +
      'tHt0YltNOhMX5KxGvMr6OUV1LJW8s+WYpsTWLquNImieExWNTZ9lQQ3PbbUjOWwR6WIdXpnnVa8LGSjminVMzXVKVHJS54y3' +
      'dVWA1HzGhO+REHOR547xYvBX0v8OOvRkqzvd2dKzx//M4oX4+LXm6MOmKkTuHKED96qgXqaHxcv640Gvf3LHdk05bK88lWXa' +
      '46BecYK+NH2XvSqtohtfd0RJzy80om8fNmybyP1MnTB07Mmoa1En5OdJTXtHyQWyz8YrZLh/FS4tKUR4cq99Qx2eU96PPvzR' +
      '5jJ94968aNhQnho0BBXZEN/flOPurkZqe7kMWavccSZ2NvacuiEDernKuUvc0NusA9RDdPli+Vw5wGd1dNvxOVBx2EybCsfz' +
      'kWdB3JyXhoVhR2m8vxW+ZRyhj+8t8LUplXNPTcepSmc0HVOQ7Tr1I54Aft1hOi9/6osjfX9S+ahwNlrSlXa8KOPq2X484V8B' +
      'vXrxUt5FGPctEmg23Luv+tgLOcX3OL32tsI1g1X7biqUIN99HCL+L8bxjd3518j2PDGpFet7TIXtpli6uzuFP31VxL+u32jD' +
      'kCj27Fy5r8/ACCznbmhpNVNOEULsrEsOG4OnADvCKGjE0MGNNtaBV7gN2QpobT7braoakS6XrYQQBkft3I3iMuYBAw==',
    'base64',
  ),
);

/** Everything about a collection but when and where it is kept. */
function contentsOf(store: Store, collectionId = CollectionId) {
  const records = new Records(store);
  const { contents, lastChunks, ...collection } = records.collection(collectionId);
  return {
    collection,
    faces: Array.from(records.faces(collectionId), (face) => {
      const { chunks, ...details } = face;
      return { ...details, vectors: records.faceVectors(collectionId, face) };
    }),
    users: Array.from(records.users(collectionId), (user) => {
      const { chunks, ...details } = user;
      return { ...details, vectors: records.userVectors(collectionId, user) };
    }),
  };
}

describe.each(STORES)('an exported collection, imported into a store %s', (_, open) => {
  it('is the same again', async () => {
    const from = new MemoryStore();
    const { file, stranger } = await anExport(from);
    const store = await open();
    const { client, send } = anEngine({ store });
    expect(await client.importCollection([file])).toEqual({
      collectionId: CollectionId,
      faceCount: 5,
      userCount: 3,
    });
    expectSound(store, CollectionId);
    expect(contentsOf(store)).toEqual(contentsOf(from));
    expect((await send(new SearchUsersCommand({ CollectionId, UserId: 'ada' }))).UserMatches).toEqual([]);
    const { DeletedFaces } = await send(new DeleteFacesCommand({ CollectionId, FaceIds: [stranger] }));
    expect(DeletedFaces).toEqual([stranger]);
    expect(await buffer(anEngine({ store: from }).client.exportCollection(CollectionId))).toEqual(file);
  });

  it('comes in pieces of any length', async () => {
    const { file } = await anExport();
    const store = await open();
    const { client } = anEngine({ store });
    const pieces = Array.from({ length: Math.ceil(file.length / 7) }, (_, i) =>
      file.subarray(7 * i, 7 * i + 7),
    );
    await client.importCollection(pieces);
    expectSound(store, CollectionId);
  });

  it('takes the place of another one only when it is told to, in one step', async () => {
    const { file } = await anExport();
    const store = await open();
    const { client, send, index } = await aCollection({ store });
    const [old] = await index([{ person: 'old' }]);
    await send(new SearchFacesCommand({ CollectionId, FaceId: old! }));
    await expect(client.importCollection([file])).rejects.toThrow(ResourceAlreadyExistsException);
    expect(new Records(store).collection(CollectionId).faceCount).toBe(1);

    await client.importCollection([file], { replace: true });
    expectSound(store, CollectionId);
    expect((await send(new DescribeCollectionCommand({ CollectionId }))).FaceCount).toBe(5);
    expect((await send(new SearchUsersCommand({ CollectionId, UserId: 'ada' }))).UserMatches).toEqual([]);
    const { contents } = new Records(store).collection(CollectionId);
    const strays = [...store.keys('face')].filter((key) => !key.includes(`/${contents}/`));
    expect(strays).toEqual([]);
  });

  it('leaves nothing behind when it cannot be read to its end', async () => {
    const { file } = await anExport();
    const store = await open();
    const { client, send } = await aCollection({ store });
    const before = [...store.keys('')];
    for (const length of [0, 5, 23, 30, file.length - 30, file.length - 1])
      await expect(client.importCollection([file.subarray(0, length)], { replace: true })).rejects.toThrow(
        UnreadableCollectionError,
      );
    const failure = new Error('the network is gone');
    const broken = async function* () {
      yield file.subarray(0, file.length - 30);
      throw failure;
    };
    await expect(client.importCollection(broken(), { replace: true })).rejects.toBe(failure);
    expect([...store.keys('')]).toEqual(before);
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toEqual([]);
  });
});

describe('an export', () => {
  it('is a file that streams write and read', async () => {
    const { client } = await anExport();
    const path = join(await aDirectory(), 'team.rekollect');
    await writeFile(path, client.exportCollection(CollectionId));
    const { client: other } = anEngine({ directory: await aDirectory() });
    onTestFinished(() => other.close());
    const imported = await other.importCollection(createReadStream(path), { collectionId: 'copy' });
    expect(imported).toEqual({ collectionId: 'copy', faceCount: 5, userCount: 3 });
    expect((await other.send(new ListCollectionsCommand({}))).CollectionIds).toEqual(['copy']);
  });

  it('says in its first line what it is', async () => {
    const { file } = await anExport();
    expect(file.toString('latin1').split('\n', 1)).toEqual(['rekollect collection 2']);
  });

  it.each(STORES)('of a store %s is of one moment, whatever happens meanwhile', async (_, open) => {
    const store = await open();
    const { client, send, index } = await aCollection({ store });
    await Promise.all([1, 2, 3].map((n) => index([{ person: `person ${n}` }])));
    const before = await buffer(client.exportCollection(CollectionId));
    const exporting = client.exportCollection(CollectionId);
    const first = await exporting.next();
    await index([{ person: 'late' }]);
    await send(new CreateUserCommand({ CollectionId, UserId: 'late' }));
    const rest = await buffer(exporting);
    expect(Buffer.concat([first.value as Uint8Array, rest])).toEqual(before);
  });

  it('is refused for a collection that does not exist', async () => {
    const { client } = anEngine();
    await expect(buffer(client.exportCollection(CollectionId))).rejects.toThrow(ResourceNotFoundException);
    await expect(buffer(client.exportCollection('no/id'))).rejects.toEqual(
      refusedWith('ValidationException'),
    );
  });

  it('ends with its engine', async () => {
    const { client } = await aCollection({ directory: await aDirectory() });
    const exporting = client.exportCollection(CollectionId);
    await exporting.next();
    await client.close();
    await expect(exporting.next()).rejects.toMatchObject({ code: expect.stringMatching(/CLOSED$/) });
    await expect(client.exportCollection(CollectionId).next()).rejects.toThrow(EngineClosedError);
  });

  it('may be given up', async () => {
    const directory = await aDirectory();
    const { client, send } = await aCollection({ directory });
    for await (const bytes of client.exportCollection(CollectionId)) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    await send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));
    await client.close();
    await expect(openDiskStore(directory).then((store) => store.close())).resolves.toBeUndefined();
  });
});

describe('an import', () => {
  const collection = { collectionId: 'team', createdAt: 1, tags: {}, faceCount: 1, userCount: 0 };
  const faceId = '00000000-0000-4000-8000-000000000001';
  const boundingBox = { left: 0, top: 0, width: 1, height: 1 };
  const face = { faceId, imageId: faceId, boundingBox, confidence: 99 };
  const head = {
    kind: 'collection',
    collection: {
      ...collection,
      spaces: { front: { version: 'declared-faces-1', length: 32, metric: 'cosine' } },
    },
  } as const;
  const numbers = new Float32Array(32).fill(Math.sqrt(1 / 32));
  const faces: Frame = { kind: 'faces', faces: [face], numbers };
  const profiles: Frame = {
    kind: 'faces',
    faces: [face],
    codes: new Int8Array(32).fill(127),
    scales: Float32Array.of(0.001),
  };
  const user = (userId: string, ...faceIds: string[]): Frame => ({
    kind: 'users',
    users: [{ userId, faceIds }],
  });
  const end = { kind: 'end' } as const;

  const importing = async (...frames: unknown[]) => {
    const store = new MemoryStore();
    const { client } = anEngine({ store });
    try {
      return await client.importCollection(aFile(...(frames as Frame[])));
    } finally {
      expect([...store.keys('importing'), ...store.keys('deleted')]).toEqual([]);
    }
  };

  it('takes what was made by hand, if it makes sense', async () => {
    await expect(importing(head, faces, end)).resolves.toMatchObject({ faceCount: 1 });
    const empty = { ...head, collection: { ...collection, spaces: {}, faceCount: 0 } };
    await expect(importing(empty, end)).resolves.toMatchObject({ faceCount: 0 });
  });

  it.each<[string, unknown[]]>([
    ['begins with something else', [faces, end]],
    ['begins twice', [head, head, faces, end]],
    ['ends twice', [head, faces, end, end]],
    ['has fewer faces than it says', [head, end]],
    ['has a face twice', [{ ...head, collection: { ...head.collection, faceCount: 2 } }, faces, faces, end]],
    [
      'has a face twice in one frame',
      [
        { ...head, collection: { ...head.collection, faceCount: 2 } },
        { kind: 'faces', faces: [face, face], numbers: new Float32Array(64) },
        end,
      ],
    ],
    ['has more users than it says', [head, faces, user('ada'), end]],
    ['has a user twice', [head, faces, user('ada'), user('ada'), end]],
    ['has a face of two users', [head, faces, user('ada', faceId), user('grace', faceId), end]],
    ['has a user of a missing face', [head, user('ada', faceId), faces, end]],
    ['has a user of a face twice', [head, faces, user('ada', faceId, faceId), end]],
    ['has a user of no valid name', [head, faces, user('a/b'), end]],
    ['has vectors of another length', [head, { ...faces, numbers: new Float32Array(31) }, end]],
    ['has vectors that no model made', [head, { ...faces, ...profiles }, end]],
    ['has vectors without a scale', [head, { ...profiles, scales: new Float32Array(0) }, end]],
    ['has vectors of numbers that are no bytes', [head, { ...profiles, codes: numbers }, end]],
    ['has vectors of no numbers', [head, { ...faces, numbers: numbers.map(() => Number.NaN) }, end]],
    ['has no vectors', [head, { kind: 'faces', faces: [face] }, end]],
    ['has a face of no id', [head, { ...faces, faces: [{ ...face, faceId: '../..' }] }, end]],
    ['has a face of no box', [head, { ...faces, faces: [{ ...face, boundingBox: undefined }] }, end]],
    ['has no list of faces', [head, { ...faces, faces: { length: 1 } }, end]],
    ['has an unknown frame', [head, faces, { kind: 'more' }, end]],
    [
      'has an id that is none',
      [{ ...head, collection: { ...head.collection, collectionId: 'a/b' } }, faces, end],
    ],
    ['counts in fractions', [{ ...head, collection: { ...head.collection, faceCount: 0.5 } }, faces, end]],
  ])('refuses a file that %s', async (_, frames) => {
    await expect(importing(...frames)).rejects.toThrow(UnreadableCollectionError);
  });

  it('refuses vectors of other models, and tells which', async () => {
    const front = { ...head.collection.spaces.front, version: 'other-models' };
    const other = { ...head, collection: { ...head.collection, spaces: { front } } };
    const error = await importing(other, faces, end).catch((e) => e);
    expect(error).toBeInstanceOf(OtherModelsError);
    expect(error).toMatchObject({
      code: 'OTHER_MODELS',
      found: 'other-models',
      expected: 'declared-faces-1',
    });
  });

  it('takes profiles by a model that this engine has none of', async () => {
    const store = new MemoryStore();
    const { file } = await anExport(store);
    const { profileSpace: _, ...vision } = declaredFaces();
    const other = new MemoryStore();
    await anEngine({ vision, store: other }).client.importCollection([file]);
    expect(contentsOf(other)).toEqual(contentsOf(store));
  });

  it('refuses profiles of another model', async () => {
    const { file } = await anExport();
    const vision = declaredFaces();
    const profileSpace = { ...vision.profileSpace!, version: 'other-profiles' };
    const { client } = anEngine({ vision: { ...vision, profileSpace } });
    const error = await client.importCollection([file]).catch((e) => e);
    expect(error).toBeInstanceOf(OtherModelsError);
    expect(error).toMatchObject({ found: 'declared-profiles-1', expected: 'other-profiles' });
  });

  it.each<[string, number, Uint8Array, string]>([
    ['a later', 3, Buffer.from('rekollect collection 3\n'), 'Update Rekollect'],
    ['an earlier', 1, OLD_EXPORT, 'index the photos again, into a new collection'],
  ])('refuses the format of %s version, and tells what to do', async (_, found, file, advice) => {
    const error = await anEngine()
      .client.importCollection([file])
      .catch((e) => e);
    expect(error).toBeInstanceOf(UnknownFormatError);
    expect(error).toMatchObject({ file: undefined, found, supported: 2 });
    expect(error.message).toContain(advice);
  });

  it('refuses what is no bytes, and ids that are none', async () => {
    const { client } = anEngine();
    const text = ['rekollect collection 2\n'] as unknown as Uint8Array[];
    await expect(client.importCollection(text)).rejects.toThrow(InvalidArgumentError);
    const misspelt = { colectionId: 'team' } as object;
    await expect(client.importCollection(text, misspelt)).rejects.toMatchObject({
      argument: 'options.colectionId',
    });
    await expect(client.importCollection([], { collectionId: 'a/b' })).rejects.toEqual(
      refusedWith('ValidationException'),
    );
  });

  it('refuses what is more than fits', async () => {
    const { file } = await anExport();
    for (const limits of [
      { facesPerCollection: 4 },
      { usersPerCollection: 2 },
      { facesPerUser: 1 },
      { collections: 0 },
    ])
      await expect(anEngine({ limits }).client.importCollection([file])).rejects.toEqual(
        refusedWith('ServiceQuotaExceededException'),
      );
  });

  it('refuses a frame that would burst the memory, at its first bytes', async () => {
    const { client } = anEngine();
    const bomb = [encodeTitle(), Buffer.from([0xff, 0xff, 0xff, 0xff])];
    await expect(client.importCollection(bomb)).rejects.toThrow('frame of 4294967295 bytes');
  });

  it('counts what is in a frame before it reads it, whatever its checksum says', async () => {
    const { client } = anEngine();
    const nothings = { kind: 'users', users: new Array(1_000_000).fill({}) } as unknown as Frame;
    const error = await client.importCollection(aFile(head, nothings)).catch((e) => e);
    expect(error).toBeInstanceOf(UnreadableCollectionError);
    expect(error.cause.message).toContain('more than 32768 values');
    const long = { ...faces, numbers: new Float32Array(2_500_000) };
    await expect(client.importCollection(aFile(head, long))).rejects.toThrow('frame of 10000');
  });

  it('is refused as soon as more comes than was said', async () => {
    const endless = async function* () {
      yield encodeTitle();
      yield encodeFrame(0, head);
      for (let number = 1; ; number++) {
        const faceId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
        yield encodeFrame(number, { ...faces, faces: [{ ...face, faceId }] });
      }
    };
    const { client } = anEngine();
    await expect(client.importCollection(endless())).rejects.toThrow('not as many faces');
  });

  it('refuses vectors that these models cannot have made, though they name them', async () => {
    const front = { ...head.collection.spaces.front, length: 1 };
    const other = { ...head, collection: { ...head.collection, spaces: { front } } };
    await expect(importing(other, { ...faces, numbers: numbers.subarray(0, 1) }, end)).rejects.toThrow(
      UnreadableCollectionError,
    );
  });

  it('lets others have their turn, though source and store never wait for anything', async () => {
    const count = 2000;
    const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    const many = {
      kind: 'faces',
      faces: Array.from({ length: count }, (_, n) => ({ ...face, faceId: idOf(n) })),
      numbers: new Float32Array(32 * count).fill(Math.sqrt(1 / 32)),
    } as const;
    const ofMany = { ...head, collection: { ...head.collection, faceCount: count } };
    const store = new MemoryStore();
    let turns = 0;
    let isOver = false;
    const takeTurns = () => {
      turns++;
      if (!isOver) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    await anEngine({ store }).client.importCollection(aFile(ofMany, many, end));
    isOver = true;
    expect(turns).toBeGreaterThan(count / 100);
    expectSound(store, CollectionId);
  });

  it('reads a long frame that comes byte by byte in the time of its bytes', async () => {
    const note = 'x'.repeat(500_000);
    const [title, first, ...rest] = aFile(head, { ...faces, note } as Frame, end);
    const bytes = Buffer.concat([first!, ...rest]);
    const source = (function* () {
      yield title!;
      for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
    })();
    // Joined again and again, these would be 128 GB.
    await expect(anEngine().client.importCollection(source)).resolves.toMatchObject({ faceCount: 1 });
  }, 15_000);

  it('of one id at a time goes on; a second one is told so', async () => {
    const { file } = await anExport();
    const { client } = anEngine();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = async function* () {
      yield file.subarray(0, file.length - 30);
      await released;
      yield file.subarray(file.length - 30);
    };
    const first = client.importCollection(slow());
    await expect(client.importCollection([file], { collectionId: 'copy' })).resolves.toBeDefined();
    await expect(client.importCollection([file])).rejects.toEqual(refusedWith('ConflictException'));
    release();
    await expect(first).resolves.toMatchObject({ collectionId: CollectionId });
  });

  it('is not held up by one that was broken off and could not be cleared away', async () => {
    const { file } = await anExport();
    const store = new MemoryStore();
    const { client } = anEngine({ store });
    await client.open();
    await store.write((transaction) => {
      transaction.put(`importing/${CollectionId}`, { collectionId: CollectionId, contents: 'half' });
      transaction.put('face/half/a', { faceId: 'a' });
    });
    await expect(client.importCollection([file])).resolves.toMatchObject({ collectionId: CollectionId });
    expectSound(store, CollectionId);
    expect([...store.keys('')].filter((key) => /importing|deleted|half/.test(key))).toEqual([]);
  });

  it('is given up with the signal’s reason, and closes its source', async () => {
    const { file } = await anExport();
    const store = new MemoryStore();
    const { client } = anEngine({ store });
    const controller = new AbortController();
    const reason = new Error('gave up');
    let isClosed = false;
    const source = async function* () {
      try {
        yield file.subarray(0, file.length - 30);
        controller.abort(reason);
        yield file.subarray(file.length - 30);
      } finally {
        isClosed = true;
      }
    };
    await expect(client.importCollection(source(), { signal: controller.signal })).rejects.toBe(reason);
    expect(isClosed).toBe(true);
    expect([...store.keys('')]).toEqual([]);
    const aborted = AbortSignal.abort(reason);
    await expect(client.importCollection([file], { signal: aborted })).rejects.toBe(reason);
  });

  it('is given up with the signal’s reason while its source is silent', async () => {
    const { file } = await anExport();
    const store = new MemoryStore();
    const { client } = anEngine({ store });
    const controller = new AbortController();
    const source = async function* () {
      yield file.subarray(0, file.length - 30);
      setImmediate(() => controller.abort('enough'));
      await new Promise(() => {});
    };
    await expect(client.importCollection(source(), { signal: controller.signal })).rejects.toBe('enough');
    expect([...store.keys('')]).toEqual([]);
  });

  it('never takes a file with a changed byte', async () => {
    const { file } = await anExport();
    const store = new MemoryStore();
    const { client } = anEngine({ store });
    const position = fc.nat({ max: file.length - 1 });
    const changes = fc.array(fc.tuple(position, fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const damaged = Buffer.from(file);
        for (const [at, by] of changed) damaged[at]! ^= by;
        fc.pre(!damaged.equals(file));
        const error = await client.importCollection([damaged]).catch((e) => e);
        expect(error.code).toMatch(/^(UNREADABLE_COLLECTION|UNKNOWN_FORMAT)$/);
        expect([...store.keys('')]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('never takes garbage', async () => {
    const { client } = anEngine();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (garbage, titled) => {
        const source = titled ? [encodeTitle(), garbage] : [garbage];
        await expect(client.importCollection(source)).rejects.toThrow(UnreadableCollectionError);
      }),
    );
  });

  it('survives a restart only as a whole', async () => {
    const { file } = await anExport();
    const directory = await aDirectory();
    const path = join(await aDirectory(), 'copy.mdb');
    const { client } = anEngine({ directory });
    const source = async function* () {
      yield file.subarray(0, file.length - 30);
      // What a process that is killed here leaves on disk.
      await writeFile(path, await readFile(join(directory, 'collections.mdb')));
      yield file.subarray(file.length - 30);
    };
    await client.importCollection(source());
    await client.close();
    await writeFile(join(directory, 'collections.mdb'), await readFile(path));
    const next = anEngine({ directory });
    expect((await next.send(new ListCollectionsCommand({}))).CollectionIds).toEqual([]);
    await next.client.importCollection([file]);
    await next.client.close();
    const whole = await openDiskStore(directory);
    expectSound(whole, CollectionId);
    await whole.close();
  });
});
