/*
 * Measures how long a collection of many faces takes to open from disk, until it can be searched.
 *
 *     npm run bench -- open [--faces 1000000] [--rounds 5] [--descriptors 1,2] [--json FILE]
 *
 * Fills a temporary directory with made-up faces of one descriptor, 128 numbers, and another one with those of both,
 * 1152. Then opens it a few times, each in a new process, and once as if its process had been killed. Files that were
 * just written are in the system's cache. Takes 8 GB on disk for a million faces. Fails when a target is missed.
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
    descriptors: { type: 'string', default: '1,2' },
    json: { type: 'string' },
  },
});

const MILLION = 1_000_000;
const OPENING_PROCESS = fileURLToPath(new URL('./open/opening-process.ts', import.meta.url));

const faces = Number(values.faces);
const figures: Figure[] = [];
for (const descriptors of String(values.descriptors).split(',')) {
  const figuresOfThese = await measure(descriptors === '2' ? 2 : 1);
  console.log(toTable(figuresOfThese));
  figures.push(...figuresOfThese);
}
if (values.json !== undefined) {
  const report = figures.map((figure) => ({ ...figure, holds: holds(figure) }));
  await writeFile(String(values.json), JSON.stringify(report, null, 2));
}
if (figures.some((figure) => holds(figure) === false)) process.exitCode = 1;

async function measure(parts: 1 | 2): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-bench-'));
  const dataFile = join(directory, 'collections.mdb');
  try {
    const start = performance.now();
    await fillDirectory(directory, faces, parts);
    const { size } = await stat(dataFile);
    const seconds = (performance.now() - start) / 1000;
    const bytes = Math.round(size / faces);
    console.log(`Filled with ${faces} faces in ${seconds.toFixed(0)} s; ${bytes} bytes a face on disk.`);

    const openings: Opening[] = [];
    for (let round = 0; round < Number(values.rounds); round++)
      openings.push(await openOnce(directory, parts));
    await removeSeal(dataFile);
    return figuresOf(parts, openings, await openOnce(directory, parts));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function openOnce(directory: string, parts: number): Promise<Opening> {
  const child = fork(OPENING_PROCESS, [directory, String(parts)]);
  const [opening] = (await once(child, 'message')) as [Opening];
  return opening;
}

/** A file without a seal is that of a process that was killed, and a seal that lacks a byte is none. */
async function removeSeal(dataFile: string): Promise<void> {
  const { size } = await stat(dataFile);
  await truncate(dataFile, size - 1);
}

function figuresOf(parts: 1 | 2, openings: readonly Opening[], afterKill: Opening): Figure[] {
  const of = (pick: (opening: Opening) => number) => median(openings.map(pick));
  const descriptors = parts === 1 ? 'one descriptor' : 'both descriptors';
  // What is promised is promised of a million faces.
  const target = (atMost: number) => faces >= MILLION && { target: { atMost } };
  return [
    {
      name: `from disk to searchable, ${faces} faces, ${descriptors}`,
      ours: of(({ directory, index }) => directory + index) / 1000,
      unit: 's',
      ...target(2),
    },
    { name: 'of this, to open the directory', ours: of((opening) => opening.directory) / 1000, unit: 's' },
    { name: 'of this, to fill the index', ours: of((opening) => opening.index) / 1000, unit: 's' },
    { name: 'the first search after it', ours: of((opening) => opening.search) / 1000, unit: 's' },
    { name: 'from there until searches are fast', ours: of((opening) => opening.rest) / 1000, unit: 's' },
    { name: 'to open the directory after a kill', ours: afterKill.directory / 1000, unit: 's' },
    { name: 'time on the processor for all', ours: of(({ processor }) => processor) / 1000, unit: 's' },
    { name: 'longest stop of the event loop', ours: of(({ longestStop }) => longestStop), unit: 'ms' },
    {
      name: 'memory of a face',
      ours: of(({ memory }) => memory),
      unit: 'bytes',
      ...target(parts === 1 ? 700 : 2048),
    },
  ];
}
