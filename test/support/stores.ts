import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDiskStore } from '../../src/local/store/disk.js';
import { MemoryStore } from '../../src/local/store/memory.js';
import type { Store } from '../../src/local/store/store.js';

/** A new directory, which goes with the test. */
export async function aDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A new store in a directory of its own; both go with the test. */
export async function aDiskStore(): Promise<Store> {
  const directory = await aDirectory();
  const store = await openDiskStore(directory);
  onTestFinished(() => store.close());
  return store;
}

/** Every store there is: what holds for one has to hold for all. */
export const STORES: readonly [name: string, open: () => Promise<Store>][] = [
  ['in memory', async () => new MemoryStore()],
  ['on disk', aDiskStore],
];
