import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CollectionMove,
  FaceCollection,
  type FaceCollectionOptions,
  fromBucket,
  fromBuffer,
  fromFile,
  fromFolder,
  fromS3,
  type ImageSource,
  type Person,
} from 'rekollect';
import { LocalRekognition, type Vision } from 'rekollect/local';
import {
  type DeclaredFaces,
  declaredFaces,
  type Fault,
  fail,
  listLate,
  loseAnswer,
  rejectFaces,
  ScriptedClient,
} from 'rekollect/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aFolder, type FileContent, photoOf } from '../support/people-folder.js';
import { startS3 } from '../support/s3-server.js';
import { sample } from '../support/sample-photos.js';
import { aServer } from '../support/served.js';

const left = (person: string) => ({ person, box: { left: 0.1, top: 0.2, width: 0.3, height: 0.5 } });
const right = (person: string) => ({ person, box: { left: 0.6, top: 0.2, width: 0.3, height: 0.5 } });
const small = (person: string) => ({ person, box: { left: 0.45, top: 0.1, width: 0.06, height: 0.08 } });

const PEOPLE: Readonly<Record<string, FileContent>> = {
  'ada/1.png': ['ada'],
  'ada/2.png': ['ada'],
  'ada/party.png': [left('ada'), small('mallory')],
  'bob/1.png': ['bob'],
  'bob/2.png': ['bob'],
};

/** Fewer, for what is done again and again. */
const FEW = { 'ada/1.png': ['ada'], 'ada/party.png': [left('ada'), small('mallory')], 'bob/1.png': ['bob'] };

/** Another model: it draws its boxes a little larger, and aside. */
function otherModel(vision: DeclaredFaces): Vision {
  return {
    ...vision,
    space: { ...vision.space, version: 'other-model-1' },
    analyze: async (image, request) =>
      (await vision.analyze(image, request)).map(({ detail, ...face }) => {
        const { left, top, width, height } = detail.boundingBox;
        const boundingBox = {
          left: left + 0.1 * width,
          top: top - 0.1 * height,
          width: 1.2 * width,
          height: 1.2 * height,
        };
        return { ...face, detail: { ...detail, boundingBox } };
      }),
  };
}

/** A collection of people enrolled from a folder, and an empty one of another model whose calls go as scripted. */
async function twoCollections(
  files: Readonly<Record<string, FileContent>> = PEOPLE,
  { script = [], to }: { script?: readonly Fault[]; to?: FaceCollectionOptions['client'] } = {},
) {
  const vision = declaredFaces();
  const people = await aFolder(vision, files);
  const engine = new LocalRekognition({ vision });
  const from = new FaceCollection('old', { client: engine });
  await from.create();
  await from.enrollMany(fromFolder(people.folder), { severalFaces: 'largest' });
  const other = new LocalRekognition({ vision: otherModel(vision) });
  const client = new ScriptedClient(to ?? other, script);
  const into = new FaceCollection('new', { client });
  await into.create();
  client.clearCalls();
  return {
    vision,
    ...people,
    photos: () => fromFolder(people.folder),
    from,
    to: into,
    client,
    other,
    engine,
  };
}

/** Who has which photos, and how often: `ada: 1.png`. */
async function heldBy(collection: FaceCollection): Promise<string[]> {
  const faces = await collection.listFaces().all();
  return faces.map(({ userId = 'nobody', photoName }) => `${userId}: ${photoName}`).sort();
}

/** The report's map is of all faces, and leads from each to the one of the same user and photo. */
async function expectWholeMap(report: CollectionMove, from: FaceCollection, to: FaceCollection) {
  const olds = await from.listFaces().all();
  const news = new Map((await to.listFaces().all()).map((face) => [face.faceId, face]));
  expect(new Set(report.faceIds.values()).size).toBe(report.faceIds.size);
  for (const { faceId, userId, externalImageId } of olds)
    expect(news.get(report.faceIds.get(faceId)!)).toMatchObject({
      externalImageId,
      ...(userId && { userId }),
    });
}

const reasonsOf = ({ unmoved }: CollectionMove) =>
  unmoved.map(({ userId = 'nobody', photoName, reason }) => `${userId}: ${photoName}: ${reason}`).sort();

