/*
 * How long a collection of many faces takes to open from disk, and how much memory each face takes then:
 *
 *   npx tsx bench/open-collection.ts [faces]
 *
 * Fills a temporary directory with faces of random vectors of 128 numbers (a million by default), and opens it in
 * another process, once as it was closed and once as if its process had been killed. Files that were just written are
 * in the system's cache.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDiskStore } from '../src/local/store/disk.js';
import { ChangingRecords, Records } from '../src/local/store/records.js';
import { VectorIndexes } from '../src/local/vector-indexes.js';
import type { VectorSpace } from '../src/local/vision/vision.js';

const FACES_PER_WRITE = 640;
const SPACE: VectorSpace = {
  version: 'random',
  parts: [{ name: 'random', length: 128, weight: 1 }],
  similarity: (distance) => 100 / (1 + distance),
};

async function fill(directory: string, faceCount: number): Promise<void> {
  const store = await openDiskStore(directory);
  const start = performance.now();
  await store.write((transaction) => new ChangingRecords(transaction).addCollection('many', 0, {}));
  for (let n = 0; n < faceCount; n += FACES_PER_WRITE) {
    const faces = Array.from({ length: Math.min(FACES_PER_WRITE, faceCount - n) }, aFace);
    await store.write((transaction) =>
      new ChangingRecords(transaction).addFaces('many', faces, SPACE.version),
    );
  }
  const filled = performance.now();
  await store.close();
  const { size } = await stat(join(directory, 'collections.mdb'));
  report(
    `fill, ${FACES_PER_WRITE} faces a write`,
    filled - start,
    `${(((filled - start) * 1000) / faceCount).toFixed(1)} us a face`,
  );
  report('close', performance.now() - filled, `${(size / faceCount).toFixed(0)} bytes a face on disk`);
}

async function open(directory: string): Promise<void> {
  const memory = process.memoryUsage.rss();
  const start = performance.now();
  const store = await openDiskStore(directory);
  const opened = performance.now();
  const records = new Records(store);
  const collection = records.collection('many');
  const { faces } = await new VectorIndexes().of(collection, SPACE, records);
  const indexed = performance.now();
  report('open the directory', opened - start);
  report('read the vectors into the index', indexed - opened);
  report('in all', indexed - start);
  // Pages of the file count as memory of the process for as long as it is open.
  await store.close();
  const bytes = (process.memoryUsage.rss() - memory) / faces.size;
  console.log(`memory: ${bytes.toFixed(0)} bytes a face, of ${faces.size} faces`);
}

/** Whoever kills the process leaves whole pages, and no seal behind them. */
async function removeSeal(directory: string): Promise<void> {
  const file = join(directory, 'collections.mdb');
  const { size } = await stat(file);
  await truncate(file, size - (size % 4096));
}

function aFace() {
  return {
    faceId: randomUUID(),
    imageId: randomUUID(),
    boundingBox: { left: 0.25, top: 0.25, width: 0.5, height: 0.5 },
    confidence: 99.9,
    vector: Float32Array.from({ length: 128 }, Math.random),
  };
}

function report(what: string, ms: number, more = ''): void {
  console.log(`${what.padEnd(32)} ${(ms / 1000).toFixed(2).padStart(7)} s  ${more}`);
}

async function bench(faceCount: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-bench-'));
  try {
    await fill(directory, faceCount);
    await once(fork(fileURLToPath(import.meta.url), ['open', directory]), 'exit');
    await removeSeal(directory);
    console.log('after a kill:');
    await once(fork(fileURLToPath(import.meta.url), ['open', directory]), 'exit');
  } finally {
    await rm(directory, { recursive: true });
  }
}

const [first = '1000000', directory = ''] = process.argv.slice(2);
void (first === 'open' ? open(directory) : bench(Number(first)));
