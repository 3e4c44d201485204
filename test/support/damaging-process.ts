/*
 * Opens a directory again and again, each time with other damage to its data file, as after a kill; and says what is
 * read then. Its arguments are an empty directory, and which ways of damage to try: from and to a number.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDiskStore } from '../../src/local/store/disk.js';
import { recordsOf } from './records-of.js';

const PAGE = 4096;

async function damageAndOpen(directory: string, from: number, to: number): Promise<void> {
  const states = await fill(directory);
  const file = join(directory, 'collections.mdb');
  const whole = readFileSync(file);
  for (let seed = from; seed < to; seed++) {
    const bytes = damaged(whole, seed);
    rmSync(join(directory, 'clean-shutdown.json'), { force: true });
    writeFileSync(file, bytes);
    const found = await read(directory).then(
      (records) => ['empty', 'earlier', 'last'][states.indexOf(records)] ?? 'never written',
      (error: Error) => error.name,
    );
    const isLeftAlone = readFileSync(file).equals(bytes);
    process.stdout.write(`${JSON.stringify({ seed, found, isLeftAlone })}\n`);
  }
}

/** @returns what the directory held before each change, and in the end */
async function fill(directory: string): Promise<string[]> {
  const store = await openDiskStore(directory);
  const states = [JSON.stringify(recordsOf(store))];
  for (let round = 0; round < 2; round++) {
    await store.write((transaction) => {
      for (let i = 100; i < 300; i++) transaction.put(`short/${i}`, { text: `${round}`.repeat(200), i });
      for (let i = 10; i < 20; i++)
        transaction.put(`long/${i}`, { numbers: new Float32Array(3000).fill(i + round) });
    });
    states.push(JSON.stringify(recordsOf(store)));
  }
  await store.close();
  return states;
}

async function read(directory: string): Promise<string> {
  const store = await openDiskStore(directory);
  try {
    return JSON.stringify(recordsOf(store));
  } finally {
    await store.close();
  }
}

function damaged(whole: Buffer, seed: number): Buffer {
  const random = randomNumbers(seed);
  const bytes = Buffer.from(whole);
  const pages = Math.ceil(whole.length / PAGE);
  // Those of the beginning have their turn most often: all the others hang on them.
  const page = PAGE * (seed % 3 === 0 ? random(2) : random(pages));
  const other = PAGE * random(pages);
  switch (seed % 5) {
    case 0:
      bytes[page + random(160)] = random(256);
      return bytes;
    case 1:
      bytes[page + random(PAGE)]! ^= 1 << random(8);
      return bytes;
    case 2:
      return bytes.fill(0, page, page + PAGE);
    case 3:
      for (let at = page; at < page + PAGE; at++) bytes[at] = random(256);
      return bytes;
    default:
      // One page in the place of another.
      whole.copy(bytes, page, other, other + PAGE);
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
void damageAndOpen(directory, Number(from), Number(to));
