/*
 * Damages a data file, each time in another way, and says what comes of using it. Its arguments are an empty
 * directory, whether the file was `closed` or its process `killed`, and which of the ways to go: from and to a number.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDiskStore } from '../../src/local/store/disk.js';
import type { Store } from '../../src/local/store/store.js';
import { DamagedDataError } from '../../src/local/store/store-errors.js';

const PAGE = 4096;

/** What was written, as JSON under its key. */
type Written = ReadonlyMap<string, string>;

async function damage(directory: string, closed: boolean, from: number, to: number): Promise<void> {
  const { whole, written } = await aDataFile(join(directory, 'whole'), closed);
  for (let seed = from; seed < to; seed++) {
    const path = join(directory, String(seed));
    mkdirSync(path);
    writeFileSync(join(path, 'collections.mdb'), damaged(whole, seed));
    const what = await use(path, written).catch((error: Error) => error.message);
    process.stdout.write(`${JSON.stringify({ seed, what })}\n`);
  }
}

/** A data file with all kinds of pages, and what is in it. It was closed once in between. */
async function aDataFile(directory: string, closed: boolean) {
  const first = await openDiskStore(directory);
  for (let round = 0; round < 3; round++) await fill(first, round);
  await first.close();
  const store = await openDiskStore(directory);
  for (let round = 3; round < 6; round++) await fill(store, round);
  const written = new Map(Array.from(store.keys(''), (key) => [key, JSON.stringify(store.get(key))]));
  const file = join(directory, 'collections.mdb');
  const unclosed = readFileSync(file);
  await store.close();
  return { whole: closed ? readFileSync(file) : unclosed, written };
}

async function fill(store: Store, round: number): Promise<void> {
  await store.write((transaction) => {
    for (let i = 0; i < 120; i++) transaction.put(`small/${i}`, { text: `${round}`.repeat(150 + i) });
    for (let i = round; i < 6; i++)
      transaction.put(`big/${i}`, { numbers: new Float32Array(3000).fill(round) });
  });
}

/**
 * Reads everything, then changes and removes everything: damage often shows only then.
 *
 * @returns what came of it, if that is as promised
 * @throws if it is not
 */
async function use(directory: string, written: Written): Promise<string> {
  const store = await unlessDamaged(() => openDiskStore(directory));
  if (!store) return 'refused';
  const unreadable = compare(store, written);

  const file = join(directory, 'collections.mdb');
  const before = readFileSync(file);
  const changed = new Map<string, string>();
  const keys = [...written.keys()];
  for (let i = 0; i < keys.length; i += 60) {
    const record = { numbers: new Float32Array(3 * i) };
    const some = keys.slice(i, i + 60);
    const isWritten = await unlessDamaged(() =>
      store.write((transaction) => {
        for (const key of some) transaction.put(key, record);
        return true;
      }),
    );
    if (isWritten) for (const key of some) changed.set(key, JSON.stringify(record));
  }
  if (changed.size === 0) {
    if (compare(store, written) !== unreadable)
      throw new Error('others cannot be read after a refused change');
    await store.close();
    if (!readFileSync(file).equals(before)) throw new Error('the file is not left as it was');
    return 'unchangeable';
  }
  if (compare(store, changed) > 0) throw new Error('what was written cannot be read');
  await store.close();

  const again = await openDiskStore(directory);
  if (compare(again, changed) > 0) throw new Error('what was written cannot be read any more');
  await again.write((transaction) => {
    for (const key of keys) transaction.remove(key);
  });
  compare(again, new Map());
  await again.close();
  return unreadable > 0 ? 'used without some records' : 'used';
}

/**
 * How many records cannot be read.
 *
 * @throws when there are others than were written
 */
function compare(store: Store, written: Written): number {
  const keys = [...store.keys('')];
  if (keys.length !== written.size || !keys.every((key) => written.has(key)))
    throw new Error('others than were written');
  let unreadable = 0;
  for (const key of keys) {
    try {
      if (JSON.stringify(store.get(key)) !== written.get(key)) throw new Error('others than were written');
    } catch (error) {
      if (!(error instanceof DamagedDataError)) throw error;
      unreadable++;
    }
  }
  return unreadable;
}

/** `undefined` where it is refused since the file is damaged. */
async function unlessDamaged<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedDataError) return undefined;
    throw error;
  }
}

function damaged(whole: Buffer, seed: number): Buffer {
  const random = randomNumbers(seed);
  const bytes = Buffer.from(whole);
  // A seal is one page more, if a short one.
  const pages = Math.ceil(whole.length / PAGE);
  // Every page has its turn, those of the beginning most often: all the others hang on them.
  const page = PAGE * (seed % 3 === 0 ? random(2) : random(pages));
  const other = PAGE * random(pages);
  const header = page + random(32);
  switch (random(6)) {
    case 0:
      bytes[header]! ^= 1 << random(8);
      return bytes;
    case 1:
      bytes[page + random(PAGE)]! ^= 1 << random(8);
      return bytes;
    case 2:
      return bytes.fill(0, page, Math.min(page + PAGE, bytes.length));
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

const [directory = '', state = '', from = '0', to = '0'] = process.argv.slice(2);
void damage(directory, state === 'closed', Number(from), Number(to));
