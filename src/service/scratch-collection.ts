import { randomUUID } from 'node:crypto';
import { IncompleteError, leftBehind } from '../errors.js';
import type { CollectionScope, CommandClient } from './client.js';
import { createCollection, deleteCollection } from './collections.js';
import { didNothing, Persistence, withGrace } from './persistence.js';

/** What needs a collection of its own, and what its id begins with: one that a killed process has left is recognised. */
const PREFIXES = { Grouping: 'rekollect-group-', Evaluating: 'rekollect-evaluation-' } as const;

/** Whether a collection was made to be deleted: something works with it now, or was killed. */
export function isScratch(collectionId: string): boolean {
  return Object.values(PREFIXES).some((prefix) => collectionId.startsWith(prefix));
}

interface Scratch extends CollectionScope {
  readonly purpose: keyof typeof PREFIXES;
}

/**
 * Works with a collection that is made for it and deleted after it, however that ends.
 *
 * @throws IncompleteError when it could not be deleted; what `work` throws
 */
export async function withScratchCollection<Result>(
  client: CommandClient,
  purpose: Scratch['purpose'],
  work: (scratch: CollectionScope) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  signal?.throwIfAborted();
  const scratch = { client, purpose, collectionId: `${PREFIXES[purpose]}${randomUUID()}` };
  try {
    await withGrace(signal, (own) => createCollection(scratch, undefined, own));
  } catch (error) {
    // It may have been made all the same.
    if (!didNothing(error)) await remove(scratch, error);
    throw error;
  }
  let result: Result;
  try {
    result = await work(scratch);
  } catch (error) {
    await remove(scratch, error);
    throw error;
  }
  await remove(scratch);
  return result;
}

/** @param failure why this ends early, if it does */
async function remove(scratch: Scratch, failure?: unknown): Promise<void> {
  const persistence = Persistence.forCleaningUp();
  try {
    await persistence.try(() => deleteCollection(scratch, persistence.signal));
  } catch (error) {
    const { purpose, collectionId } = scratch;
    const remains = leftBehind({}, { collectionId })!;
    throw new IncompleteError(purpose, undefined, remains, { cause: failure ?? error });
  }
}
