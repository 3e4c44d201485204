import { isRekollectError } from '../../errors.js';
import type { FaceCollection } from '../../face-collection.js';

/**
 * Gives a user another id: the service has no call for it, so a new one is made that takes all faces of the old.
 *
 * @returns false when there is such a user already, and nothing was changed
 */
export async function renameUser(
  collection: FaceCollection,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { created } = await collection.createUser(to, { signal });
  if (!created) return false;
  try {
    // They are the same faces of the same person, however unlike.
    const { rejected, userDeleted } = await collection.mergeUsers(from, to, { threshold: 0, signal });
    if (userDeleted || rejected.length > 0) return true;
    throw new Error('There is no such person any more. Go back to the list.');
  } catch (error) {
    // Where it was half done both are left: to merge them completes it. The first error says more than a second.
    if (!isRekollectError(error, 'INCOMPLETE')) await collection.deleteUser(to).catch(() => {});
    throw error;
  }
}
