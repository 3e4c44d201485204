import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { build } from 'esbuild';
import pLimit from 'p-limit';
import { FaceCollection, fromFolder } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import { declaredFaces } from 'rekollect/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FaultRates, faultProxy } from '../../bench/faults/fault-proxy.js';
import { randomNumbers } from '../../src/evaluation/random.js';
import { aFolder } from '../support/people-folder.js';

const PEOPLE = ['ada', 'bob', 'eve', 'joe'];
const small = (person: string) => ({ person, box: { left: 0.1, top: 0.1, width: 0.5, height: 0.7 } });

/** A server whose engine sees declared faces, a folder of people, and what a collection should hold of it. */
async function aServer() {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const server = await serve({ client: engine, port: 0 });
  onTestFinished(() => server.close());
  const photos = PEOPLE.flatMap((person) =>
    [1, 2, 3].map((n) => [`${person}/${n}.png`, [small(person)]] as const),
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

  it('completes what a process left that was killed at any of fifty moments', async () => {
    const { engine, server, folder, expected, heldBy } = await aServer();
    const script = await builtScript();
    const random = randomNumbers(4);
    let completed = 0;

    /** @returns the milliseconds that the process took, from where it begins to enroll */
    const enroll = async (team: FaceCollection, killAfter = Number.POSITIVE_INFINITY) => {
      const child = spawn(process.execPath, [script, server.url, folder, team.collectionId], {
        env: { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules'), NODE_NO_WARNINGS: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      await once(child.stdout, 'data');
      const begin = performance.now();
      await Promise.race([exit, killAfter < Number.POSITIVE_INFINITY ? wait(killAfter) : exit]);
      if (child.exitCode === 0) completed += 1;
      child.kill('SIGKILL');
      await exit;
      return performance.now() - begin;
    };
    const aTeam = async (name: string) => {
      const team = new FaceCollection(name, { client: engine });
      await team.create();
      return team;
    };

    const whole = await aTeam('whole');
    const duration = await enroll(whole);
    expect(await heldBy(whole)).toEqual(expected);

    const limit = pLimit(2);
    await Promise.all(
      Array.from({ length: 50 }, (_, round) =>
        limit(async () => {
          const team = await aTeam(`round-${round}`);
          await enroll(team, duration * random());
          await team.enrollMany(fromFolder(folder));
          expect(await heldBy(team)).toEqual(expected);
          expect((await team.listUsers().all()).map(({ userId }) => userId)).toEqual(PEOPLE);
        }),
      ),
    );
    expect(completed).toBeLessThan(25);
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

/** The program as one file that starts at once, where it would take a second from source. */
async function builtScript(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-script-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const outfile = join(directory, 'enrolling-process.cjs');
  await build({
    entryPoints: ['test/support/enrolling-process.ts'],
    bundle: true,
    platform: 'node',
    external: ['@aws-sdk/*', 'sharp'],
    // What is imported is not looked for in NODE_PATH; what is required is.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'undefined' },
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
