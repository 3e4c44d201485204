/*
 * One connection asks for a list of 4,000 faces a thousand times, without waiting for answers, and reads them or does not.
 * Measures how long somebody else waits for an answer meanwhile, and how much memory the server takes.
 *
 *     npm run bench -- pipelining [--requests 1000]
 *
 * The server runs from source, with declared faces instead of models. Fails when somebody waits for more than a second.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './figures.js';
import { memoryOf, openConnection, rawRequest, statusesIn } from './server/built-server.js';

const { values } = parseArgs({ strict: false, options: { requests: { type: 'string', default: '1000' } } });
const MOST_WAIT_MS = 1000;
/** How long one looks at a client that does not read. */
const UNREAD_MS = 10_000;

const child = fork(fileURLToPath(new URL('./server/serving-declared-faces.ts', import.meta.url)));
const [url] = (await once(child, 'message')) as [string];
const port = Number(new URL(url).port);
const list = rawRequest('ListFaces', '{"CollectionId":"team","MaxResults":4096}');
let failed = false;

for (const reads of [true, false]) {
  const { socket } = await openConnection(port);
  let answered = 0;
  let done = false;
  socket.removeAllListeners('data');
  if (reads)
    socket.on('data', (data) => {
      answered += statusesIn(data.toString('latin1')).length;
      if (answered >= Number(values.requests)) done = true;
    });
  else socket.pause();
  const start = performance.now();
  socket.write(Buffer.concat(Array.from({ length: Number(values.requests) }, () => list)));
  if (!reads) setTimeout(() => (done = true), UNREAD_MS);

  const waits: number[] = [];
  while (!done && !socket.destroyed) {
    const asked = performance.now();
    await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'RekognitionService.ListCollections',
      },
      body: '{}',
    }).then((response) => response.text());
    waits.push(performance.now() - asked);
    await pause(10);
  }
  const seconds = (performance.now() - start) / 1000;
  socket.destroy();
  const { peak } = await memoryOf(child.pid!);
  const longest = Math.max(...waits);
  if (longest > MOST_WAIT_MS || (reads && answered < Number(values.requests))) failed = true;
  console.log(
    `${values.requests} lists, ${reads ? `${answered} answers read` : 'none read'}, in ${seconds.toFixed(1)} s: others wait ` +
      `${median(waits).toFixed(0)} ms, at most ${longest.toFixed(0)} ms (<= ${MOST_WAIT_MS}); memory at most ${peak.toFixed(0)} MB.`,
  );
}
child.kill('SIGKILL');
if (failed) process.exitCode = 1;
