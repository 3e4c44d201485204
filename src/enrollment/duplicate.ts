import type { CollectionScope } from '../service/client.js';
import { searchUsersById } from '../service/searches.js';
import type { UserMatch } from '../types.js';

/** The user beside this one who is most like this face, at the threshold or above: one person, two users. */
export async function findDuplicate(
  scope: CollectionScope,
  userId: string,
  faceId: string | undefined,
  threshold: number | undefined,
  signal?: AbortSignal,
): Promise<UserMatch | undefined> {
  if (faceId === undefined || threshold === undefined) return undefined;
  // Two, since the user itself may be one of them.
  const answer = await searchUsersById(scope, { faceId }, { threshold, limit: 2 }, signal);
  return answer.status === 'searched' ? answer.found.find((match) => match.userId !== userId) : undefined;
}
