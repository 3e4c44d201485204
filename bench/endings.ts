/*
 * Counts how often a process that ends while photos are being read dies of it, and how long it takes to end.
 *
 *     npm run bench -- endings [--times 16] [--only 'hang up']
 *
 * Each way of ending is tried at as many moments, spread over the time that two photos take, in a process of its own:
 * half of them while nets are still being loaded. Fails when a process ends by a signal or with another exit code.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SAMPLE_PHOTOS } from './accuracy/labelled-photos.js';
import type { Ending } from './endings/ending-process.js';

const { values } = parseArgs({
  strict: false,
  options: { times: { type: 'string', default: '16' }, only: { type: 'string', default: '' } },
});

const ENTRY = fileURLToPath(new URL('./endings/ending-process.ts', import.meta.url));
const COMMAND = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
/** Two photos are read within as many milliseconds, nets loaded. */
const SPAN = { cold: 1200, warm: 600 } as const;
/** How each process has to end: by itself, with this exit code. */
const EXIT_CODES: Record<Ending | 'hang up, SIGTERM', number> = {
  'abort, close': 0,
  'abort, nothing more': 0,
  'process.exit': 0,
  'uncaught error': 1,
  finish: 0,
  'hang up, SIGTERM': 0,
};

interface Ended {
  readonly code: number | null;
  readonly milliseconds: number;
}

const times = Number(values.times);
console.log(
  '| way of ending | processes | died of it | longest until it ended |\n| --- | ---: | ---: | ---: |',
);
for (const [ending, expected] of Object.entries(EXIT_CODES)) {
  if (!ending.includes(String(values.only))) continue;
  const all: Ended[] = [];
  for (let i = 0; i < times; i++) {
    const start = i % 2 === 0 ? 'cold' : 'warm';
    const wait = Math.round((SPAN[start] * i) / times);
    all.push(
      ending === 'hang up, SIGTERM' ? await endServer(wait) : await endProcess(ending as Ending, wait, start),
    );
  }
  const died = all.filter(({ code }) => code !== expected).length;
  const longest = Math.max(...all.map(({ milliseconds }) => milliseconds));
  console.log(`| ${ending} | ${times} | ${died} | ${Math.round(longest)} ms |`);
  if (died > 0) process.exitCode = 1;
}

async function endProcess(ending: Ending, wait: number, start: keyof typeof SPAN): Promise<Ended> {
  const child = fork(ENTRY, [ending, String(wait), start], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  let since = performance.now();
  child.once('message', () => {
    since = performance.now();
  });
  const [code] = await once(child, 'exit');
  return { code, milliseconds: performance.now() - since };
}

/** A client sends a photo to the command, hangs up, and the command gets SIGTERM. */
async function endServer(wait: number): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const [greeting] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const url = new URL(/AWS_ENDPOINT_URL_REKOGNITION=(\S+)$/.exec(greeting)![1]!);
  const photo = (await readFile(SAMPLE_PHOTOS[3]!.path)).toString('base64');
  const body = JSON.stringify({ Image: { Bytes: photo }, Attributes: ['ALL'] });
  const socket = connect(Number(url.port), url.hostname);
  socket.write(
    `POST / HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/x-amz-json-1.1\r\n` +
      `X-Amz-Target: RekognitionService.DetectFaces\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await after(wait);
  socket.destroy();
  // The server has to notice that its client is gone.
  await after(5);
  const since = performance.now();
  child.kill('SIGTERM');
  const [code] = await ended;
  return { code, milliseconds: performance.now() - since };
}
