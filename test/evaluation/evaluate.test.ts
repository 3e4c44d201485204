import { FaceCollection, fromBuffer, fromFolder } from 'rekollect';
import { type EvaluateOptions, evaluate, planEvaluation } from 'rekollect/evaluation';
import type { DeclaredFace } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';
import { serviceError } from '../support/aws-answers.js';
import { anObservedTeam } from '../support/observed-team.js';
import { aFolder, photoOf } from '../support/people-folder.js';

type Enrolled = Readonly<Record<string, readonly DeclaredFace[]>>;

/** A collection of declared faces, one photo each, and what its client was asked. */
async function aTeam(enrolled: Enrolled = {}) {
  const { team, vision, ...observed } = await anObservedTeam();
  const photo = async (...faces: readonly (string | DeclaredFace)[]) =>
    fromBuffer(await photoOf(vision, faces), { name: faces.map((face) => JSON.stringify(face)).join() });
  for (const [userId, faces] of Object.entries(enrolled))
    await team.enrollUser(userId, await Promise.all(faces.map((face) => photo({ person: userId, ...face }))));
  observed.asked.length = 0;
  return { team, vision, photo, ...observed };
}

const TWO = { ada: [{}, {}], bob: [{}] };
const CERTAIN = { value: 1, from: expect.closeTo(0.22, 2), to: 1 };
const NEVER = { value: 0, from: 0, to: expect.any(Number) };

