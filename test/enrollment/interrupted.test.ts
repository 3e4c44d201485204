import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromFolder } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FaultRates, faultProxy } from '../../bench/faults/fault-proxy.js';
import { randomNumbers } from '../../src/evaluation/random.js';
import { aFolder } from '../support/people-folder.js';
import { startProcess } from '../support/processes.js';

const PEOPLE = ['ada', 'bob', 'eve', 'joe'];
const small = (person: string) => ({ person, box: { left: 0.1, top: 0.1, width: 0.5, height: 0.7 } });

/** A server whose engine sees declared faces, a folder of people, and what a collection should hold of it. */
async function aServer(numbers = [1, 2, 3]) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const server = await serve({ client: engine, port: 0 });
  onTestFinished(() => server.close());
  const photos = PEOPLE.flatMap((person) =>
    numbers.map((n) => [`${person}/${n}.png`, [small(person)]] as const),
  );
  const { folder } = await aFolder(vision, {
    ...Object.fromEntries(photos),
    'ada/group.png': ['ada', 'bob'],
    'bob/stray.png': [small('eve')],
  });
  const expected = photos.map(([path]) => path.replace('/', ': ')).sort();
  const heldBy = async (team: FaceCollection) => {
    const faces = await team.listFaces().all();
    return faces.map(({ userId = 'nobody', photoName }) => `${userId}: ${photoName}`).sort();
  };
  return { engine, server, folder, expected, heldBy };
}

describe('enrollMany', () => {
  it.each<[string, FaultRates]>([
    ['throttles, fails, resets and delays', { throttle: 0.3, failure: 0.05, reset: 0.05, delay: 0.1 }],
    ['loses every fifth answer after the work was done', { lostAnswer: 0.2 }],
  ])('tells the truth of a service that %s, and completes it later', async (_, rates) => {
    const { engine, server, folder, expected, heldBy } = await aServer();
    const proxy = await faultProxy(server.url, rates, randomNumbers(3));
    onTestFinished(() => proxy.close());
    const client = new RekognitionClient({
      endpoint: proxy.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    onTestFinished(() => client.destroy());
    const team = new FaceCollection('team', { client: engine });
    await team.create();

    const faulty = new FaceCollection('team', { client });
    const report = await untilItBegins(() => faulty.enrollMany(fromFolder(folder)));
    const failed = new Set(report.failed.map(({ userId }) => userId));
    const told = expected.filter((entry) => !failed.has(entry.split(':')[0]!));
    expect(await heldBy(team)).toEqual(expect.arrayContaining(told));
    expect(report.associated).toBe(told.length);
    expect(report.people).toBe(PEOPLE.length);

    await team.enrollMany(fromFolder(folder));
    expect(await heldBy(team)).toEqual(expected);
  });

  it('completes what a process left that was killed at any of its calls', async () => {
    const { engine, folder, expected, heldBy } = await aServer([1, 2]);

    /** Enrolls in another process, which is killed at one of its calls: before it is carried out, or answered. */
    const enroll = async (team: FaceCollection, killAt = Number.POSITIVE_INFINITY, isCarriedOut = false) => {
      let calls = 0;
      const answer: typeof engine.answer = async (...request) => {
        const isLast = ++calls === killAt;
        if (isLast && !isCarriedOut) {
          child.process.kill('SIGKILL');
          throw new Error('Nobody waits for an answer.');
        }
        const answered = await engine.answer(...request);
        if (isLast) child.process.kill('SIGKILL');
        return answered;
      };
      const server = await serve({ client: { answer }, port: 0 });
      const args = [server.url, folder, team.collectionId];
      const child = startProcess('test/support/enrolling-process.ts', args);
      await child.ended;
      await server.close();
      return { calls, wasKilled: child.process.signalCode === 'SIGKILL' };
    };
    const aTeam = async (name: string) => {
      const team = new FaceCollection(name, { client: engine });
      await team.create();
      return team;
    };

    const whole = await aTeam('whole');
    const { calls, wasKilled } = await enroll(whole);
    expect(wasKilled).toBe(false);
    expect(await heldBy(whole)).toEqual(expected);

    const moments = Array.from(
      { length: 2 * calls },
      (_, i) => [1 + Math.floor(i / 2), i % 2 === 1] as const,
    );
    let killed = 0;
    for (const [killAt, isCarriedOut] of moments) {
      const team = await aTeam(`killed-${killAt}-${isCarriedOut}`);
      if ((await enroll(team, killAt, isCarriedOut)).wasKilled) killed += 1;
      await team.enrollMany(fromFolder(folder));
      expect(await heldBy(team)).toEqual(expected);
      expect((await team.listUsers().all()).map(({ userId }) => userId)).toEqual(PEOPLE);
    }
    expect(killed).toBeGreaterThan(calls);
  }, 300_000);
});

/** Calls again where the very first call, which lists what is there, meets a fault. */
async function untilItBegins<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let failures = 0; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (failures === 10) throw error;
    }
  }
}
