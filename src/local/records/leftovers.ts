import type { Reading, Store, Transaction } from '../store/store.js';
import { ChangingRecords } from './changing-records.js';
import { KEYS, KINDS_OF_CONTENTS, Records } from './records.js';

/** Records removed in one step: enough to be done soon, few enough to let others have their turn. */
const RECORDS_PER_STEP = 1000;

/**
 * Removes contents that belong to no collection any more, bit by bit. What it does not get to is removed the next
 * time.
 *
 * @param isStopped asked before each step
 */
export async function clearLeftovers(store: Store, isStopped: () => boolean): Promise<void> {
  while (!isStopped() && isSome(store, KEYS.leftovers)) {
    await store.write(clearSome);
    await new Promise(setImmediate);
  }
}

/** Turns every collection whose import was broken off into leftovers. */
export async function abandonImports(store: Store): Promise<void> {
  if (!isSome(store, KEYS.imports)) return;
  await store.write((transaction) => {
    for (const { collectionId } of [...new Records(transaction, KEYS.imports).collections()])
      abandonImport(transaction, collectionId);
  });
}

/** Turns a collection that was being imported into leftovers. */
export function abandonImport(transaction: Transaction, collectionId: string): void {
  const imports = new ChangingRecords(transaction, KEYS.imports);
  if (imports.findCollection(collectionId)) imports.deleteCollection(collectionId);
}

function isSome(source: Reading, prefix: string): boolean {
  const [first] = source.keys(prefix);
  return first !== undefined;
}

function clearSome(transaction: Transaction): void {
  const [leftover] = transaction.keys(KEYS.leftovers);
  if (leftover === undefined) return;
  const keys = keysOfContents(transaction, leftover.slice(KEYS.leftovers.length));
  for (const key of keys) transaction.remove(key);
  if (keys.length < RECORDS_PER_STEP) transaction.remove(leftover);
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