describe('evaluate', () => {
  it('tells how people and strangers are told apart, by faces and by users', async () => {
    const { team, photo } = await aTeam(TWO);
    const found = await evaluate(team, [
      { userId: 'ada', images: [await photo('ada'), await photo('ada')] },
      { userId: 'bob', images: [await photo('bob')] },
      { userId: 'eve', images: [await photo('eve')] },
    ]);
    expect(found).toMatchObject({
      collectionId: 'team',
      faceModelVersion: 'declared-faces-1',
      collection: { users: 2, faces: 3 },
      probes: { photos: 4, people: 2, strangers: 1, enrolled: 0 },
      failures: [],
      byFacesPerUser: [],
      failureToAcquireRate: { value: 0, from: 0, to: expect.closeTo(1 - 0.05 ** (1 / 3)) },
    });
    expect(found.searches.map(({ userId, stranger }) => userId ?? `not ${stranger}`)).toEqual([
      'ada',
      'ada',
      'bob',
      'not eve',
    ]);
    for (const { userId, faces, users } of found.searches) {
      for (const { own, other } of [faces, users]) {
        if (userId === undefined) expect(own).toBeUndefined();
        else expect(own).toBeGreaterThan(99.9);
        expect(other!.similarity).toBeLessThan(5);
        if (userId !== undefined) expect(other!.userId).toBe(userId === 'ada' ? 'bob' : 'ada');
      }
    }
    for (const way of [found.faces, found.users]) {
      expect(way.trueSimilarity!.value).toBeGreaterThan(99.9);
      expect(way.atThresholds.map(({ threshold }) => threshold)).toEqual([80, 90, 99]);
      for (const rates of way.atThresholds) {
        expect(rates).toMatchObject({
          trueMatchRate: CERTAIN,
          falseMatchRate: NEVER,
          truePositiveIdentificationRate: CERTAIN,
          misidentificationRate: NEVER,
          falsePositiveIdentificationRate: NEVER,
        });
      }
      // One stranger tells nothing of one in ten.
      expect(way.identification).toEqual(
        [0.1, 0.01, 0.001].map((falsePositiveIdentificationRate) => ({ falsePositiveIdentificationRate })),
      );
      expect(way.curve[0]).toMatchObject({ threshold: 0, trueMatchRate: 1, falseMatchRate: 1 });
      expect(way.curve.at(-1)).toMatchObject({ falseMatchRate: 0 });
    }
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('names who is taken for somebody else, and the thresholds that keep to a rate of false names', async () => {
    const { team, photo } = await aTeam(TWO);
    const strangers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => ({ userId: `stranger${i}`, images: [await photo({})] })),
    );
    // Bob looks like Ada in one photo, and so does one of the strangers.
    const found = await evaluate(
      team,
      [
        { userId: 'bob', images: [await photo({ person: 'ada', unlike: 0.4 }), await photo('bob')] },
        { userId: 'double', images: [await photo({ person: 'ada', unlike: 0.5 })] },
        ...strangers,
      ],
      { thresholds: [50, 20], falsePositiveIdentificationRates: [0.1, 0.5] },
    );
    expect(found.probes).toMatchObject({ people: 1, strangers: 11 });
    const [mistaken] = found.searches;
    expect(mistaken!.users.other).toMatchObject({ userId: 'ada' });
    for (const way of [found.faces, found.users]) {
      expect(way.atThresholds.map(({ threshold }) => threshold)).toEqual([20, 50]);
      expect(way.atThresholds[1]).toMatchObject({
        trueMatchRate: { value: 0.5 },
        truePositiveIdentificationRate: { value: 0.5 },
        misidentificationRate: { value: 0.5 },
        falsePositiveIdentificationRate: { value: expect.closeTo(1 / 11) },
      });
      const [half, tenth] = way.identification;
      expect([half!.falsePositiveIdentificationRate, tenth!.falsePositiveIdentificationRate]).toEqual([
        0.5, 0.1,
      ]);
      expect(tenth!.threshold).toBeGreaterThanOrEqual(half!.threshold!);
      expect(tenth!.threshold).toBeLessThan(20);
      expect(tenth!.truePositiveIdentificationRate!.value).toBe(0.5);
    }
    // Ada has two faces and Bob has one: each photo of Bob was compared with two of somebody else.
    const others = 2 * 2 + 11 * 3;
    expect(found.faces.atThresholds[1]!.falseMatchRate!.value).toBeCloseTo(4 / others);
    expect(found.users.atThresholds[1]!.falseMatchRate!.value).toBeCloseTo(2 / (2 * 1 + 11 * 2));
  });

  it('takes a folder, and says which files are nobody and which photos cannot be used', async () => {
    const { team, vision } = await aTeam(TWO);
    const { folder } = await aFolder(vision, {
      'ada/1.jpg': ['ada'],
      'ada/empty.jpg': [],
      'bob/broken.jpg': 'no image',
      'bob/notes.txt': 'hm',
    });
    const found = await evaluate(team, fromFolder(folder));
    expect(found.leftOut).toEqual([
      { leftOut: expect.stringMatching(/notes\.txt$/), reason: 'NO_IMAGE_NAME' },
    ]);
    expect(found.searches.map(({ photoName }) => photoName)).toEqual(['1.jpg']);
    expect(found.failures).toEqual([
      { userId: 'ada', photoName: 'empty.jpg', reason: 'NO_FACE', message: 'No face was found.' },
      {
        userId: 'bob',
        photoName: 'broken.jpg',
        reason: 'FAILED',
        message: expect.stringMatching(/broken\.jpg/),
      },
    ]);
    expect(found.failureToAcquireRate).toMatchObject({ value: 0.5 });
  });

  it('passes over photos that are enrolled, for they are like themselves', async () => {
    const { team, photo } = await aTeam(TWO);
    const enrolled = await photo('ada');
    await team.enrollUser('ada', [enrolled]);
    const found = await evaluate(team, [{ userId: 'ada', images: [enrolled, await photo('ada')] }]);
    expect(found.probes).toEqual({ photos: 2, people: 1, strangers: 0, enrolled: 1 });
    expect(found.searches).toHaveLength(1);
  });

  it('leaves faces alone that are nobody’s, and takes a user without faces for a stranger', async () => {
    const { team, photo } = await aTeam(TWO);
    await team.indexFaces(await photo('eve'));
    await team.createUser('eve');
    const found = await evaluate(team, [{ userId: 'eve', images: [await photo('eve')] }]);
    expect(found.collection).toEqual({ users: 2, faces: 4 });
    expect(found.searches).toMatchObject([{ stranger: 'eve' }]);
    expect(found.searches[0]!.faces.other!.similarity).toBeLessThan(5);
  });

  it.each<[string, Enrolled, readonly string[]]>([
    ['no photos', TWO, []],
    ['no strangers', TWO, ['ada']],
    ['strangers only', TWO, ['eve']],
    ['a single user', { ada: [{}] }, ['ada']],
    ['an empty collection', {}, ['eve']],
  ])('leaves out what cannot be told with %s, and is never NaN', async (_, enrolled, names) => {
    const { team, photo } = await aTeam(enrolled);
    const probes = names.map(async (userId) => ({ userId, images: [await photo(userId)] }));
    const found = await evaluate(team, await Promise.all(probes), { facesPerUser: [1] });
    const isKnown = names[0] === 'ada';
    for (const way of [found.faces, found.users]) {
      for (const { threshold: _, ...rates } of way.atThresholds) {
        const others = Object.keys(enrolled).length - (isKnown ? 1 : 0);
        expect(Object.keys(rates).sort()).toEqual(
          [
            ...(isKnown ? ['misidentificationRate', 'trueMatchRate', 'truePositiveIdentificationRate'] : []),
            ...(names.length > 0 && others > 0 ? ['falseMatchRate'] : []),
            ...(names.length > 0 && !isKnown ? ['falsePositiveIdentificationRate'] : []),
          ].sort(),
        );
      }
      if (!isKnown) expect(way.trueSimilarity).toBeUndefined();
    }
    expect(found.byFacesPerUser).toMatchObject([{ facesPerUser: 1, people: 0 }]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(JSON.stringify(found)).not.toContain('null');
  });

  it('shows how figures change with the faces of a user, and makes the calls that it planned', async () => {
    const { team, photo, collections, asked } = await aTeam(TWO);
    const some = (userId: string, count: number, unlike: number) =>
      Promise.all(Array.from({ length: count }, () => photo({ person: userId, unlike })));
    const probes = [
      { userId: 'ada', images: await some('ada', 4, 0.35) },
      { userId: 'bob', images: await some('bob', 3, 0.35) },
      { userId: 'eve', images: await some('eve', 1, 0.35) },
    ];
    const options = { facesPerUser: [2, 1, 9] };
    const plan = await planEvaluation(team, probes, { ...options, pricePerCall: 0.001 });
    expect(plan).toMatchObject({ people: 3, photos: 8, seconds: 0 });
    expect(asked).toEqual(['DescribeCollection']);
    const progress: string[] = [];
    const found = await evaluate(team, probes, {
      ...options,
      concurrency: 1,
      onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
    });
    const total = 8 + 6 + 4;
    expect(progress).toEqual(Array.from({ length: total }, (_, i) => `${i + 1}/${total}`));
    expect(found.byFacesPerUser.map(({ facesPerUser, people }) => [facesPerUser, people])).toEqual([
      [1, 2],
      [2, 2],
      [9, 0],
    ]);
    const [one, two] = found.byFacesPerUser;
    expect(two!.users.trueSimilarity!.value).toBeGreaterThan(one!.users.trueSimilarity!.value);
    const calls = Object.fromEntries(Object.entries(found.calls).map(([name, { calls }]) => [name, calls]));
    expect(calls).toEqual(plan.calls);
    const billed = Object.values(found.calls).reduce((sum, { billed }) => sum + billed, 0);
    expect(billed).toBe(plan.billedCalls);
    expect(plan.price).toBeCloseTo(billed / 1000);
    expect(await collections()).toEqual(['team']);
  });

  it('deletes its scratch collection when a call fails, and says so where it cannot', async () => {
    const { team, photo, collections, hooks } = await aTeam(TWO);
    const probes = [{ userId: 'ada', images: [await photo('ada'), await photo('ada')] }];
    hooks.before = async (operation, input) => {
      const isScratch = (input as { CollectionId?: string }).CollectionId?.startsWith(
        'rekollect-evaluation-',
      );
      if (isScratch && operation === 'ListFaces') throw serviceError('AccessDeniedException');
    };
    await expect(evaluate(team, probes, { facesPerUser: [1] })).rejects.toThrow('AccessDeniedException');
    expect(await collections()).toEqual(['team']);

    hooks.before = async (operation) => {
      if (operation === 'DeleteCollection') throw serviceError('AccessDeniedException');
    };
    await expect(evaluate(team, probes, { facesPerUser: [1] })).rejects.toThrow(
      /left behind: possibly the collection "rekollect-evaluation-/,
    );
    expect((await collections()).length).toBe(2);
  });

  it('ends with the reason of its signal, without a scratch collection', async () => {
    const { team, photo, collections, hooks } = await aTeam(TWO);
    const probes = [{ userId: 'ada', images: [await photo('ada'), await photo('ada')] }];
    for (const at of [
      'ListFaces',
      'SearchUsersByImage',
      'CreateCollection',
      'IndexFaces',
      'AssociateFaces',
    ]) {
      const controller = new AbortController();
      const enough = new Error(`enough at ${at}`);
      hooks.before = async (operation) => {
        if (operation === at) controller.abort(enough);
      };
      const options = { facesPerUser: [1], signal: controller.signal };
      await expect(evaluate(team, probes, options)).rejects.toBe(enough);
      expect(await collections()).toEqual(['team']);
    }
  });

  it('goes on where it is throttled, and past a call that fails', async () => {
    const { team, photo, hooks } = await aTeam(TWO);
    let throttles = 2;
    let failures = 1;
    hooks.before = async (operation) => {
      if (operation === 'SearchUsersByImage' && throttles-- > 0)
        throw serviceError('ProvisionedThroughputExceededException');
      if (operation === 'SearchFacesByImage' && failures-- > 0)
        throw serviceError('InternalServerError', 'out');
    };
    const images = [await photo('ada'), await photo('ada')];
    const found = await evaluate(team, [{ userId: 'ada', images }], { concurrency: 1 });
    expect(found.failures).toMatchObject([{ reason: 'FAILED', message: 'out' }]);
    expect(found.searches).toHaveLength(1);
    expect(found.calls.SearchUsersByImage).toMatchObject({ calls: 3, billed: 1, throttled: 2 });
  });

  it('knows whose a face is where the matches do not tell, and is silent about what was not answered', async () => {
    const { team, photo } = await aTeam(TWO);
    const faces = await team.listFaces().all();
    const [of, other] = ['ada', 'bob'].map((user) => faces.find(({ userId }) => userId === user)!.faceId);
    const toAws = ({ faceId, userId }: (typeof faces)[number]) => ({ FaceId: faceId, UserId: userId });
    const many = (count: number, last: number) =>
      Array.from({ length: count }, (_, i) => ({ Similarity: last + (count - i - 1) / 1000 }));
    const answers: Record<string, object> = {
      DescribeCollection: { FaceCount: 5000, UserCount: 600, FaceModelVersion: '7.0' },
      ListFaces: {
        Faces: [
          ...faces.map(toAws),
          ...Array.from({ length: 5000 }, (_, i) => ({ FaceId: `face${i}`, UserId: `user${i % 600}` })),
        ],
      },
      SearchFacesByImage: {
        FaceMatches: [
          { Similarity: 99.5, Face: { FaceId: of } },
          { Similarity: 97, Face: { FaceId: other } },
          ...many(4094, 12.345).map((match, i) => ({ ...match, Face: { FaceId: `face${i}` } })),
        ],
      },
      SearchUsersByImage: {
        SearchedFace: { FaceDetail: {} },
        UserMatches: many(500, 85.555).map((match, i) => ({ ...match, User: { UserId: `user${i}` } })),
      },
    };
    const send = async (command: object) => answers[command.constructor.name.replace(/Command$/, '')];
    const aws = new FaceCollection('team', { client: { send } });
    const found = await evaluate(aws, [{ userId: 'ada', images: [await photo('ada')] }]);
    expect(found.searches).toMatchObject([
      {
        faces: { own: 99.5, other: { userId: 'bob', similarity: 97 } },
        users: { other: { userId: 'user0' } },
      },
    ]);
    expect(found.searches[0]!.users.own).toBeUndefined();
    expect(found.faces.knownFrom).toBe(12.35);
    expect(found.users.knownFrom).toBe(85.56);
    expect(found.users.atThresholds).toMatchObject([
      { threshold: 90, truePositiveIdentificationRate: { value: 0 }, trueMatchRate: { value: 0 } },
      { threshold: 99 },
    ]);
    expect(found.users.curve[0]!.threshold).toBe(85.6);
    // One of the two faces of Ada was not answered: it is less similar than all that were.
    expect(found.faces.atThresholds.map(({ trueMatchRate }) => trueMatchRate!.value)).toEqual([
      0.5, 0.5, 0.5,
    ]);
    expect(found.faces.atThresholds[1]!.falseMatchRate!.value).toBeCloseTo(1 / 5001);
  });

  it.each<[string, unknown]>([
    ['options.thresholds[1]', { thresholds: [80, 0.9] }],
    ['options.falsePositiveIdentificationRates[0]', { falsePositiveIdentificationRates: [1] }],
    ['options.facesPerUser[0]', { facesPerUser: [101] }],
    ['options.facesPerUser', { facesPerUser: 3 }],
    ['options.threshold', { threshold: 80 }],
    ['options.pace.CompareHands', { pace: { CompareHands: 3 } }],
  ])('refuses %s that makes no sense', async (argument, options) => {
    const { team } = await aTeam();
    const { argument: named } = await evaluate(team, [], options as EvaluateOptions).catch((error) => error);
    expect(argument).toContain(named);
  });

  it('refuses what is no collection, and what are no people', async () => {
    const { team } = await aTeam();
    await expect(evaluate({} as never, [])).rejects.toMatchObject({ argument: 'collection' });
    await expect(evaluate(team, 'probes' as never)).rejects.toMatchObject({ argument: 'people' });
    const photo = { userId: 'a da', images: [] };
    await expect(evaluate(team, [photo])).rejects.toMatchObject({ argument: 'userId' });
    await expect(evaluate(new FaceCollection('gone', { client: team.client }), [])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('planEvaluation', () => {
  it('counts the seconds that it takes at the pace of the service', async () => {
    const { team, photo } = await aTeam(TWO);
    const images = await Promise.all(Array.from({ length: 8 }, () => photo('ada')));
    const pace = { SearchFacesByImage: 2, SearchUsersByImage: 1, CreateUser: 0.5 };
    const plan = await planEvaluation(team, [{ userId: 'ada', images }], { pace, facesPerUser: [3] });
    // 8 photos, then a user who is made, then 5 photos.
    expect(plan.seconds).toBe(8 + 2 + 5);
  });
});
