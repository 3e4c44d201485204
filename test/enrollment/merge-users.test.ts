import { FaceCollection, IncompleteError, UserIsFullError } from 'rekollect';
import { describe, expect, it, vi } from 'vitest';
import { faceIds, serviceError } from '../support/aws-answers.js';
import { aDeclaredTeam, type Intervention } from '../support/declared-team.js';

const outage = new Error('outage');

/** Ada twice, with two faces each, and bob; and another handle on the collection whose calls are meddled with. */
async function adaTwice(intervene: Intervention = (carryOut) => carryOut()) {
  const all = await aDeclaredTeam();
  const from = await all.enroll('ada-2', ['ada', 'ada']);
  const into = await all.enroll('ada', ['ada', 'ada']);
  const bob = await all.enroll('bob', ['bob']);
  const merged = { ada: [...from, ...into].sort(), bob };
  const apart = { ada: [...into].sort(), 'ada-2': [...from].sort(), bob };
  return { ...all, from, into, bob, merged, apart, ...all.meddled(intervene) };
}

/** Each of the calls that it makes, in a collection of its own. */
async function forEveryCall(
  interveneAt: (failing: number) => Intervention,
  check: (team: Awaited<ReturnType<typeof adaTwice>>, outcome: unknown, failing: number) => Promise<void>,
) {
  const whole = await adaTwice();
  await whole.collection.mergeUsers('ada-2', 'ada');
  const calls = whole.calls();
  expect(calls).toBeGreaterThan(6);
  await Promise.all(
    Array.from({ length: calls }, async (_, index) => {
      const team = await adaTwice(interveneAt(index + 1));
      const outcome = await team.collection.mergeUsers('ada-2', 'ada').catch((error) => error);
      await check(team, outcome, index + 1);
    }),
  );
}

