import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openDiskStore } from '../../src/local/store/disk.js';
import { recordsOf } from './records-of.js';
import { aDirectory } from './stores.js';

/** Says that a directory was closed properly. */
export const MARK = 'clean-shutdown.json';

/** A directory with short and long records that was closed properly. */
export async function aClosedDirectory() {
  const directory = await aDirectory();
  const store = await openDiskStore(directory);
  // The second time, so that there are free pages.
  for (let round = 0; round < 2; round++)
    await store.write((transaction) => {
      for (let i = 100; i < 300; i++) transaction.put(`short/${i}`, { text: 'short'.repeat(40), i });
      for (let i = 10; i < 20; i++)
        transaction.put(`long/${i}`, { numbers: new Float32Array(3000).fill(i + round) });
    });
  const records = recordsOf(store);
  await store.close();
  const file = join(directory, 'collections.mdb');
  return { directory, file, records, whole: readFileSync(file) };
}

/** The same, as a process leaves it that is killed. */
export async function anUncleanDirectory() {
  const closed = await aClosedDirectory();
  await rm(join(closed.directory, MARK));
  return closed;
}
