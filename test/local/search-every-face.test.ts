import { FaceCollection, fromBuffer, type SearchPhotoOptions } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { type DeclaredFace, declaredFaces } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';

/** One collection with ada and bob, by a client that searches in one pass and by one that cannot. */
async function twoWays() {
  const vision = declaredFaces();
  const client = new LocalRekognition({ vision });
  const asked: string[] = [];
  const send: LocalRekognition['send'] = (command, options) => {
    asked.push(command.constructor.name);
    return client.send(command, options);
  };
  const onePass = new FaceCollection('team', { client });
  const byCrops = new FaceCollection('team', { client: { send } });
  await onePass.create();
  const photoOf = async (...faces: DeclaredFace[]) => fromBuffer(await vision.photo(faces));
  for (const person of ['ada', 'bob']) await onePass.enrollUser(person, [await photoOf({ person })]);
  return { vision, client, onePass, byCrops, photoOf, asked };
}

const size = { top: 0.2, height: 0.3 };
const FACES: DeclaredFace[] = [
  { person: 'ada', box: { left: 0.05, width: 0.22, ...size } },
  { person: 'eve', box: { left: 0.4, width: 0.2, ...size } },
  { person: 'bob', box: { left: 0.7, width: 0.21, ...size }, brightness: 3 },
];

/** Where each face is, and what came of it, without digits that differ between a photo and a crop of it. */
function inShort({ faces }: Awaited<ReturnType<FaceCollection['searchPhoto']>>) {
  const short = faces.map((search) => {
    const who = search.status === 'matched' ? search.matches[0] : undefined;
    const named = who && 'faceId' in who ? who.faceId : who?.userId;
    const reason = search.status === 'unmatched' ? search.reason : undefined;
    return [search.face.boundingBox.left.toFixed(2), search.status, named, reason].join(' ');
  });
  return short.sort();
}

describe('a photo that is searched in one pass', () => {
  it.each<[string, SearchPhotoOptions]>([
    ['users', {}],
    ['faces', { by: 'faces' }],
    ['users, poor faces aside', { qualityFilter: 'AUTO' }],
    ['faces, poor faces aside', { by: 'faces', qualityFilter: 'AUTO' }],
    ['one person once', { uniqueUsers: true, threshold: 10 }],
    ['a threshold that nobody passes', { threshold: 100 }],
  ])('is answered as by crops: %s', async (_, options) => {
    const { onePass, byCrops, photoOf } = await twoWays();
    const photo = await photoOf(...FACES);
    const answered = inShort(await onePass.searchPhoto(photo, options));
    expect(answered).toHaveLength(3);
    expect(answered).toEqual(inShort(await byCrops.searchPhoto(photo, options)));
  });

  it('is looked at once, however many faces it has', async () => {
    const vision = declaredFaces();
    let analyses = 0;
    const analyze: typeof vision.analyze = (image, request) => {
      analyses += 1;
      return vision.analyze(image, request);
    };
    const team = new FaceCollection('team', {
      client: new LocalRekognition({ vision: { ...vision, analyze } }),
    });
    await team.create();
    const photo = await vision.photo(
      Array.from({ length: 20 }, () => ({})),
      { width: 2000 },
    );
    expect((await team.searchPhoto(fromBuffer(photo))).faces).toHaveLength(20);
    expect(analyses).toBe(1);
  });

  it('tells why a face is too poor, which a search of faces by crops cannot', async () => {
    const { onePass, photoOf } = await twoWays();
    const photo = await photoOf(...FACES);
    const { faces } = await onePass.searchPhoto(photo, { by: 'faces', qualityFilter: 'AUTO' });
    expect(faces.filter(({ status }) => status === 'unsearchable')).toMatchObject([
      { reason: 'LOW_BRIGHTNESS' },
    ]);
  });

  it('has no face, where there is none', async () => {
    const { onePass, photoOf } = await twoWays();
    expect(await onePass.searchPhoto(await photoOf())).toEqual({ faces: [] });
  });

  it('says what makes a collection that is not there', async () => {
    const { client, photoOf } = await twoWays();
    const nowhere = new FaceCollection('nowhere', { client });
    await expect(nowhere.searchPhoto(await photoOf({}))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Collection:nowhere not found! create() makes the collection "nowhere".',
    });
  });

  it('is given up with the signal', async () => {
    const { onePass, photoOf } = await twoWays();
    const reason = new Error('enough');
    await expect(onePass.searchPhoto(await photoOf({}), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

describe('searchEveryFace of the engine', () => {
  it.each([
    ['collectionId', ['a b'], {}],
    ['image', ['team', { bytes: new Uint8Array() }], {}],
    ['userMatchThreshold', ['team'], { threshold: 101 }],
    ['maxUsers', ['team'], { limit: 501 }],
    ['maxFaces', ['team'], { by: 'faces', limit: 4097 }],
    ['qualityFilter', ['team'], { qualityFilter: 'BEST' }],
  ])('refuses a wrong %s as the service would', async (_, [collectionId, image], request) => {
    const { client, vision } = await twoWays();
    const bytes = await vision.photo([{}]);
    await expect(
      client.searchEveryFace(collectionId as string, (image as never) ?? { bytes }, {
        by: 'users',
        threshold: 80,
        limit: 10,
        qualityFilter: 'NONE',
        ...(request as object),
      }),
    ).rejects.toMatchObject({ name: expect.stringMatching(/ValidationException|InvalidParameterException/) });
  });
});