describe('mergeUsers', () => {
  it('moves all faces and deletes the user that has none left, and does nothing the second time', async () => {
    const { team, from, merged, whose } = await adaTwice();
    expect(await team.mergeUsers('ada-2', 'ada')).toEqual({
      moved: expect.toSatisfy((ids: string[]) => ids.toSorted().join() === from.toSorted().join()),
      rejected: [],
      userDeleted: true,
      userStatus: expect.any(String),
    });
    expect(await whose()).toEqual(merged);
    expect(await team.mergeUsers('ada-2', 'ada')).toEqual({ moved: [], rejected: [], userDeleted: false });
    expect(await whose()).toEqual(merged);
  });

  it('deletes a user without faces, and fills one', async () => {
    const { team, enroll, whose } = await aDeclaredTeam();
    const faces = await enroll('ada', ['ada']);
    await enroll('empty', []);
    await enroll('new', []);
    expect(await team.mergeUsers('empty', 'ada')).toEqual({ moved: [], rejected: [], userDeleted: true });
    expect(await team.mergeUsers('ada', 'new')).toMatchObject({ moved: faces, userDeleted: true });
    expect(await whose()).toEqual({ new: faces });
  });

  it('gives faces back that are somebody else’s, and keeps the user they belong to', async () => {
    const { team, from, into, bob, whose } = await adaTwice();
    await team.moveFaces(bob, 'ada-2', { threshold: 0 });
    const merge = await team.mergeUsers('ada-2', 'ada');
    expect(merge).toMatchObject({
      userDeleted: false,
      rejected: [{ faceId: bob[0], reason: 'LOW_MATCH_CONFIDENCE' }],
    });
    expect(await whose()).toEqual({ ada: [...from, ...into].sort(), 'ada-2': bob, bob: [] });
    // The caller may know better.
    expect(await team.mergeUsers('ada-2', 'ada', { threshold: 0 })).toMatchObject({
      moved: bob,
      userDeleted: true,
    });
  });

  it('refuses a user with itself, one that is not there, and more than a hundred faces, and changes nothing', async () => {
    const { team, whose, apart } = await adaTwice();
    await expect(team.mergeUsers('ada', 'ada')).rejects.toMatchObject({ argument: 'into' });
    await expect(team.mergeUsers('a/b', 'ada')).rejects.toMatchObject({ argument: 'from' });
    await expect(team.mergeUsers('ada', 'é')).rejects.toMatchObject({ argument: 'into' });
    await expect(team.mergeUsers('ada', 'nobody')).rejects.toMatchObject({ reason: 'NO_SUCH_USER' });
    expect(await whose()).toEqual(apart);

    const faces = { a: faceIds(60), b: faceIds(41, 100) };
    const client = {
      send: async (command: { input: { UserId: 'a' | 'b' } }) => {
        if (command.constructor.name === 'ListUsersCommand')
          return { Users: [{ UserId: 'a' }, { UserId: 'b' }] };
        expect(command.constructor.name).toBe('ListFacesCommand');
        const { UserId } = command.input;
        return { Faces: faces[UserId].map((FaceId) => ({ FaceId, UserId })) };
      },
    };
    const full = new FaceCollection('team', { client: client as never }).mergeUsers('a', 'b');
    await expect(full).rejects.toThrow(UserIsFullError);
    await expect(full).rejects.toMatchObject({ code: 'USER_IS_FULL', userId: 'b', faces: 41, added: 60 });
    await expect(full).rejects.toThrow(/disassociate 1 first/);
  });

  it('fills a user up to its last place, and gives back what a smaller service does not take', async () => {
    const { team, enroll, whose } = await aDeclaredTeam({ limits: { facesPerUser: 3 } });
    const one = await enroll('one', ['ada', 'ada']);
    const two = await enroll('two', ['ada', 'ada']);
    const merge = await team.mergeUsers('one', 'two');
    expect(merge).toMatchObject({ userDeleted: false, rejected: [{ reason: 'USER_IS_FULL' }] });
    expect(merge.moved).toHaveLength(1);
    const owners = await whose();
    expect(owners).toMatchObject({ one: [merge.rejected[0]!.faceId] });
    expect([...owners.one!, ...owners.two!].sort()).toEqual([...one, ...two].sort());
  });

  it('completes when an answer is lost after the work was done, whichever it is', async () => {
    await forEveryCall(
      (failing) => async (carryOut, call) => {
        const answer = await carryOut();
        if (call === failing) throw outage;
        return answer;
      },
      async ({ team, whose, merged }, outcome, failing) => {
        // What only asks is not asked again: the error is thrown, and nothing has changed.
        if (outcome instanceof Error) await team.mergeUsers('ada-2', 'ada');
        expect(await whose(), `call ${failing}`).toEqual(merged);
      },
    );
  });

  it('loses no face when a call is refused, whichever it is, and completes when it is called again', async () => {
    await forEveryCall(
      (failing) => async (carryOut, call) => {
        if (call === failing) throw serviceError('AccessDeniedException');
        return carryOut();
      },
      async ({ collection, whose, merged, apart }, outcome, failing) => {
        expect(outcome, `call ${failing}`).toBeInstanceOf(Error);
        if (!(outcome instanceof IncompleteError)) expect(await whose(), `call ${failing}`).toEqual(apart);
        await collection.mergeUsers('ada-2', 'ada');
        expect(await whose(), `call ${failing}`).toEqual(merged);
      },
    );
  });

  it('names the faces that are nobody’s when the service fails from one call on, and completes it later', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await forEveryCall(
      (failing) => async (carryOut, call) => {
        if (call >= failing) throw outage;
        return carryOut();
      },
      async ({ team, whose, apart, merged }, outcome, failing) => {
        expect(outcome, `call ${failing}`).toBeInstanceOf(Error);
        const owners = await whose();
        const { '': nobodys = [], ada = [], 'ada-2': rest = [] } = owners;
        expect([...nobodys, ...ada, ...rest].sort()).toEqual(merged.ada);
        if (!(outcome instanceof IncompleteError)) expect(owners, `call ${failing}`).toEqual(apart);
        if (nobodys.length === 0) return;
        const { certain, possible } = (outcome as IncompleteError).leftBehind;
        expect([...certain.faceIds, ...possible.faceIds].sort()).toEqual(nobodys);
        // Another process, which knows the ids from that error.
        await team.moveFaces(nobodys, 'ada');
        await team.mergeUsers('ada-2', 'ada');
        expect(await whose()).toEqual(merged);
      },
    );
    vi.restoreAllMocks();
  });

  it('takes up the faces that an earlier call of the same client left nobody’s', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    let mayFail = true;
    let isOut = false;
    const { collection, whose, from, merged } = await adaTwice(async (carryOut, _, operation) => {
      isOut = mayFail && (isOut || operation === 'AssociateFaces');
      if (isOut) throw outage;
      return carryOut();
    });
    const error = await collection.mergeUsers('ada-2', 'ada').catch((thrown) => thrown);
    vi.restoreAllMocks();
    expect(error).toBeInstanceOf(IncompleteError);
    expect(error.message).toMatch(/Merging another user into user "ada" failed half-way/);
    expect((await whose())['']).toEqual([...from].sort());
    mayFail = false;
    expect(await collection.mergeUsers('ada-2', 'ada')).toMatchObject({ userDeleted: true, rejected: [] });
    expect(await whose()).toEqual(merged);
  });

  it('finishes what it has begun when it is given up, or undoes it, and rejects with the reason', async () => {
    await forEveryCall(
      () => (carryOut) => carryOut(),
      async ({ team, whose, meddled }, _, failing) => {
        const own = new AbortController();
        const { collection } = meddled(async (carryOut, call) => {
          if (call === failing) own.abort('enough');
          return carryOut();
        });
        const before = await whose();
        const outcome = await collection
          .mergeUsers('bob', 'ada', { threshold: 0, signal: own.signal })
          .catch((error) => error);
        const after = await whose();
        expect(after[''], `call ${failing}`).toBeUndefined();
        if (outcome === 'enough') expect(after).toEqual(before);
        await team.mergeUsers('bob', 'ada', { threshold: 0 });
        expect(Object.keys(await whose())).toEqual(['ada']);
      },
    );
  });

  it('waits for a user that is being updated', async () => {
    let conflicts = 0;
    const { collection, whose, merged } = await adaTwice(async (carryOut, _, operation) => {
      const isChange = ['AssociateFaces', 'DisassociateFaces', 'DeleteUser'].includes(operation);
      if (isChange && conflicts++ % 2 === 0) throw serviceError('ConflictException');
      return carryOut();
    });
    await collection.mergeUsers('ada-2', 'ada');
    expect(conflicts).toBe(6);
    expect(await whose()).toEqual(merged);
  });

  it('keeps a user that was given a face meanwhile', async () => {
    const all = await adaTwice(async (carryOut, _, operation) => {
      const answer = await carryOut();
      if (operation === 'AssociateFaces') await all.team.associate('ada-2', [late], { threshold: 0 });
      return answer;
    });
    const late = await all.index('ada');
    expect(await all.collection.mergeUsers('ada-2', 'ada')).toMatchObject({ userDeleted: false });
    expect((await all.whose())['ada-2']).toEqual([late]);
    expect(await all.team.mergeUsers('ada-2', 'ada')).toMatchObject({ moved: [late], userDeleted: true });
  });
});
