/*
 * Proves that a process which is killed loses nothing that it had answered.
 *
 *     npm run bench -- kills [--kills 100]
 *
 * People are enrolled, taken apart and deleted, three at a time, into one directory: half of the kills by an engine in
 * a process of its own, half over a server. Each process is ended with SIGKILL, at another moment of its work; then the
 * directory is opened, and everything that was ever answered is looked for in it. Fails when anything is lost, there
 * twice, or made by half.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { openDiskStore } from '../src/local/store/disk.js';
import { type Answered, enrollForEver } from './kills/enroll-for-ever.js';
import type { Serving } from './kills/serving-process.js';
import { whatIsWrong } from './kills/what-is-wrong.js';

const { values } = parseArgs({ strict: false, options: { kills: { type: 'string', default: '100' } } });

/** Answers of a process before its end, and milliseconds from the last of them, at most. */
const MOST_ANSWERS = 60;
const LONGEST_WAIT = 30;

/** Lets a process work, and tells of its answers until it was killed. */
type Work = (directory: string, run: string, tell: (answered: Answered) => void) => Promise<void>;

const WAYS: Record<string, Work> = {
  async 'in process'(directory, run, tell) {
    const process = start('enrolling-process.ts', directory, run);
    const ended = once(process, 'exit');
    const hear = killing(process, tell);
    for await (const line of createInterface({ input: process.stdout! })) hear(JSON.parse(line));
    await ended;
  },
  async 'under the server'(directory, run, tell) {
    const process = start('serving-process.ts', directory);
    const ended = once(process, 'exit');
    const [line] = await once(createInterface({ input: process.stdout! }), 'line');
    const { url: endpoint, photo } = JSON.parse(line) as Serving;
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const client = new RekognitionClient({ endpoint, region: 'local', credentials, maxAttempts: 1 });
    const working = enrollForEver(client, Buffer.from(photo, 'base64'), run, killing(process, tell));
    // It fails with the server.
    await Promise.all([ended, working.catch(() => {})]);
    client.destroy();
  },
};

for (const [name, work] of Object.entries(WAYS)) {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-kills-'));
  const answered: Answered[] = [];
  const wrong = new Set<string>();
  const kills = Math.ceil(Number(values.kills) / 2);
  try {
    for (let kill = 0; kill < kills; kill++) {
      await work(directory, `run${kill}`, (each) => answered.push(each));
      const store = await openDiskStore(directory);
      for (const line of whatIsWrong(store, answered)) wrong.add(line);
      await store.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
  for (const line of wrong) console.error(line);
  console.log(
    `${name}: ${kills} kills, ${answered.length} answered writes, ${wrong.size} lost, doubled or halved`,
  );
  if (wrong.size > 0 || answered.length < kills) process.exitCode = 1;
}

function start(script: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(`./kills/${script}`, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Tells of each answer that a process gives; after some of them, it is killed. */
function killing(process: ChildProcess, tell: (answered: Answered) => void): (answered: Answered) => void {
  let left = Math.ceil(Math.random() * MOST_ANSWERS);
  return (answered) => {
    tell(answered);
    if (--left === 0) setTimeout(() => process.kill('SIGKILL'), Math.random() * LONGEST_WAIT);
  };
}
