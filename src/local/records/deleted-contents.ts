import type { Reading, Store, Transaction } from '../store/store.js';
import { ChangingRecords } from './changing-records.js';
import { KEYS, KINDS_OF_CONTENTS, Records } from './records.js';

/** Records removed in one step: enough to be done soon, few enough not to hold up the event loop. */
const RECORDS_PER_STEP = 1000;

/**
 * Removes the contents of deleted collections, bit by bit. What it does not get to is removed the next time.
 *
 * @param isStopped asked before each step
 */
export async function purgeDeletedContents(store: Store, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && isSome(store, KEYS.deletedContents)) {
    await store.write(purgeSome);
    await new Promise(setImmediate);
  }
}

/** Deletes every collection whose import was broken off. */
export async function abandonImports(store: Store): Promise<void> {
  if (!isSome(store, KEYS.imports)) return;
  await store.write((transaction) => {
    for (const { collectionId } of [...new Records(transaction, KEYS.imports).collections()])
      abandonImport(transaction, collectionId);
  });
}

/** Deletes a collection that was being imported. */
export function abandonImport(transaction: Transaction, collectionId: string): void {
  const imports = new ChangingRecords(transaction, KEYS.imports);
  if (imports.findCollection(collectionId)) imports.deleteCollection(collectionId);
}

function isSome(source: Reading, prefix: string): boolean {
  const [first] = source.keys(prefix);
  return first !== undefined;
}

function purgeSome(transaction: Transaction): void {
  const [deleted] = transaction.keys(KEYS.deletedContents);
  if (deleted === undefined) return;
  const keys = keysOfContents(transaction, deleted.slice(KEYS.deletedContents.length));
  for (const key of keys) transaction.remove(key);
  if (keys.length < RECORDS_PER_STEP) transaction.remove(deleted);
}

function keysOfContents(source: Reading, contents: string): string[] {
  const keys: string[] = [];
  for (const kind of KINDS_OF_CONTENTS) {
    for (const key of source.keys(`${kind}/${contents}/`)) {
      if (keys.length === RECORDS_PER_STEP) return keys;
      keys.push(key);
    }
  }
  return keys;
}
