/*
 * Measures what files cost that are made to take long or much to decode, and large ones that are not.
 *
 *     npm run bench -- bombs
 *
 * Each is read in a process of its own: decoded, as for crops, and by the models. Counts processor time and the most
 * memory of that process and those that it starts, from /proc, so it takes Linux. Fails when one takes longer or more
 * than it may.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import {
  blurredSvg,
  gifOfFrames,
  interlacedPng,
  jpegOfScans,
  pngOfTexts,
  pngWithMorePixels,
  tiffOfJpeg,
} from '../test/support/bombs.js';
import type { BombReport } from './bombs/bomb-process.js';

const ENTRY = fileURLToPath(new URL('./bombs/bomb-process.ts', import.meta.url));
/** The side of the largest square that is decoded, in pixels. */
const LARGEST = 11_585;
/** Processor seconds, and megabytes, that reading one file may take. */
const MOST_SECONDS = 20;
const MOST_MEMORY = 1500;
/** Milliseconds until a process is killed. */
const LONGEST = 90_000;
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

const flat = (side = LARGEST) =>
  sharp({
    create: { width: side, height: side, channels: 3, background: '#888' },
    limitInputPixels: false,
  });

const FILES: Record<string, () => Buffer | Promise<Buffer>> = {
  'JPEG of 1,500 scans': () => jpegOfScans(LARGEST, 1500),
  'JPEG of 100 scans': () => jpegOfScans(LARGEST, 100),
  'TIFF of such a JPEG': () => tiffOfJpeg(jpegOfScans(LARGEST, 1500), LARGEST),
  'SVG with a blur': () => blurredSvg(9999, 500),
  'PNG, 16 bits, interlaced': () => interlacedPng(LARGEST),
  'PNG, 16 bits, interlaced, as large as may be': () => interlacedPng(8191),
  'PNG of 600 texts': () => pngOfTexts(600, 7.9),
  'PNG that goes on': () => pngWithMorePixels(1500),
  'GIF of 60,000 frames': () => gifOfFrames(60_000),
  'JPEG, 134 megapixels': () => flat().jpeg().toBuffer(),
  'JPEG, progressive, 134 megapixels': () => flat().jpeg({ progressive: true }).toBuffer(),
  'WebP, 134 megapixels': () => flat().webp({ lossless: true, effort: 0 }).toBuffer(),
  'AVIF, 134 megapixels': () => flat().avif({ effort: 0 }).toBuffer(),
  'AVIF, as large as may be': () => flat(8191).avif({ effort: 0 }).toBuffer(),
};

const only = process.argv.slice(2).find((name) => Object.keys(FILES).some((file) => file.includes(name)));
const directory = await mkdtemp(join(tmpdir(), 'rekollect-bombs-'));
console.log(
  '| file | bytes | read by | processor | memory | outcome |\n| --- | ---: | --- | ---: | ---: | --- |',
);
try {
  for (const [name, make] of Object.entries(FILES)) {
    if (only && !name.includes(only)) continue;
    const file = join(directory, 'file');
    const bytes = await make();
    await writeFile(file, bytes);
    for (const reader of ['crop', 'engine']) {
      const { seconds, megabytes, outcome } = await readApart(file, reader);
      console.log(
        `| ${name} | ${bytes.length} | ${reader} | ${seconds.toFixed(1)} s | ${Math.round(megabytes)} MB | ${outcome} |`,
      );
      if (seconds > MOST_SECONDS || megabytes > MOST_MEMORY) process.exitCode = 1;
    }
  }
} finally {
  await rm(directory, { recursive: true });
}

async function readApart(file: string, reader: string) {
  const child = fork(ENTRY, [file, reader], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const ended = once(child, 'exit');
  let outcome = 'killed';
  await once(child, 'message');
  child.on('message', (report: Exclude<BombReport, 'ready'>) => {
    outcome = report.outcome;
  });
  const start = await usageOf(child.pid!);
  let last = start;
  let megabytes = 0;
  let isRunning = true;
  void ended.then(() => {
    isRunning = false;
  });
  const kill = setTimeout(() => child.kill('SIGKILL'), LONGEST);
  while (isRunning) {
    last = await usageOf(child.pid!).catch(() => last);
    megabytes = Math.max(megabytes, last.megabytes);
    await Promise.race([ended, after(20)]);
  }
  clearTimeout(kill);
  return { seconds: last.seconds - start.seconds, megabytes, outcome };
}

/** Of a process and those it started: processor seconds so far, and memory now. */
async function usageOf(pid: number): Promise<{ seconds: number; megabytes: number }> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'latin1');
  const [stat, memory, threads] = await Promise.all([
    read('stat'),
    read('statm'),
    readdir(`/proc/${pid}/task`),
  ]);
  // Each thread has its own.
  const children = await Promise.all(threads.map((id) => read(`task/${id}/children`).catch(() => '')));
  // After the name, which may hold anything: user, system, and those of children that have ended (proc_pid_stat(5)).
  const times = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 16);
  const own = {
    seconds: times.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND,
    megabytes: (Number(memory.split(' ')[1]) * PAGE_BYTES) / 1e6,
  };
  const nothing = { seconds: 0, megabytes: 0 };
  for (const child of children.join(' ').split(' ').filter(Boolean)) {
    const theirs = await usageOf(Number(child)).catch(() => nothing);
    own.seconds += theirs.seconds;
    own.megabytes += theirs.megabytes;
  }
  return own;
}
