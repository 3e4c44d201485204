/*
 * Tells the built server to stop, with connections in every state that there is, and measures how long it takes.
 *
 *     npm run build && npm run bench -- stop [--command dist/cli.js] [--only NAME]
 *
 * What is idle ends at once, half a body after two seconds, and what is in flight after its answer, or after eight
 * seconds. Fails when that takes longer, when what was in flight is not answered, or when the process dies of it.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type BuiltServer,
  openConnection,
  rawRequest,
  startBuiltServer,
  statusesIn,
} from './server/built-server.js';

const { values } = parseArgs({
  strict: false,
  options: { command: { type: 'string', default: 'dist/cli.js' }, only: { type: 'string' } },
});

/** Longer than this nobody waits. */
const GIVE_UP_MS = 60_000;
/** For the process to end, on a machine that is busy with something else. */
const SLACK_SECONDS = 1.5;

const COLLECTIONS = 2000;

interface State {
  /** Seconds within which the server has ended, beside the slack. */
  within: number;
  /** Brings the server there; what it answers is how many requests are to be answered with 200 all the same. */
  reach(server: BuiltServer): Promise<{ received?: () => string; answers?: number } | undefined>;
  /** How the process ends, when not with 0. */
  ends?: number;
  again?: boolean;
}

const PHOTO = await readFile(
  fileURLToPath(new URL('../node_modules/@vladmandic/face-api/demo/sample1.jpg', import.meta.url)),
);
const detect = rawRequest('DetectFaces', JSON.stringify({ Image: { Bytes: PHOTO.toString('base64') } }));
const list = rawRequest('ListCollections');
const endless = rawRequest('DetectFaces', '{"Image":{"S3Object":{"Bucket":"any","Name":"endless"}}}');

/** Some connections that sent this, and a moment for it to arrive. */
const send =
  (content: Buffer | string, { connections = 3, wait = 300, hangUp = false, answers = 0 } = {}) =>
  async ({ port }: BuiltServer) => {
    const opened = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
    for (const { socket } of opened) if (content.length > 0) socket.write(content);
    await pause(wait);
    if (hangUp) for (const { socket } of opened) socket.destroy();
    return {
      received: () => opened.map(({ received }) => received()).join(''),
      answers: answers * connections,
    };
  };

const warmUp = async ({ port }: BuiltServer) => {
  const { socket, received } = await openConnection(port);
  socket.write(detect);
  while (statusesIn(received()).length === 0) await pause(20);
  socket.destroy();
};

const STATES: Record<string, State> = {
  'no connection': { within: 0, reach: async () => undefined },
  'after a photo': { within: 0, reach: async (server) => void (await warmUp(server)) },
  'connections that sent nothing': { within: 0, reach: send('') },
  'half a head': { within: 0, reach: send('POST / HTTP/1.1\r\nHost: localhost\r\nX-') },
  'kept alive after an answer': { within: 0, reach: send(list, { answers: 1 }) },
  'half a head after an answer': { within: 0, reach: send(`${list}POST / HT`, { answers: 1 }) },
  'a body that nobody wants': {
    within: 0,
    reach: send(rawRequest('DetectLies', 'x'.repeat(99)).subarray(0, -9)),
  },
  'half a body': { within: 2, reach: send(detect.subarray(0, -100)) },
  'photos in flight': { within: 8, reach: send(detect, { wait: 100, answers: 1 }) },
  'photos in flight, pipelined': {
    within: 8,
    reach: send(Buffer.concat([detect, detect]), { connections: 2, wait: 100, answers: 2 }),
  },
  'photos whose senders hung up': { within: 8, reach: send(detect, { wait: 100, hangUp: true }) },
  'photos whose senders hung up, models loaded': {
    within: 8,
    reach: async (server) => {
      await warmUp(server);
      return send(detect, { wait: 50, hangUp: true })(server);
    },
  },
  'more photos than it can see in time': { within: 8, reach: send(detect, { connections: 150, wait: 1000 }) },
  'answers that nobody reads': {
    within: 8,
    reach: async ({ port }) => {
      const { socket, received } = await openConnection(port);
      const names = Array.from({ length: COLLECTIONS }, (_, i) => `${i}`.padEnd(255, 'x'));
      const create = (CollectionId: string) =>
        rawRequest('CreateCollection', JSON.stringify({ CollectionId }));
      socket.write(Buffer.concat(names.map(create)));
      while (statusesIn(received()).length < COLLECTIONS) await pause(20);
      // Half a megabyte each: more than the system buffers for a client that does not read.
      socket.pause();
      const list = rawRequest('ListCollections', `{"MaxResults":${COLLECTIONS}}`);
      socket.write(Buffer.concat(Array.from({ length: 100 }, () => list)));
      await pause(2000);
      return undefined;
    },
  },
  'an S3 that never answers': { within: 8, reach: send(endless) },
  'an S3 that never answers, two signals': { within: 0, reach: send(endless), again: true, ends: 143 },
};

const silent = createServer().listen(0, '127.0.0.1');
await once(silent, 'listening');
const env = {
  AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
  AWS_REGION: 'eu-west-1',
};

let failed = false;
console.log('| state | seconds | ended with | answered | |\n| --- | ---: | ---: | ---: | --- |');
for (const [name, { within, reach, again, ends = 0 }] of Object.entries(STATES)) {
  if (values.only !== undefined && !name.includes(String(values.only))) continue;
  const server = await startBuiltServer(String(values.command), ['--quiet'], env);
  const { received = () => '', answers = 0 } = (await reach(server)) ?? {};
  const start = performance.now();
  server.signal('SIGTERM');
  if (again) {
    await pause(500);
    server.signal('SIGTERM');
  }
  const how = await Promise.race([server.ended, pause(GIVE_UP_MS, 'never' as const, { ref: false })]);
  const seconds = (performance.now() - start) / 1000;
  server.signal('SIGKILL');
  await pause(50);
  const answered = statusesIn(received()).filter((status) => status === 200).length;
  const holds = how === ends && seconds <= within + SLACK_SECONDS && answered >= answers;
  if (!holds) failed = true;
  const verdict = holds ? 'holds' : `MISSED (${server.lines.slice(1, 3).join(' ')})`;
  console.log(`| ${name} | ${seconds.toFixed(2)} | ${how} | ${answered} of ${answers} | ${verdict} |`);
}
silent.close();
if (failed) process.exitCode = 1;
