import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import {
  type Audited,
  type AuditFinding,
  FaceCollection,
  fromFile,
  type Progress,
  type UserAudit,
} from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serviceError } from '../support/aws-answers.js';
import { aDeclaredTeam } from '../support/declared-team.js';

const kindsOf = ({ findings }: { findings: readonly AuditFinding[] }) => findings.map(({ kind }) => kind);
const three = (person: string) => [person, person, person];

describe('auditUsers', () => {
  it('finds nothing in a collection that is in order, and sends what the plan says', async () => {
    const { team, enroll } = await aDeclaredTeam();
    for (const person of ['ada', 'bob', 'eve']) await enroll(person, three(person));
    const plan = await team.planAudit({ pricePerCall: 0.001, pace: { SearchFaces: 3 } });
    expect(plan).toEqual({
      users: 3,
      faces: 9,
      calls: { ListUsers: 1, ListFaces: 1, SearchFaces: 9, SearchUsers: 3 },
      billedCalls: 12,
      seconds: 3,
      price: 0.012,
    });
    const audit = await team.auditUsers();
    expect(audit).toMatchObject({ users: 3, faces: 9, findings: [], failed: [] });
    expect(audit.stopped).toBeUndefined();
    expect(Object.entries(audit.calls).map(([name, { calls }]) => [name, calls])).toEqual(
      expect.arrayContaining(Object.entries(plan.calls)),
    );
  });

  it('finds nothing in an empty collection', async () => {
    const { team } = await aDeclaredTeam();
    expect(await team.auditUsers()).toMatchObject({ users: 0, faces: 0, findings: [] });
    expect(await team.planAudit()).toMatchObject({ billedCalls: 0, seconds: 0 });
  });

  it('names exactly the face that is in the wrong user, and whose it is', async () => {
    const { team, enroll } = await aDeclaredTeam();
    await enroll('bob', three('bob'));
    const [, , stray] = await enroll('ada', ['ada', 'ada', 'bob', 'ada']);
    await enroll('eve', three('eve'));
    const { findings } = await team.auditUsers();
    expect(findings).toEqual([
      {
        kind: 'MISFILED_FACE',
        userId: 'ada',
        faceId: stray,
        likelyUser: { userId: 'bob', similarity: expect.any(Number) },
        message: expect.stringContaining(`moveFaces(['${stray}'], 'bob')`),
      },
    ]);
    expect(findings[0]?.kind === 'MISFILED_FACE' && findings[0].likelyUser.similarity).toBeGreaterThan(80);
  });

  it('tells of two faces of two people which is the wrong one, whichever comes first', async () => {
    for (const people of [
      ['ada', 'bob'],
      ['bob', 'ada'],
    ]) {
      const { team, enroll } = await aDeclaredTeam();
      const faceIds = await enroll('ada', people);
      await enroll('bob', three('bob'));
      const { findings } = await team.auditUsers({ minFaces: 1 });
      expect(findings).toMatchObject([{ kind: 'MISFILED_FACE', faceId: faceIds[people.indexOf('bob')] }]);
    }
  });

  it('finds a face that is a little like its user, and more like another', async () => {
    const { team, enroll, index } = await aDeclaredTeam();
    const between = await index('bob', { unlike: 0.1 });
    await enroll('ada', ['ada', 'ada', 'ada', 'ada', 'ada', 'ada']);
    await enroll('bob', three('bob'));
    await team.moveFaces([between], 'ada', { threshold: 0 });
    const found = (await team.auditUsers({ threshold: 2 })).findings;
    expect(found.find(({ kind }) => kind === 'MISFILED_FACE')).toMatchObject({ faceId: between });
  });

  it('calls a face of somebody unknown a stray', async () => {
    const { team, enroll } = await aDeclaredTeam();
    const [, stranger] = await enroll('ada', ['ada', 'nobody', 'ada', 'ada']);
    expect((await team.auditUsers()).findings).toEqual([
      { kind: 'STRAY_FACE', userId: 'ada', faceId: stranger, message: expect.stringContaining('unlike') },
    ]);
  });

  it('names two users who are one person once, the one to give up first', async () => {
    const { team, enroll } = await aDeclaredTeam();
    await enroll('ada', [...three('ada'), 'ada']);
    await enroll('ada-2', three('ada'));
    await enroll('bob', three('bob'));
    const { findings } = await team.auditUsers({ duplicateThreshold: 95 });
    expect(findings).toMatchObject([
      {
        kind: 'DUPLICATE_USERS',
        userIds: ['ada-2', 'ada'],
        message: expect.stringContaining("mergeUsers('ada-2', 'ada')"),
      },
    ]);
    await team.mergeUsers('ada-2', 'ada');
    expect((await team.auditUsers({ duplicateThreshold: 95 })).findings).toEqual([]);
  });

  it('finds users with too few faces, and with faces of one photo', async () => {
    const { team, enroll, index } = await aDeclaredTeam();
    await enroll('none', []);
    await enroll('one', ['one']);
    await team.createUser('same');
    const nearly = [0, 0.01, 0.02, 0.01].map((unlike) => index('same', { unlike }));
    const same = await Promise.all(nearly);
    await team.associate('same', same, { threshold: 0 });
    const { findings } = await team.auditUsers();
    expect(findings).toHaveLength(3);
    const groups = [expect.toSatisfy((ids: string[]) => ids.toSorted().join() === same.toSorted().join())];
    expect(findings).toEqual(
      expect.arrayContaining([
        { kind: 'TOO_FEW_FACES', userId: 'none', faces: 0, message: expect.stringContaining('no faces') },
        { kind: 'TOO_FEW_FACES', userId: 'one', faces: 1, message: expect.stringContaining('1 face only') },
        expect.objectContaining({
          kind: 'TOO_SIMILAR_FACES',
          userId: 'same',
          faces: 4,
          different: 1,
          repeated: groups,
        }),
      ]),
    );
    expect(kindsOf(await team.auditUsers({ minFaces: 1 }))).toEqual(['TOO_FEW_FACES']);
  });

  it('knows photos of one content by the ids that enrolling gave them', async () => {
    const { team, index } = await aDeclaredTeam();
    const content = `sha256:${'a'.repeat(64)}`;
    const copies = await Promise.all([1, 2, 3].map((n) => index('ada', {}, `${content}:${n}.jpg`)));
    await team.moveFaces(copies, 'ada');
    const [finding] = (await team.auditUsers()).findings;
    expect(finding).toMatchObject({ kind: 'TOO_SIMILAR_FACES', different: 1 });
  });

  it('finds faces that belong to nobody, and says whom they look like by the name of their photo', async () => {
    const { team, enroll, index } = await aDeclaredTeam();
    const alone = await index('ada');
    expect(await team.auditUsers()).toMatchObject({
      findings: [{ kind: 'NOBODYS_FACE', faceId: alone }],
      calls: { ListUsers: { calls: 1 }, ListFaces: { calls: 1 } },
    });
    await enroll('ada', three('ada'));
    const named = await index('zoe', {}, `sha256:${'b'.repeat(64)}:zoe::1.jpg`);
    const { findings } = await team.auditUsers();
    expect(findings).toHaveLength(2);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          faceId: alone,
          likelyUser: { userId: 'ada', similarity: expect.any(Number) },
        }),
        {
          kind: 'NOBODYS_FACE',
          faceId: named,
          photoName: 'zoe 1.jpg',
          message: expect.stringMatching(/^zoe 1\.jpg belongs to nobody, and looks like no user/),
        },
      ]),
    );
  });

  it('tells of users whose vector is not made, unless it is by the end', async () => {
    const { enroll, meddled } = await aDeclaredTeam();
    for (const person of ['ada', 'bob']) await enroll(person, three(person));
    let lists = 0;
    const { collection } = meddled(async (carryOut, _, operation) => {
      const answer = (await carryOut()) as { Users: { UserId: string; UserStatus: string }[] };
      if (operation !== 'ListUsers') return answer;
      lists += 1;
      const isUpdating = (id: string) => lists === 1 || id === 'bob';
      const Users = answer.Users.map(({ UserId }) => ({
        UserId,
        UserStatus: isUpdating(UserId) ? 'UPDATING' : 'ACTIVE',
      }));
      return { ...answer, Users };
    });
    expect((await collection.auditUsers()).findings).toEqual([
      {
        kind: 'NOT_ACTIVE',
        userId: 'bob',
        status: 'UPDATING',
        message: expect.stringContaining("waitForUser('bob')"),
      },
    ]);
  });

  it('keeps the error of a search that fails, and all that the others find', async () => {
    const { enroll, meddled } = await aDeclaredTeam();
    const [first, , stray] = await enroll('ada', ['ada', 'ada', 'bob', 'ada']);
    await enroll('bob', three('bob'));
    const { collection } = meddled(async (carryOut, _, operation, input) => {
      const { FaceId } = input as { FaceId?: string };
      if (operation === 'SearchFaces' && FaceId === first) throw serviceError('InternalServerError');
      return carryOut();
    });
    const audit = await collection.auditUsers();
    expect(audit.failed).toMatchObject([{ faceId: first, error: { name: 'InternalServerError' } }]);
    expect(audit.findings).toMatchObject([{ kind: 'MISFILED_FACE', faceId: stray }]);
  });

  it('says nothing of a face whose closer look failed', async () => {
    const { enroll, index, meddled } = await aDeclaredTeam();
    const [, , stray] = await enroll('ada', ['ada', 'ada', 'zoe', 'ada']);
    const free = await index('joe');
    const { collection } = meddled(async (carryOut, _, operation, input) => {
      if (operation === 'SearchUsers' && 'FaceId' in (input as object)) throw new Error('outage');
      return carryOut();
    });
    const { findings, failed } = await collection.auditUsers();
    expect(findings).toEqual([]);
    expect(failed.map((one) => 'faceId' in one && one.faceId)).toEqual(expect.arrayContaining([stray, free]));
  });

  it('ends with an error that every search would meet, and with that of a collection that is not there', async () => {
    const { enroll, meddled, team } = await aDeclaredTeam();
    await enroll('ada', three('ada'));
    const { collection, calls } = meddled(async (carryOut, _, operation) => {
      if (operation === 'SearchFaces') throw serviceError('AccessDeniedException');
      return carryOut();
    });
    await expect(collection.auditUsers({ concurrency: 1 })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(calls()).toBeLessThan(8);
    await team.delete();
    await expect(team.auditUsers()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(team.planAudit()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('makes a throttled search again', async () => {
    const { enroll, meddled } = await aDeclaredTeam();
    await enroll('ada', three('ada'));
    let throttles = 0;
    const { collection } = meddled(async (carryOut, _, operation) => {
      if (operation === 'SearchFaces' && throttles++ < 1) throw serviceError('ThrottlingException');
      return carryOut();
    });
    const { failed, findings, calls } = await collection.auditUsers();
    expect({ failed, findings }).toEqual({ failed: [], findings: [] });
    expect(calls.SearchFaces).toEqual({ calls: 4, billed: 3, throttled: 1 });
  });

  it('tells how far it is, has no more searches in flight than it may, and stops with what it found', async () => {
    const { enroll, index, meddled } = await aDeclaredTeam();
    await index('zoe');
    for (let i = 0; i < 6; i++) await enroll(`user-${i}`, i === 0 ? ['a'] : three(`${i}`));
    let inFlight = 0;
    let most = 0;
    const { collection } = meddled(async (carryOut, _, operation) => {
      if (!operation.startsWith('Search')) return carryOut();
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      return carryOut().finally(() => inFlight--);
    });
    const progress: Progress<Audited>[] = [];
    await collection.auditUsers({ concurrency: 3, onProgress: (step) => progress.push(step) });
    expect(most).toBe(3);
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(progress.every(({ total }) => total === 7)).toBe(true);
    expect(progress.at(-1)?.latest).toMatchObject({ findings: [{ kind: 'NOBODYS_FACE' }] });

    const own = new AbortController();
    const { signal } = own;
    const stopped = await collection.auditUsers({
      signal,
      concurrency: 1,
      onProgress: ({ latest }) => latest.findings.length > 0 && own.abort('enough'),
    });
    expect(stopped).toMatchObject({ stopped: 'enough', findings: [{ kind: 'TOO_FEW_FACES' }], failed: [] });
    expect(inFlight).toBe(0);
  });

  it('gives findings one by one, and leaves no search behind when the loop is broken off', async () => {
    const { team, enroll, meddled } = await aDeclaredTeam();
    for (const name of ['a', 'b', 'c', 'd']) await enroll(name, [name]);
    const { collection, calls } = meddled((carryOut) => carryOut());
    for await (const { kind } of collection.auditEach({ concurrency: 1 })) {
      expect(kind).toBe('TOO_FEW_FACES');
      break;
    }
    const sent = calls();
    await new Promise(setImmediate);
    expect(calls()).toBe(sent);

    const found = [];
    const audit = team.auditEach();
    let step = await audit.next();
    for (; !step.done; step = await audit.next()) found.push(step.value);
    expect(step.value satisfies UserAudit).toMatchObject({ findings: found });
    expect(found).toHaveLength(4);
  });

  it('names people in its sentences as they are called, and their ids where they are to be passed', async () => {
    const { team, enroll } = await aDeclaredTeam();
    await enroll('Ada::Lovelace', []);
    const [finding] = (await team.auditUsers()).findings;
    expect(finding?.message).toBe(
      "Ada Lovelace has no faces, and cannot be found. Enroll photos, or deleteUser('Ada::Lovelace').",
    );
  });
});

const article = '../shared/faces/aws-uservectors';
describe.skipIf(!existsSync(article))('auditUsers of real photos', () => {
  it('names the photo of another person among those of a user', { timeout: 180_000 }, async () => {
    const engine = new LocalRekognition({ workers: 1 });
    onTestFinished(() => engine.close());
    const team = new FaceCollection('team', { client: engine });
    await team.create();
    const photosOf = async (name: string) =>
      (await readdir(`${article}/${name}`)).map((file) =>
        fromFile(`${article}/${name}/${file}`, { photoName: `${name}/${file}` }),
      );
    const [werner = [], swami = []] = await Promise.all(['Werner', 'Swami'].map(photosOf));
    await team.enrollUser('Werner', werner.slice(0, 2));
    await team.enrollUser('Swami', swami.slice(1));
    const [mixed] = (await team.enrollUser('other', swami.slice(0, 1))).associated;
    await team.moveFaces([mixed!.faceId], 'Werner', { threshold: 0 });

    const { findings } = await team.auditUsers({ minFaces: 1 });
    expect(findings).toMatchObject([
      { kind: 'MISFILED_FACE', userId: 'Werner', faceId: mixed!.faceId, likelyUser: { userId: 'Swami' } },
      { kind: 'TOO_FEW_FACES', userId: 'other' },
    ]);
    expect(findings[0]?.message).toMatch(/^Swami\/.* of Werner looks like Swami \(similarity \d+\.\d\)/);

    // And as two users that are one person.
    await team.moveFaces([mixed!.faceId], 'other');
    expect(kindsOf(await team.auditUsers({ minFaces: 1, duplicateThreshold: 80 }))).toEqual([
      'DUPLICATE_USERS',
    ]);
    expect(await team.mergeUsers('other', 'Swami')).toMatchObject({
      moved: [mixed!.faceId],
      userDeleted: true,
    });
    expect(await team.auditUsers({ minFaces: 1 })).toMatchObject({ findings: [] });
  });
});
