import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from 'rekollect/local';
import { checkDatabase } from '../../src/local/store/database-check.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import type { PageUse } from '../../src/local/store/page-uses.js';
import { Seal } from '../../src/local/store/seal.js';
import { aDirectory } from './stores.js';

export const PAGE = 4096;

/** What a store holds, as JSON under its keys. */
export function recordsOf(store: Store): Record<string, string> {
  return Object.fromEntries(Array.from(store.keys(''), (key) => [key, JSON.stringify(store.get(key))]));
}

/**
 * A directory with short and long records that was closed properly, and its data file.
 *
 * @param text of each short record
 */
export async function aClosedDirectory(text = 'short') {
  const directory = await aDirectory();
  const store = await openDiskStore(directory);
  // The second time, so that there are free pages.
  for (let round = 0; round < 2; round++)
    await store.write((transaction) => {
      for (let i = 100; i < 300; i++) transaction.put(`short/${i}`, { text: text.repeat(40), i });
      for (let i = 10; i < 20; i++)
        transaction.put(`long/${i}`, { numbers: new Float32Array(3000).fill(i + round) });
    });
  const records = recordsOf(store);
  await store.close();
  const file = join(directory, 'collections.mdb');
  return { directory, file, records, whole: readFileSync(file) };
}

/** The numbers of the pages of a data file that LMDB makes the same use of. */
export async function pagesOf(file: string, use: PageUse): Promise<number[]> {
  await using handle = await open(file);
  const { uses } = await checkDatabase(handle, file);
  return Array.from(uses.runs(use, 1), ({ page }) => page);
}

export async function isSealed(file: string): Promise<boolean> {
  await using handle = await open(file);
  return (await Seal.find(handle)) !== undefined;
}
