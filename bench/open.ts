/*
 * Measures how long a collection of many faces takes to open from disk, until it can be searched.
 *
 *     npm run bench -- open [--faces 1000000] [--rounds 5] [--json FILE]
 *
 * Fills a temporary directory with made-up faces of 192 numbers. Then opens it a few times, each in a new process, and
 * in turn with only reading as many bytes as the vectors have; and once as if its process had been killed. Files that
 * were just written are in the system's cache. Takes 2 GB on disk for a million faces. Fails when a target is missed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figure, holds, median, toTable } from './figures.js';
import { fillDirectory, SPACE } from './open/made-up-collection.js';
import type { Opening } from './open/opening-process.js';

const { values } = parseArgs({
  strict: false,
  options: {
    faces: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
});

const MILLION = 1_000_000;
const OPENING_PROCESS = fileURLToPath(new URL('./open/opening-process.ts', import.meta.url));
/** Bytes that are read at one go. */
const PIECE = 2 ** 20;

const faces = Number(values.faces);
const figures = await measure();
console.log(toTable(figures));
if (values.json !== undefined) {
  const report = figures.map((figure) => ({ ...figure, holds: holds(figure) }));
  await writeFile(String(values.json), JSON.stringify(report, null, 2));
}
if (figures.some((figure) => holds(figure) === false)) process.exitCode = 1;

async function measure(): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-bench-'));
  const dataFile = join(directory, 'collections.mdb');
  try {
    const start = performance.now();
    await fillDirectory(directory, faces);
    const { size } = await stat(dataFile);
    const seconds = (performance.now() - start) / 1000;
    const bytes = Math.round(size / faces);
    console.log(`Filled with ${faces} faces in ${seconds.toFixed(0)} s; ${bytes} bytes a face on disk.`);

    const openings: Opening[] = [];
    const readings: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      openings.push(await openOnce(directory));
      readings.push(await millisecondsToRead(dataFile, faces * 4 * SPACE.length));
    }
    // As a process leaves it that is killed.
    await rm(join(directory, 'clean-shutdown.json'));
    return figuresOf(openings, readings, await openOnce(directory));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function openOnce(directory: string): Promise<Opening> {
  const child = fork(OPENING_PROCESS, [directory]);
  const [opening] = (await once(child, 'message')) as [Opening];
  return opening;
}

/** How long it takes to read as many bytes of the file as all vectors have. */
async function millisecondsToRead(dataFile: string, bytes: number): Promise<number> {
  const file = await open(dataFile);
  const piece = Buffer.alloc(PIECE);
  const start = performance.now();
  for (let at = 0; at < bytes; at += PIECE) await file.read(piece, 0, PIECE, at);
  const milliseconds = performance.now() - start;
  await file.close();
  return milliseconds;
}

function figuresOf(openings: readonly Opening[], readings: readonly number[], afterKill: Opening): Figure[] {
  const of = (pick: (opening: Opening) => number) => median(openings.map(pick));
  const searchable = ({ directory, index }: Opening) => directory + index;
  // What is promised is promised of a million faces.
  const target = (atMost: number) => faces >= MILLION && { target: { atMost } };
  return [
    { name: `from disk to searchable, ${faces} faces`, ours: of(searchable) / 1000, unit: 's' },
    { name: 'only to read the bytes of their vectors', ours: median(readings) / 1000, unit: 's' },
    {
      name: 'how much longer it takes to open them',
      ours: median(openings.map((opening, i) => searchable(opening) - readings[i]!)) / 1000,
      unit: 's',
      ...target(1.2),
    },
    { name: 'to open the directory, of all', ours: of((opening) => opening.directory) / 1000, unit: 's' },
    { name: 'the first search after it', ours: of((opening) => opening.search) / 1000, unit: 's' },
    { name: 'to open the directory after a kill', ours: afterKill.directory / 1000, unit: 's' },
    { name: 'time on the processor for all', ours: of(({ processor }) => processor) / 1000, unit: 's' },
    { name: 'longest stop of the event loop', ours: of(({ longestStop }) => longestStop), unit: 'ms' },
    { name: 'memory of a face', ours: of(({ memory }) => memory), unit: 'bytes', ...target(1100) },
  ];
}
