import { FaceCollection, fromBuffer, type ImageSource, IncompleteError } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DEFAULTS } from '../../src/limits.js';
import type { CommandClient } from '../../src/service/client.js';
import { type DeclaredFace, declaredFaces } from '../../src/testing/declared-faces.js';

/** What happens around a call: it throws to refuse the call, or after `carryOut` to lose the answer. */
type Intervention = (carryOut: () => Promise<unknown>, call: number, name: string) => Promise<unknown>;

/** A collection on a local engine, and another handle on it whose calls are meddled with. */
async function aTeam(intervene: Intervention) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const team = new FaceCollection('team', { client: engine });
  await team.create();
  let calls = 0;
  const client: CommandClient = {
    send: (command) =>
      intervene(() => engine.send(command), ++calls, command.constructor.name.replace(/Command$/, '')),
  };
  const photo = async (...faces: DeclaredFace[]): Promise<ImageSource> =>
    fromBuffer(await vision.photo(faces, { width: 160, height: 120 }));
  return { team, meddled: new FaceCollection('team', { client }), photo, calls: () => calls };
}

/** All that a collection holds, in an order of its own. */
async function contents(team: FaceCollection) {
  const faces = (await team.listFaces().all()).map(({ faceId, userId, externalImageId }) => ({
    faceId,
    userId,
    externalImageId,
  }));
  const users = (await team.listUsers().all()).map(({ userId }) => userId);
  return { faces, users: users.sort() };
}

const portraits = (
  photo: (...faces: DeclaredFace[]) => Promise<ImageSource>,
  person: string,
  count: number,
) => Promise.all(Array.from({ length: count }, () => photo({ person })));

/** A collection with ada in it, and an enrolment of hers that meets all there is: new, poor, and others' faces. */
async function anEnrolment(intervene: Intervention, isNew: boolean) {
  const all = await aTeam(intervene);
  const bobs = await portraits(all.photo, 'bob', 1);
  await all.team.enrollUser('bob', bobs);
  if (!isNew) await all.team.enrollUser('ada', await portraits(all.photo, 'ada', 1));
  const images = [
    ...(await portraits(all.photo, 'ada', 2)),
    await all.photo({ person: 'ada' }, { person: 'carl' }),
    await all.photo({ person: 'ada', sharpness: 0 }),
    ...bobs,
  ];
  return {
    ...all,
    enroll: (signal?: AbortSignal) => all.meddled.enrollUser('ada', images, { signal, concurrency: 1 }),
  };
}

