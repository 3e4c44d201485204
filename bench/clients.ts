/*
 * Many clients send photos of 5 MB as fast as they are answered, and wait a moment where they are throttled, as SDKs do.
 * Measures how much memory the built server takes, and how long somebody waits meanwhile who only asks for a list.
 *
 *     npm run build && npm run bench -- clients [--clients 64] [--seconds 60] [--command dist/cli.js]
 *
 * The engine and its models are the real ones. On Linux only. Fails when the server takes more than 1.5 GB, or does not
 * answer afterwards.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './figures.js';
import {
  memoryOf,
  type OpenConnection,
  openConnection,
  rawRequest,
  startBuiltServer,
} from './server/built-server.js';

const { values } = parseArgs({
  strict: false,
  options: {
    clients: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '60' },
    command: { type: 'string', default: 'dist/cli.js' },
  },
});
const MOST_MEMORY_MB = 1536;
const PHOTO_BYTES = 5 * 1024 * 1024;

const sample = await readFile(
  fileURLToPath(new URL('../node_modules/@vladmandic/face-api/demo/sample1.jpg', import.meta.url)),
);
// What follows the end of a JPEG is nothing to see, but is sent and held as if it were.
const photo = Buffer.concat([sample, Buffer.alloc(PHOTO_BYTES - sample.length)]);
const detect = rawRequest('DetectFaces', JSON.stringify({ Image: { Bytes: photo.toString('base64') } }));
const list = rawRequest('ListCollections');

const server = await startBuiltServer(String(values.command), ['--quiet']);
const end = performance.now() + Number(values.seconds) * 1000;
const counts: Record<string, number> = {};
const waits: number[] = [];

/** Sends it over this connection, and waits for the answer: nothing when it was closed. */
async function ask({ socket, received, closed }: OpenConnection, content: Buffer): Promise<string> {
  const before = received().length;
  socket.write(content);
  const answer = () => received().slice(before);
  const isWhole = new Promise<void>((resolve) => {
    const look = () => {
      if (!answer().endsWith('}')) return;
      socket.off('data', look);
      resolve();
    };
    socket.on('data', look);
  });
  await Promise.race([isWhole, closed]);
  return answer();
}

async function client(): Promise<void> {
  let connection = await openConnection(server.port);
  while (performance.now() < end) {
    if (connection.socket.destroyed) connection = await openConnection(server.port);
    const answer = await ask(connection, detect);
    const outcome = answer.includes('"ThrottlingException"') ? 'throttled' : answer.slice(9, 12) || 'closed';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome !== '200') await pause(200 + Math.random() * 800);
  }
  connection.socket.destroy();
}

async function bystander(): Promise<void> {
  const connection = await openConnection(server.port);
  while (performance.now() < end) {
    const start = performance.now();
    await ask(connection, list);
    waits.push(performance.now() - start);
    await pause(50);
  }
  connection.socket.destroy();
}

await Promise.all([bystander(), ...Array.from({ length: Number(values.clients) }, client)]);
const { now, peak } = await memoryOf(server.pid);
const { status } = await fetch(`${server.url}/health`);
server.signal('SIGTERM');
const how = await server.ended;
console.log(
  `${values.clients} clients, ${values.seconds} s: ${JSON.stringify(counts)}; memory ${now.toFixed(0)} MB, at most ` +
    `${peak.toFixed(0)} MB (<= ${MOST_MEMORY_MB}); a list took ${median(waits).toFixed(0)} ms, at most ` +
    `${Math.max(...waits).toFixed(0)} ms. Then: health ${status}, ended with ${how}.`,
);
if (peak > MOST_MEMORY_MB || status !== 200 || how !== 0) process.exitCode = 1;
