import { randomUUID } from 'node:crypto';
import { withAdvice } from '../advice.js';
import { FaceCollection } from '../face-collection.js';
import { DEFAULTS } from '../limits.js';
import type { CollectionScope } from '../service/client.js';
import { deleteCollection } from '../service/collections.js';
import { Persistence } from '../service/persistence.js';
import { listUsers, waitForUser } from '../service/users.js';

/** What the names of scratch collections begin with. Only a process that was killed leaves one. */
const PREFIX = 'rekollect-evaluation-';

/**
 * Makes a collection for one task, and deletes it when the task has ended, whichever way.
 *
 * @param options of the collection
 */
export async function withScratchCollection<Result>(
  options: ConstructorParameters<typeof FaceCollection>[1],
  task: (scratch: FaceCollection) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted();
  const scratch = new FaceCollection(`${PREFIX}${randomUUID()}`, options);
  let result: Result;
  try {
    await scratch.create({ signal });
    result = await task(scratch);
  } catch (error) {
    throw await remove(scratch).then(
      () => error,
      () => withAdvice(error, leftBehind(scratch)),
    );
  }
  await remove(scratch).catch((error) => {
    throw withAdvice(error, leftBehind(scratch));
  });
  return result;
}

/** Waits until the vectors of all users stand for their faces. */
export async function waitForUsers(scope: CollectionScope, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const users = await listUsers(scope, signal).all();
    const updating = users.find(({ status }) => status === 'UPDATING' || status === 'CREATING');
    if (!updating) return;
    await waitForUser(scope, updating.userId, DEFAULTS.waitInterval, signal);
  }
}

async function remove(scratch: FaceCollection): Promise<void> {
  const persistence = Persistence.forCleaningUp();
  await persistence.try(() => deleteCollection(scratch, persistence.signal));
}

function leftBehind({ collectionId }: FaceCollection): string {
  return `The scratch collection "${collectionId}" may be left behind: delete it.`;
}