describe('moveCollection', () => {
  it('moves users and faces to another model, with the new ids by the old ones', async () => {
    const { from, to, photos, client } = await twoCollections();
    const progress: string[] = [];
    const report = await from.moveCollection(to, photos(), {
      onProgress: ({ done, total, latest }) => progress.push(`${done}/${total} ${latest.faceIds.size}`),
    });
    expect(report).toMatchObject({
      users: 2,
      faces: 5,
      moved: 5,
      known: 0,
      photos: 5,
      otherPhotos: 0,
      unmoved: [],
      unmovedUsers: [],
      comparison: { from: { users: 2, faces: 5 }, to: { users: 2, faces: 5 }, unconfirmed: [] },
      calls: { IndexFaces: { calls: 5, billed: 5 }, CreateUser: { calls: 2 }, AssociateFaces: { calls: 2 } },
    });
    expect(report).not.toHaveProperty('stopped');
    expect(progress.map((line) => line.split(' ')[0])).toEqual(['1/2', '2/2']);
    expect(await heldBy(to)).toEqual(await heldBy(from));
    await expectWholeMap(report, from, to);
    client.assertCalled('SearchFaces', { times: 0 });
    const [face] = await to.listFaces().all();
    expect(await to.searchUsers({ faceId: face!.faceId })).toMatchObject({ status: 'matched' });
  });

  it('leaves out whom the collection does not have of a photo, and moves whom it has, whosever they are', async () => {
    const { vision, from, to } = await twoCollections({});
    const image = fromBuffer(await photoOf(vision, [left('ada'), right('bob'), small('mallory')]), {
      photoName: 'party',
    });
    await from.enrollUser('band', [image], { severalFaces: 'all' });
    const [ada, bob, mallory] = (await from.listFaces().all())
      .sort((a, b) => a.boundingBox!.left - b.boundingBox!.left)
      .map(({ faceId }) => faceId);
    const middle = (await from.listFaces().all()).find(({ boundingBox }) => boundingBox!.width < 0.1)!.faceId;
    const others = [ada!, bob!, mallory!].filter((faceId) => faceId !== middle);
    await from.deleteFaces([middle], { evenIfAssociated: true });
    await from.moveFaces([others[0]!], 'ada');
    await from.disassociate('band', [others[1]!]);

    const report = await from.moveCollection(to, [image]);
    expect(report).toMatchObject({ faces: 2, moved: 2, unmoved: [], calls: { IndexFaces: { calls: 1 } } });
    expect(await heldBy(to)).toEqual(['ada: party', 'nobody: party']);
    await expectWholeMap(report, from, to);
    const news = await to.listFaces().all();
    const newAda = news.find(({ userId }) => userId === 'ada')!;
    expect(newAda.boundingBox!.left).toBeLessThan(0.3);
    // A user without faces needs no photo.
    expect((await to.listUsers().all()).map(({ userId }) => userId).sort()).toEqual(['ada', 'band']);
  });

  it('does nothing twice, and answers the whole map again, without the photos too', async () => {
    const { from, to, photos, client } = await twoCollections();
    const first = await from.moveCollection(to, photos());
    client.clearCalls();
    const again = await from.moveCollection(to, []);
    expect(again).toMatchObject({ moved: 0, known: 5, unmoved: [], faceIds: first.faceIds });
    expect(new Set(client.operations)).toEqual(new Set(['ListUsers', 'ListFaces']));
  });

  it('says of each face that cannot be moved why, and moves the others', async () => {
    const { vision, from, to, photos, write, remove } = await twoCollections({
      ...PEOPLE,
      'eve/1.png': ['eve'],
    });
    await from.enrollUser('ada', [fromBuffer(await photoOf(vision, ['ada']))]);
    const { faces } = await from.indexFaces(fromBuffer(await photoOf(vision, ['joe'])), {
      externalImageId: 'joe',
    });
    await from.createUser('joe');
    await from.associate('joe', [faces[0]!.faceId]);
    await write('ada/2.png', ['eve']);
    await remove('bob/2.png');
    await remove('eve');
    await write('bob/notes.txt', 'x');
    await write('eve/3.png', 'no image');

    const report = await from.moveCollection(to, photos());
    expect(reasonsOf(report)).toEqual([
      'ada: 2.png: PHOTO_CHANGED',
      'ada: undefined: PHOTO_MISSING',
      'bob: 2.png: PHOTO_MISSING',
      'eve: 1.png: PHOTO_MISSING',
      'joe: undefined: UNKNOWN_PHOTO',
    ]);
    expect(report.unmovedUsers.map(({ userId, reason }) => `${userId}: ${reason}`).sort()).toEqual([
      'eve: NO_FACE_MOVED',
      'joe: NO_FACE_MOVED',
    ]);
    expect(report.unmoved.find(({ photoName }) => photoName === '2.png')!.message).toMatch(
      /^(ada|bob): 2\.png: its photo .+\.$/,
    );
    expect(report).toMatchObject({
      photos: 5,
      otherPhotos: 2,
      leftOut: [{ reason: 'NO_IMAGE_NAME' }],
      moved: 3,
    });
    expect(report.faceIds.size + report.unmoved.length).toBe(report.faces);
    expect(await heldBy(to)).toEqual(['ada: 1.png', 'ada: party.png', 'bob: 1.png']);
    expect((await to.listUsers().all()).map(({ userId }) => userId).sort()).toEqual(['ada', 'bob']);
  });

  it('never takes a photo that was exchanged after it was looked through', async () => {
    const { vision, from, to } = await twoCollections();
    const bytes = [await photoOf(vision, ['ada']), await photoOf(vision, ['mallory'])];
    const image: ImageSource = { name: 'x', photoName: 'x', read: async () => bytes[0]! };
    await from.enrollUser('eve', [image]);
    const exchanged = { ...image, read: async () => bytes.shift()! };
    const report = await from.moveCollection(to, [exchanged]);
    expect(reasonsOf(report)).toContain('eve: x: PHOTO_CHANGED');
    expect(await heldBy(to)).toEqual([]);
  });

  it('knows photos by their content, whatever they are called and whoever’s folder they lie in', async () => {
    const { from, to, folder } = await twoCollections();
    const images = ['ada/1.png', 'ada/2.png', 'ada/party.png', 'bob/1.png', 'bob/2.png'].map((path, n) =>
      fromFile(join(folder, path), { photoName: `renamed ${n}` }),
    );
    const people: (Person | ImageSource)[] = [{ userId: 'somebody', images: images.slice(1) }, images[0]!];
    const report = await from.moveCollection(to, people);
    expect(report).toMatchObject({ moved: 5, unmoved: [] });
    expect(await heldBy(to)).toEqual(await heldBy(from));
  });

  it('tells what the other model does not see, or finds too poor or unlike, and leaves none of it there', async () => {
    const files = {
      'ada/1.png': ['ada'],
      'ada/2.png': ['ada'],
      'bob/1.png': [{ person: 'bob', sharpness: 3 }],
    };
    const { vision, from, to, photos } = await twoCollections(files, {
      script: [rejectFaces('AssociateFaces', 'LOW_MATCH_CONFIDENCE', { faces: 1 })],
    });
    await from.enrollMany(photos(), { qualityFilter: 'NONE' });
    const strict = await from.moveCollection(to, photos(), { qualityFilter: 'AUTO', threshold: 75 });
    expect(strict.unmoved.map(({ userId, reason }) => `${userId} ${reason}`).sort()).toEqual([
      'ada LOW_MATCH_CONFIDENCE',
      'bob LOW_SHARPNESS',
    ]);
    expect(strict.unmovedUsers).toMatchObject([{ userId: 'bob', reason: 'NO_FACE_MOVED' }]);
    expect(await to.listFaces().all()).toMatchObject([{ userId: 'ada' }]);

    const blind: Vision = { ...vision, analyze: async () => [] };
    const other = new FaceCollection('new', { client: new LocalRekognition({ vision: blind }) });
    await other.create();
    const unseen = await from.moveCollection(other, photos());
    expect(unseen.unmoved.map(({ reason }) => reason)).toEqual(['NO_FACE', 'NO_FACE', 'NO_FACE']);
    expect(await other.listUsers().all()).toEqual([]);
  });

  it('keeps what the other collection has, and gives no face of another user away', async () => {
    const { from, to, photos, folder } = await twoCollections();
    await to.enrollUser('eve', [fromFile(join(folder, 'ada/1.png'), { photoName: '1.png' })]);
    const report = await from.moveCollection(to, photos());
    expect(reasonsOf(report)).toEqual(['ada: 1.png: ASSOCIATED_TO_A_DIFFERENT_USER']);
    expect(await heldBy(to)).toEqual([
      'ada: 2.png',
      'ada: party.png',
      'bob: 1.png',
      'bob: 2.png',
      'eve: 1.png',
    ]);
    expect(report.comparison).toMatchObject({ from: { users: 2 }, to: { users: 3, faces: 5 } });
  });

  it('does not bring back whom the collection has erased since, and leaves alone who was moved', async () => {
    const { from, to, photos } = await twoCollections();
    await from.eraseUser('bob');
    await from.moveCollection(to, photos());
    expect(await heldBy(to)).toEqual(['ada: 1.png', 'ada: 2.png', 'ada: party.png']);
    await from.eraseUser('ada');
    await from.moveCollection(to, photos());
    expect(await heldBy(to)).toHaveLength(3);
  });

  it('refuses what is no collection, no photos or no option before anything is sent', async () => {
    const { from, to, client } = await twoCollections();
    await expect(from.moveCollection(from, [])).rejects.toMatchObject({ argument: 'to' });
    await expect(from.moveCollection({} as FaceCollection, [])).rejects.toMatchObject({ argument: 'to' });
    await expect(from.moveCollection(to, 'people' as never)).rejects.toMatchObject({ argument: 'photos' });
    await expect(from.moveCollection(to, [], { threshold: 0.5 })).rejects.toMatchObject({
      argument: 'options.threshold',
    });
    await expect(from.planMove(to, [], { prune: true } as never)).rejects.toMatchObject({
      argument: 'options.prune',
    });
    expect(client.calls).toEqual([]);
    await expect(from.moveCollection(to, ['photo.jpg' as never])).rejects.toMatchObject({
      argument: 'photos',
    });
    const missing = new FaceCollection('nowhere', { client });
    await expect(from.moveCollection(missing, [])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a move that is interrupted', () => {
  it('tells the truth and completes when it is called again, whichever call fails', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const whole = await twoCollections(FEW);
    await whole.from.moveCollection(whole.to, whole.photos());
    const count = whole.client.calls.length;
    expect(count).toBeGreaterThan(10);
    const faults = (call: number): Fault[] => [
      // As good as a process that is killed: nothing can be cleared away.
      fail('any', { call, times: Number.POSITIVE_INFINITY }),
      loseAnswer('any', { call, times: 1 }),
      fail('any', { call, error: 'AccessDeniedException' }),
    ];
    for (let call = 2; call < count; call++) {
      for (const fault of faults(call)) {
        const to = new FaceCollection(`new-${call}`, { client: new ScriptedClient(whole.other, [fault]) });
        const sound = new FaceCollection(`new-${call}`, { client: whole.other });
        await sound.delete();
        await sound.create();
        const report = await whole.from
          .moveCollection(to, whole.photos(), { concurrency: 2 })
          .catch((e: Error) => e);
        if (!(report instanceof Error)) {
          expect(report.faceIds.size + report.unmoved.length).toBe(report.faces);
          const held = new Map((await sound.listFaces().all()).map(({ faceId, userId }) => [faceId, userId]));
          for (const faceId of report.faceIds.values()) expect(held.get(faceId)).toBeDefined();
        }
        const again = await whole.from.moveCollection(sound, whole.photos());
        expect(again.unmoved, `call ${call}`).toEqual([]);
        expect(await heldBy(sound), `call ${call}`).toEqual(await heldBy(whole.from));
        await expectWholeMap(again, whole.from, sound);
      }
    }
    vi.restoreAllMocks();
  });

  it('answers what was reached when it is given up at any call, and completes it later', async () => {
    const { from, photos, other } = await twoCollections(FEW);
    for (let call = 1; call < 14; call++) {
      const stop = new AbortController();
      let calls = 0;
      const client = {
        send: async (command: never, options: never) => {
          if (++calls === call) stop.abort('enough');
          return other.send(command, options);
        },
      } as unknown as FaceCollectionOptions['client'];
      const to = new FaceCollection(`at-${call}`, { client });
      const sound = new FaceCollection(`at-${call}`, { client: other });
      await sound.create();
      const report = await from.moveCollection(to, photos(), { signal: stop.signal });
      if (calls >= call) expect(report.stopped).toBe('enough');
      // Nobody is left there who was not meant: the stranger at the party.
      const left = await sound.listFaces().all();
      expect(left.filter(({ boundingBox }) => boundingBox!.width < 0.1)).toEqual([]);
      const again = await from.moveCollection(sound, photos());
      expect(await heldBy(sound)).toEqual(await heldBy(from));
      await expectWholeMap(again, from, sound);
    }
  });

  it('ends at once while the photos are still being listed', async () => {
    const { from, to } = await twoCollections();
    const stop = new AbortController();
    async function* photos(): AsyncGenerator<ImageSource> {
      stop.abort('enough');
      yield await new Promise<never>(() => {});
    }
    const report = await from.moveCollection(to, photos(), { signal: stop.signal });
    expect(report).toMatchObject({ stopped: 'enough', users: 2, faces: 5, moved: 0 });
    const plan = from.planMove(to, [], { signal: AbortSignal.abort('enough') });
    await expect(plan).rejects.toBe('enough');
  });

  it('deletes the strangers of a photo that a killed process left, and moves what is missing', async () => {
    const { from, to, photos, other, folder } = await twoCollections();
    const [party] = (await from.listFaces().all()).filter(({ photoName }) => photoName === 'party.png');
    // It was killed when the photo was indexed.
    await to.indexFaces(fromFile(join(folder, 'ada/party.png')), {
      externalImageId: party!.externalImageId,
      qualityFilter: 'NONE',
    });
    expect(await heldBy(to)).toEqual(['nobody: party.png', 'nobody: party.png']);
    const report = await from.moveCollection(to, photos());
    expect(report.calls.IndexFaces).toMatchObject({ calls: 4 });
    expect(await heldBy(new FaceCollection('new', { client: other }))).toEqual(await heldBy(from));
  });

  it('spoils no other user when one fails, and ends when all would fail', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const times = Number.POSITIVE_INFINITY;
    const { from, to, photos } = await twoCollections(PEOPLE, {
      script: [fail('CreateUser', { where: ({ UserId }) => UserId === 'ada', times })],
    });
    const report = await from.moveCollection(to, photos());
    vi.restoreAllMocks();
    expect(report.unmovedUsers).toMatchObject([
      { userId: 'ada', reason: 'FAILED', error: expect.any(Error) },
    ]);
    expect(report.unmoved.map(({ userId, reason }) => `${userId} ${reason}`)).toEqual(
      Array(3).fill('ada FAILED'),
    );
    expect(report.faceIds.size).toBe(2);

    const denied = new ScriptedClient({ send: () => ({}) }, [
      fail('any', { times, error: 'AccessDeniedException' }),
    ]);
    const nowhere = new FaceCollection('new', { client: denied });
    await expect(from.moveCollection(nowhere, photos())).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('says which faces the listing does not show yet', async () => {
    const { from, to, photos } = await twoCollections(PEOPLE, { script: [listLate({ times: 9 })] });
    const report = await from.moveCollection(to, photos());
    expect(report.faceIds.size).toBe(5);
    expect(report.comparison!.unconfirmed).toHaveLength(5);
  });
});

describe('moveCollection with real models', () => {
  it('takes one of several people in a photo, and nobody else', async () => {
    const engines = [new LocalRekognition({ workers: 1 }), new LocalRekognition({ workers: 1 })];
    const [from, to] = engines.map((client) => new FaceCollection('team', { client }));
    await from!.create();
    await to!.create();
    await from!.enrollUser('wilma', [sample(1)], { severalFaces: 'largest' });
    const report = await from!.moveCollection(to!, [sample(3), sample(1)]);
    expect(report).toMatchObject({ moved: 1, otherPhotos: 1, unmoved: [], comparison: { to: { faces: 1 } } });
    const [before] = await from!.listFaces().all();
    const [now] = await to!.listFaces().all();
    expect(now).toMatchObject({ userId: 'wilma', boundingBox: before!.boundingBox });
    for (const engine of engines) await engine.close();
  });
});

describe('moveCollection from and to services', () => {
  it('moves to a server and back, by the real SDK', async () => {
    const { vision, sdk, local } = await aServer();
    const { folder } = await aFolder(vision, PEOPLE);
    const home = new FaceCollection('home', { client: new LocalRekognition({ vision }) });
    await home.create();
    await home.enrollMany(fromFolder(folder), { severalFaces: 'largest' });
    const away = new FaceCollection('away', { client: sdk() });
    await away.create();
    const there = await home.moveCollection(away, fromFolder(folder));
    expect(there).toMatchObject({ moved: 5, unmoved: [], comparison: { unconfirmed: [] } });

    const back = new FaceCollection('back', { client: new LocalRekognition({ vision }) });
    await back.create();
    expect(await away.moveCollection(back, fromFolder(folder))).toMatchObject({ moved: 5, unmoved: [] });
    expect(await heldBy(back)).toEqual(await heldBy(home));
    await local.close();
  });

  it('knows photos that were enrolled from a folder in a bucket, and those of a bucket in a folder', async () => {
    const server = await startS3();
    onTestFinished(() => server.stop());
    const vision = declaredFaces();
    const { folder } = await aFolder(vision, PEOPLE);
    for (const path of Object.keys(PEOPLE))
      await server.put(`staff/${path}`, await readFile(join(folder, path)));
    const client = new LocalRekognition({ vision, s3: server.s3 });
    const read = vi.spyOn(server.s3, 'send');
    const bucket = () => fromBucket({ bucket: 'people', prefix: 'staff', client: server.s3 });
    const collection = async (name: string) => {
      const made = new FaceCollection(name, { client });
      await made.create();
      return made;
    };
    const ofFolder = await collection('of-folder');
    await ofFolder.enrollMany(fromFolder(folder), { severalFaces: 'largest' });
    const ofBucket = await collection('of-bucket');
    await ofBucket.enrollMany(bucket(), { severalFaces: 'largest' });

    expect(await ofFolder.moveCollection(await collection('a'), bucket())).toMatchObject({
      moved: 5,
      unmoved: [],
    });
    expect(await ofBucket.moveCollection(await collection('b'), fromFolder(folder))).toMatchObject({
      moved: 5,
      unmoved: [],
    });
    // Where the ETag tells enough nothing is downloaded to know it.
    read.mockClear();
    const plan = await ofBucket.planMove(await collection('c'), bucket());
    expect(plan).toMatchObject({ movable: 5 });
    expect(read).toHaveBeenCalledTimes(1);

    // What is known by its place alone, and had several contents, is not taken for either.
    const byPlace = await collection('by-place');
    const object = fromS3({ bucket: 'people', key: 'staff/ada/1.png' }, { client: server.s3 });
    await byPlace.enrollUser('ada', [object]);
    expect(await byPlace.planMove(ofBucket, [object])).toMatchObject({ movable: 1 });
    await server.put('staff/ada/1.png', await photoOf(vision, ['ada']));
    await byPlace.enrollUser('ada-2', [object]);
    const { unmoved } = await byPlace.planMove(ofBucket, [object]);
    expect(unmoved.map(({ reason }) => reason)).toEqual(['PHOTO_CHANGED', 'PHOTO_CHANGED']);
  });
});

describe('planMove', () => {
  it('says what a move takes, what cannot be moved, and changes nothing', async () => {
    const { from, to, photos, client, remove } = await twoCollections();
    await remove('bob/2.png');
    const plan = await from.planMove(to, photos(), {
      pricePerCall: 0.001,
      pricePerVector: 0.00001,
      pace: { IndexFaces: 2 },
    });
    expect(plan).toMatchObject({
      users: 2,
      faces: 5,
      movable: 4,
      known: 0,
      photos: 4,
      vectors: 6,
      unmoved: [{ photoName: '2.png', reason: 'PHOTO_MISSING' }],
      calls: { IndexFaces: 4, CreateUser: 2, AssociateFaces: 2, ListFaces: 2, ListUsers: 2 },
      billedCalls: 6,
      seconds: 2,
    });
    expect(plan.price).toBeCloseTo(0.006);
    expect(plan.pricePerMonth).toBeCloseTo(0.00006);
    expect(new Set(client.operations)).toEqual(new Set(['ListUsers', 'ListFaces']));

    client.clearCalls();
    await from.moveCollection(to, photos());
    const made = Object.fromEntries(
      Object.keys(plan.calls).map((name) => [name, client.callsOf(name as never).length]),
    );
    expect(made).toEqual(plan.calls);
    expect(await from.planMove(to, photos())).toMatchObject({ movable: 0, known: 4, billedCalls: 0 });
  });
});
