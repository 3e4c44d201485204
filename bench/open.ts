/*
 * Measures how long a collection of many faces takes to open from disk, until it can be searched.
 *
 *     npm run bench -- open [--faces 1000000] [--rounds 5] [--both] [--json FILE]
 *
 * Fills a temporary directory with made-up faces of one descriptor, 128 numbers, or `--both`, 1152. Then opens it a
 * few times, each in a new process, and once as if its process had been killed. Files that were just written are in
 * the system's cache. Fails when a target is missed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figure, holds, median, toTable } from './figures.js';
import { fillDirectory } from './open/made-up-collection.js';
import type { Opening } from './open/opening-process.js';

const { values } = parseArgs({
  strict: false,
  options: {
    faces: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    both: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const MILLION = 1_000_000;
const OPENING_PROCESS = fileURLToPath(new URL('./open/opening-process.ts', import.meta.url));

const faces = Number(values.faces);
const parts = values.both ? 2 : 1;
const directory = await mkdtemp(join(tmpdir(), 'rekollect-bench-'));
const dataFile = join(directory, 'collections.mdb');
try {
  const start = performance.now();
  await fillDirectory(directory, faces, parts);
  const { size } = await stat(dataFile);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `Filled with ${faces} faces in ${seconds.toFixed(0)} s; ${Math.round(size / faces)} bytes a face on disk.`,
  );

  const openings: Opening[] = [];
  for (let round = 0; round < Number(values.rounds); round++) openings.push(await openOnce());
  await removeSeal();
  const figures = figuresOf(openings, await openOnce());
  console.log(toTable(figures));
  if (values.json !== undefined) {
    const report = figures.map((figure) => ({ ...figure, holds: holds(figure) }));
    await writeFile(String(values.json), JSON.stringify(report, null, 2));
  }
  if (figures.some((figure) => holds(figure) === false)) process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true });
}

async function openOnce(): Promise<Opening> {
  const child = fork(OPENING_PROCESS, [directory, String(parts)]);
  const [opening] = (await once(child, 'message')) as [Opening];
  return opening;
}

/** A file without a seal is that of a process that was killed, and a seal that lacks a byte is none. */
async function removeSeal(): Promise<void> {
  const { size } = await stat(dataFile);
  await truncate(dataFile, size - 1);
}

function figuresOf(openings: readonly Opening[], afterKill: Opening): Figure[] {
  const of = (pick: (opening: Opening) => number) => median(openings.map(pick));
  const isOneDescriptor = parts === 1;
  return [
    {
      name: `from disk to searchable, ${faces} faces`,
      ours: of(({ directory, index }) => directory + index) / 1000,
      unit: 's',
      // What is promised is promised of a million faces of one descriptor.
      ...(isOneDescriptor && faces >= MILLION && { target: { atMost: 2 } }),
    },
    { name: 'of this, to open the directory', ours: of((opening) => opening.directory) / 1000, unit: 's' },
    { name: 'of this, to fill the index', ours: of((opening) => opening.index) / 1000, unit: 's' },
    { name: 'to open the directory after a kill', ours: afterKill.directory / 1000, unit: 's' },
    { name: 'time on the processor for it', ours: of(({ processor }) => processor) / 1000, unit: 's' },
    { name: 'longest stop of the event loop', ours: of(({ longestStop }) => longestStop), unit: 'ms' },
    {
      name: 'memory of a face',
      ours: of(({ memory }) => memory),
      unit: 'bytes',
      ...(faces >= MILLION && { target: { atMost: isOneDescriptor ? 700 : 2048 } }),
    },
  ];
}
