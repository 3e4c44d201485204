import { IncompleteError } from 'rekollect';
import { describe, expect, it } from 'vitest';
import { faceId, serviceError } from '../support/aws-answers.js';
import { aDeclaredTeam } from '../support/declared-team.js';

describe('moveFaces', () => {
  it('moves faces of several users and of nobody, and does nothing the second time', async () => {
    const { team, enroll, index, whose } = await aDeclaredTeam();
    const [a1, a2] = (await enroll('ada', ['ada', 'eve'])) as [string, string];
    const [b1] = (await enroll('bob', ['eve'])) as [string];
    const eve = await enroll('eve', ['eve']);
    const free = await index('eve');
    const all = [a2, b1, free, a2];
    const first = await team.moveFaces(all, 'eve');
    expect(first).toMatchObject({ userCreated: false, alreadyAssociated: [], rejected: [] });
    expect([...first.moved].sort()).toEqual([a2, b1, free].sort());
    expect(await whose()).toEqual({ ada: [a1], bob: [], eve: [a2, b1, free, ...eve].sort() });
    const again = await team.moveFaces(all, 'eve');
    expect(again).toMatchObject({ userCreated: false, moved: [], rejected: [] });
    expect([...again.alreadyAssociated].sort()).toEqual([a2, b1, free].sort());
  });

  it('makes the user if need be, and not for faces that are not there', async () => {
    const { team, enroll, whose } = await aDeclaredTeam();
    const [ada, eve] = await enroll('ada', ['ada', 'eve']);
    const gone = faceId(7);
    expect(await team.moveFaces([gone], 'eve')).toEqual({
      userCreated: false,
      moved: [],
      alreadyAssociated: [],
      rejected: [{ faceId: gone, reason: 'FACE_NOT_FOUND', reasons: ['FACE_NOT_FOUND'] }],
    });
    expect(await whose()).toEqual({ ada: [ada, eve].sort() });
    expect(await team.moveFaces([gone, eve!], 'eve')).toMatchObject({
      userCreated: true,
      moved: [eve],
      rejected: [{ faceId: gone }],
    });
    expect(await whose()).toEqual({ ada: [ada], eve: [eve] });
  });

  it('gives each face that is not taken back to the user that had it', async () => {
    const { team, enroll, whose, index } = await aDeclaredTeam();
    const [ada] = await enroll('ada', ['ada']);
    const [bob] = await enroll('bob', ['bob']);
    const eve = await enroll('eve', ['eve']);
    const zoe = await index('zoe');
    const before = await whose();
    const { moved, rejected } = await team.moveFaces([ada!, bob!, zoe], 'eve');
    expect(moved).toEqual([]);
    expect(rejected.map((face) => [face.faceId, face.reason]).sort()).toEqual(
      [ada, bob, zoe].map((id) => [id, 'LOW_MATCH_CONFIDENCE']).sort(),
    );
    expect(await whose()).toEqual(before);
    expect(before.eve).toEqual(eve);
  });

  it('leaves no user behind that it made for nothing', async () => {
    const { enroll, meddled, whose } = await aDeclaredTeam();
    const faces = await enroll('ada', ['ada', 'eve']);
    const { collection } = meddled(async (carryOut, _, operation, input) => {
      const { UserId } = input as { UserId?: string };
      if (operation === 'AssociateFaces' && UserId === 'eve') throw serviceError('AccessDeniedException');
      return carryOut();
    });
    await expect(collection.moveFaces([faces[1]!], 'eve')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(await whose()).toEqual({ ada: faces.toSorted() });
  });

  it('says that a face is another’s which somebody moved meanwhile, and names the faces of nobody', async () => {
    const { team, enroll, meddled, whose } = await aDeclaredTeam();
    const [one, other] = (await enroll('ada', ['eve', 'eve'])) as [string, string];
    await enroll('bob', []);
    const quick = meddled(async (carryOut, _, operation) => {
      if (operation === 'DisassociateFaces') await team.moveFaces([one], 'bob');
      return carryOut();
    });
    const { moved, rejected } = await quick.collection.moveFaces([one, other], 'eve');
    expect(moved).toEqual([other]);
    expect(rejected).toMatchObject([
      { faceId: one, userId: 'bob', reason: 'ASSOCIATED_TO_A_DIFFERENT_USER' },
    ]);
    expect(await whose()).toEqual({ ada: [], bob: [one], eve: [other] });

    const out = meddled(async (carryOut, _, operation) => {
      if (operation === 'AssociateFaces') throw serviceError('AccessDeniedException');
      return carryOut();
    });
    const error = await out.collection.moveFaces([one], 'eve').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(IncompleteError);
    expect(error.leftBehind.certain).toMatchObject({ faceIds: [one], associatedFaceIds: [] });
    expect(error.cause).toMatchObject({ name: 'AccessDeniedException' });
    expect((await whose())['']).toEqual([one]);
    await team.moveFaces([one], 'eve');
    expect(await whose()).toEqual({ ada: [], bob: [], eve: [one, other].sort() });
  });

  it('refuses what is no id, no list, or an option it does not know, and a collection that is not there', async () => {
    const { team } = await aDeclaredTeam();
    await expect(team.moveFaces([], 'ada')).rejects.toMatchObject({ argument: 'faceIds' });
    await expect(team.moveFaces(['1'], 'ada')).rejects.toMatchObject({ argument: 'faceIds[0]' });
    await expect(team.moveFaces([faceId(1)], '../ada')).rejects.toMatchObject({ argument: 'to' });
    await expect(team.moveFaces([faceId(1)], 'ada', { from: 'bob' } as never)).rejects.toMatchObject({
      argument: 'options.from',
    });
    await team.delete();
    await expect(team.moveFaces([faceId(1)], 'ada')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
