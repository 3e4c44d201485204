/*
 * Damages a data file that was never closed, each time in another way, and says what comes of using it. Its arguments
 * are an empty directory, and which of the ways to go: from and to a number.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDiskStore } from '../../src/local/store/disk.js';
import type { Store } from '../../src/local/store/store.js';

const PAGE = 4096;

async function damage(directory: string, from: number, to: number): Promise<void> {
  const { whole, records } = await anUnsealedFile(join(directory, 'whole'));
  for (let seed = from; seed < to; seed++) {
    const path = join(directory, String(seed));
    mkdirSync(path);
    writeFileSync(join(path, 'collections.mdb'), damaged(whole, seed));
    const what = await use(path, records);
    process.stdout.write(`${JSON.stringify({ seed, what })}\n`);
  }
}

/** The data file as a process leaves it that is killed now, with all kinds of pages, and what is in it. */
async function anUnsealedFile(directory: string) {
  const store = await openDiskStore(directory);
  for (let round = 0; round < 6; round++) {
    await store.write((transaction) => {
      for (let i = 0; i < 120; i++) transaction.put(`small/${i}`, { text: `${round}`.repeat(150 + i) });
      for (let i = round; i < 6; i++)
        transaction.put(`big/${i}`, { numbers: new Float32Array(3000).fill(round) });
    });
  }
  const whole = readFileSync(join(directory, 'collections.mdb'));
  const records = recordsOf(store);
  await store.close();
  return { whole, records };
}

function recordsOf(store: Store): string {
  return JSON.stringify(Array.from(store.keys(''), (key) => [key, store.get(key)]));
}

/** Reads everything, then changes and removes everything: damage often shows only then. */
async function use(directory: string, records: string): Promise<string> {
  try {
    const store = await openDiskStore(directory);
    if (recordsOf(store) !== records) return 'other records';
    const keys = [...store.keys('')];
    for (let i = 0; i < keys.length; i += 60) {
      await store.write((transaction) => {
        for (const key of keys.slice(i, i + 60)) transaction.put(key, { numbers: new Float32Array(3 * i) });
      });
    }
    await store.write((transaction) => {
      for (const key of keys) transaction.remove(key);
    });
    await store.close();
    return 'used';
  } catch (error) {
    return (error as Error).name;
  }
}

function damaged(whole: Buffer, seed: number): Buffer {
  const random = randomNumbers(seed);
  const bytes = Buffer.from(whole);
  // Every page has its turn, those of the beginning most often: all the others hang on them.
  const page = PAGE * (seed % 3 === 0 ? random(2) : random(whole.length / PAGE));
  const other = PAGE * random(whole.length / PAGE);
  const header = page + random(32);
  switch (random(6)) {
    case 0:
      bytes[header]! ^= 1 << random(8);
      return bytes;
    case 1:
      bytes[page + random(PAGE)]! ^= 1 << random(8);
      return bytes;
    case 2:
      return bytes.fill(0, page, page + PAGE);
    case 3:
      for (let at = page; at < page + PAGE; at++) bytes[at] = random(256);
      return bytes;
    case 4:
      // One page in the place of another.
      whole.copy(bytes, page, other, other + PAGE);
      return bytes;
    default:
      // Of a meta, or of the table and the first nodes of any other page.
      bytes[page + 24 + random(140)] = random(256);
      return bytes;
  }
}

/** Whole numbers from 0 on that are below what is asked for, the same for the same seed (xorshift, Marsaglia 2003). */
function randomNumbers(seed: number): (below: number) => number {
  let state = (seed + 1) * 2_654_435_761;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const [directory = '', from = '0', to = '0'] = process.argv.slice(2);
void damage(directory, Number(from), Number(to));
