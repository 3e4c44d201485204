import { IncompleteError, InvalidArgumentError, leftBehind, UserNotReadyError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { facesThatExist } from '../service/faces.js';
import { persistently } from '../service/persistence.js';
import type { RejectedFace } from '../service/reasons.js';
import { present } from '../service/shapes.js';
import { deleteUser, facesOfUser, listUsers } from '../service/users.js';
import type { UserStatus } from '../types.js';
import { checkRoom, goesBack, transfer } from './move-faces.js';
import { orphansOf } from './orphans.js';

/** What became of two users that were to be one. */
export interface UserMerge {
  /** Faces that are part of the remaining user now, and were the other's. */
  moved: readonly string[];
  /** Faces that the remaining user does not take: they are the other's as before. */
  rejected: readonly RejectedFace[];
  /** False when there was no such user, or it is left with faces: those rejected, or some it was given meanwhile. */
  userDeleted: boolean;
  /** Of the remaining user. */
  userStatus?: UserStatus;
}

const OPERATION = 'Merging another user into';

/** Moves all faces of a user to another, and deletes the user that has none left. */
export async function mergeUsers(
  scope: CollectionScope,
  from: string,
  into: string,
  threshold: number,
  signal?: AbortSignal,
): Promise<UserMerge> {
  if (from === into) throw new InvalidArgumentError('into', into, 'another user than `from`');
  const isThere = new Set<string>();
  for await (const { userId } of listUsers(scope, signal)) {
    if (userId === from || userId === into) isThere.add(userId);
  }
  if (!isThere.has(into)) {
    throw new UserNotReadyError(into, 'NO_SUCH_USER', `is not in collection "${scope.collectionId}".`);
  }
  if (!isThere.has(from)) return { moved: [], rejected: [], userDeleted: false };

  // Those that an earlier call took from the user, and could not give back.
  const orphans = await facesThatExist(scope, orphansOf(scope, from), signal);
  const orphaned = orphans.filter(({ userId }) => userId === undefined);
  const faces = [...(await facesOfUser(scope, from, signal)), ...orphaned];
  checkRoom(into, (await facesOfUser(scope, into, signal)).length, faces.length);

  const owned = faces.map(({ faceId }) => ({ faceId, userId: from }));
  const request = { threshold, operation: OPERATION };
  const { moved, rejected, userStatus } =
    owned.length > 0
      ? await transfer(scope, owned, into, request, signal)
      : { moved: [], rejected: [], userStatus: undefined };
  try {
    // A list that is a moment old has faces that have moved.
    const left = (await facesOfUser(scope, from, signal)).filter(({ faceId }) => !moved.includes(faceId));
    const userDeleted =
      left.length === 0 &&
      !rejected.some(goesBack) &&
      (await persistently(signal, (persistence) =>
        persistence.try(
          async (mayBeDone) => (await deleteUser(scope, from, persistence.signal)) || mayBeDone,
        ),
      ));
    return present({ moved, rejected, userDeleted, userStatus });
  } catch (error) {
    const remains = leftBehind({ associatedFaceIds: moved });
    throw remains ? new IncompleteError(OPERATION, into, remains, { cause: error }) : error;
  }
}
