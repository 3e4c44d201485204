import { randomUUID } from 'node:crypto';
import { IncompleteError, leftBehind } from '../errors.js';
import type { CollectionScope, CommandClient } from '../service/client.js';
import { createCollection, deleteCollection } from '../service/collections.js';
import { didNothing, Persistence, withGrace } from '../service/persistence.js';

/** What the ids of these collections begin with, so that one that a killed process has left is recognised. */
const PREFIX = 'rekollect-group-';

/**
 * Works with a collection that is made for it and deleted after it, however that ends.
 *
 * @throws IncompleteError when it could not be deleted; what `work` throws
 */
export async function withScratchCollection<Result>(
  client: CommandClient,
  work: (scratch: CollectionScope) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const scratch = { client, collectionId: `${PREFIX}${randomUUID()}` };
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
async function remove(scratch: CollectionScope, failure?: unknown): Promise<void> {
  const persistence = Persistence.forCleaningUp();
  try {
    await persistence.try(() => deleteCollection(scratch, persistence.signal));
  } catch (error) {
    const { collectionId } = scratch;
    const remains = leftBehind({}, { collectionId })!;
    throw new IncompleteError('Grouping faces', undefined, remains, { cause: failure ?? error });
  }
}