describe.each([
  ['a new user', true],
  ['a user with faces', false],
])('an enrolment of %s', (_, isNew) => {
  it('leaves the collection as it was when the service refuses a call, whichever it is', async () => {
    const outage = new Error('outage');
    for (let failing = 1; ; failing++) {
      const { team, enroll, calls } = await anEnrolment(async (carryOut, call) => {
        if (call === failing) throw outage;
        return carryOut();
      }, isNew);
      const before = await contents(team);
      const result = await enroll().catch((error) => error);
      if (calls() < failing) break;
      // What is refused is deleted last, and that is tried again: then the enrolment is done.
      if (result === outage) expect(await contents(team), `call ${failing}`).toEqual(before);
      else expect(result).toMatchObject({ userId: 'ada' });
    }
  });

  it('leaves the collection as it was when the answer to a call is lost, whichever it is', async () => {
    const lost = new Error('socket hang up');
    for (let failing = 1; ; failing++) {
      const { team, enroll, calls } = await anEnrolment(async (carryOut, call) => {
        const answer = await carryOut();
        if (call === failing) throw lost;
        return answer;
      }, isNew);
      const before = await contents(team);
      const result = await enroll().catch((error) => error);
      if (calls() < failing) break;
      if (result === lost) expect(await contents(team), `call ${failing}`).toEqual(before);
      else expect(result).toMatchObject({ userId: 'ada' });
    }
  });

  it('leaves the collection as it was when faces are associated and the answer is lost', async () => {
    const lost = new Error('socket hang up');
    const { team, enroll } = await anEnrolment(async (carryOut, _, name) => {
      const answer = await carryOut();
      if (name === 'AssociateFaces') throw lost;
      return answer;
    }, isNew);
    const before = await contents(team);
    await expect(enroll()).rejects.toBe(lost);
    expect(await contents(team)).toEqual(before);
  });

  it('leaves the collection as it was when it is given up, whenever that is', async () => {
    const reason = new Error('the user closed the page');
    for (let aborting = 1; ; aborting++) {
      const giveUp = new AbortController();
      const { team, enroll, calls } = await anEnrolment((carryOut, call) => {
        if (call === aborting) giveUp.abort(reason);
        return carryOut();
      }, isNew);
      const before = await contents(team);
      const result = await enroll(giveUp.signal).catch((error) => error);
      if (calls() < aborting) break;
      // What is refused is deleted last: then the enrolment is done, and giving it up comes too late.
      if (result instanceof Error) expect(result, `call ${aborting}`).toBe(reason);
      if (result === reason) expect(await contents(team), `call ${aborting}`).toEqual(before);
      else expect(result).toMatchObject({ userId: 'ada' });
    }
  });

  it('names what is left when the service fails from one call on, for good', async () => {
    const failsFrom = async (failing: number) => {
      const { team, enroll, calls } = await anEnrolment(async (carryOut, call) => {
        if (call < failing) return carryOut();
        // Half of the outages begin with an answer that is lost.
        if (call === failing && failing % 2 === 0) await carryOut();
        throw new Error('outage');
      }, isNew);
      const before = await contents(team);
      const result = await enroll().catch((error) => error);
      if (calls() < failing) return;
      const after = await contents(team);
      if (!(result instanceof IncompleteError)) return expect(after, `call ${failing}`).toEqual(before);
      const { certain, possible } = result.leftBehind;
      const known = new Set(before.faces.map(({ faceId }) => faceId));
      const added = after.faces.filter(({ faceId }) => !known.has(faceId));
      const addedIds = added.map(({ faceId }) => faceId);
      const isUserAdded = after.users.length > before.users.length;
      if (isUserAdded) expect(certain.user || possible.user).toBe(true);
      if (certain.user) expect(isUserAdded).toBe(true);
      expect(addedIds, `call ${failing}`).toEqual(expect.arrayContaining([...certain.faceIds]));
      const named = [...certain.faceIds, ...possible.faceIds];
      for (const { faceId, externalImageId } of added)
        expect(named.includes(faceId) || possible.externalImageIds.includes(externalImageId!)).toBe(true);
    };
    // Each waits a little before it gives up.
    await Promise.all(Array.from({ length: 24 }, (_, n) => failsFrom(n + 1)));
  });

  it.each(['IndexFaces', 'CreateUser', 'AssociateFaces'])(
    'ends when it is given up while %s hangs, and names what may come yet',
    async (hanging) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      onTestFinished(() => void vi.useRealTimers());
      const giveUp = new AbortController();
      const reason = new Error('the user closed the page');
      let hangs = 0;
      const { team, enroll } = await anEnrolment((carryOut, _, name) => {
        if (name !== hanging || hangs++ > 0) return carryOut();
        giveUp.abort(reason);
        return new Promise(() => {});
      }, isNew);
      const before = await contents(team);
      const enrolling = enroll(giveUp.signal).catch((error) => error);
      await vi.waitFor(() => expect(hangs).toBe(1));
      await vi.advanceTimersByTimeAsync(DEFAULTS.grace);
      const error = await enrolling;
      expect(await contents(team)).toEqual(before);
      // Faces that are gone cannot be associated any more.
      if (hanging === 'AssociateFaces') return expect(error).toBe(reason);
      expect(error).toMatchObject({ code: 'INCOMPLETE', cause: reason, userId: 'ada' });
      const { certain, possible } = error.leftBehind;
      expect(certain).toEqual({ user: false, associatedFaceIds: [], faceIds: [] });
      expect(possible).toMatchObject({ user: hanging === 'CreateUser', faceIds: [] });
      expect(possible.externalImageIds).toHaveLength(hanging === 'IndexFaces' ? 1 : 0);
    },
  );

  it('ends when it is given up and cleaning up hangs as well', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const limit = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    onTestFinished(() => {
      vi.useRealTimers();
      timeout.mockRestore();
    });
    const giveUp = new AbortController();
    let hangs = 0;
    const { enroll } = await anEnrolment((carryOut, _, name) => {
      if (name !== 'IndexFaces' && hangs === 0) return carryOut();
      hangs += 1;
      giveUp.abort();
      return new Promise(() => {});
    }, isNew);
    const enrolling = enroll(giveUp.signal).catch((error) => error);
    await vi.waitFor(() => expect(hangs).toBe(1));
    await vi.advanceTimersByTimeAsync(DEFAULTS.grace);
    limit.abort(new Error('too long'));
    await vi.advanceTimersByTimeAsync(1000);
    const error = await enrolling;
    expect(error).toMatchObject({ code: 'INCOMPLETE', cause: giveUp.signal.reason });
    expect(error.leftBehind.possible.externalImageIds).toHaveLength(1);
    expect(timeout).toHaveBeenCalledWith(DEFAULTS.cleanUpLimit);
  });

  it('leaves no faces when the user or the collection is deleted meanwhile', async () => {
    for (const gone of ['user', 'collection'] as const) {
      const { team, enroll } = await anEnrolment(async (carryOut, _, name) => {
        if (name === 'AssociateFaces') await (gone === 'user' ? team.deleteUser('ada') : team.delete());
        return carryOut();
      }, isNew);
      await expect(enroll()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      await team.create();
      const { faces } = await contents(team);
      const known = gone === 'collection' ? 0 : isNew ? 1 : 2;
      expect(faces).toHaveLength(known);
    }
  });
});

describe('two enrolments of one user at a time', () => {
  it('of the same photos: the user keeps its faces', async () => {
    const { team, meddled, photo } = await aTeam(async (carryOut, _, name) => {
      // The other enrolment is done from its first call to its last after this one has made the user.
      if (name === 'AssociateFaces') await team.enrollUser('ada', images);
      return carryOut();
    });
    const images = await portraits(photo, 'ada', 2);
    const ada = await meddled.enrollUser('ada', images);
    expect(ada.images.map(({ status }) => status)).toEqual(['known', 'known']);
    expect(await team.listFaces({ userId: 'ada' }).all()).toHaveLength(2);
  });

  it('one of which fails: the faces of the other stay', async () => {
    const { team, meddled, photo } = await aTeam(async (carryOut, _, name) => {
      if (name !== 'AssociateFaces') return carryOut();
      await team.enrollUser('ada', others);
      throw new Error('outage');
    });
    const others = await portraits(photo, 'ada', 2);
    await expect(meddled.enrollUser('ada', await portraits(photo, 'ada', 1))).rejects.toThrow('outage');
    const faces = await team.listFaces().all();
    expect(faces.map(({ userId }) => userId)).toEqual(['ada', 'ada']);
  });
});
