import { IncompleteError, leftBehind } from '../errors.js';
import { LIMITS } from '../limits.js';
import { disassociate } from '../service/associations.js';
import type { CollectionScope } from '../service/client.js';
import { type Deletion, deleteFaces, facesThatExist } from '../service/faces.js';
import { didNothing, isRefusal, Persistence, pause, persistently } from '../service/persistence.js';
import { deleteUser, facesOfUser } from '../service/users.js';
import type { Face } from '../types.js';
import { giveBack, orphansOf, rememberOrphans, unlessNotFound } from './orphans.js';

/** What was deleted of a person. */
export interface Erasure {
  /** False when there was no such user. */
  userDeleted: boolean;
  deletedFaceIds: readonly string[];
}

/** Milliseconds before listing again whether faces are gone: what a list answers may be a moment old. */
const RECHECKS = [50, 200, 800, 3200];

/** What a removal did beside deleting. */
interface Removal {
  /** Faces were taken from their users, or may have been. */
  hasReleased: boolean;
}

/** Deletes faces, those that belong to users too if asked to: the service would refuse them. */
export async function removeFaces(
  scope: CollectionScope,
  faceIds: readonly string[],
  evenIfAssociated: boolean,
  signal?: AbortSignal,
): Promise<Deletion> {
  signal?.throwIfAborted();
  const removal: Removal = { hasReleased: false };
  try {
    return await remove(scope, faceIds, () => evenIfAssociated, removal, signal);
  } catch (error) {
    const left = await facesLeft(scope, faceIds);
    if (left?.length === 0 && !isRefusal(error)) return { deleted: [...new Set(faceIds)], rejected: [] };
    const isAllThere = left?.length === new Set(faceIds).size;
    // Faces that are missing in a single call that was refused were never there.
    const isUndone = isAllThere || (isRefusal(error) && faceIds.length <= LIMITS.faceIdsPerDeletion);
    if (isUndone && !removal.hasReleased) throw error;
    const remains = left ? leftBehind({ faceIds: idsOf(left) }) : leftBehind({}, { faceIds });
    if (!remains) throw error;
    throw new IncompleteError('Deleting faces', undefined, remains, { cause: error });
  }
}

/**
 * Deletes a user and every face of it, the user last, once no face is found any more. Faces that could not be
 * deleted are given back to the user, so that the next call finds them.
 */
export async function eraseUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<Erasure> {
  const listed = await facesOfUser(scope, userId, signal);
  const faceIds = new Set([...orphansOf(scope, userId), ...idsOf(listed)]);
  const removal: Removal = { hasReleased: false };
  let isUserAskedToGo = false;
  try {
    await deleteEveryFace(scope, userId, faceIds, removal, signal);
    const userDeleted = await persistently(signal, (persistence) =>
      persistence.try(async (mayBeDone) => {
        isUserAskedToGo = true;
        return (await deleteUser(scope, userId, persistence.signal)) || mayBeDone;
      }),
    );
    rememberOrphans(scope, userId, []);
    return { userDeleted, deletedFaceIds: [...faceIds] };
  } catch (error) {
    const left = await facesLeft(scope, [...faceIds], userId);
    const isUndone = isUserAskedToGo ? didNothing(error) : !removal.hasReleased;
    if (isUndone && left?.length === faceIds.size) throw error;
    const associated = left ? await giveBack(scope, userId, left) : [];
    // Those that were given back too: a call that is still in work may take them from the user again.
    const remaining = left ? idsOf(left) : [...faceIds];
    rememberOrphans(scope, userId, remaining);
    const isUserThere =
      associated.length > 0 || (listed.length > 0 && (!isUserAskedToGo || isRefusal(error)));
    const remains = leftBehind(
      { user: isUserThere, associatedFaceIds: associated, faceIds: left ? remaining : [] },
      { user: !isUserThere, faceIds: left ? [] : remaining },
    );
    throw new IncompleteError('Erasing', userId, remains!, { cause: error });
  }
}

/** Deletes the faces of a user until none is listed: the first list may be out of date, and faces may be added. */
async function deleteEveryFace(
  scope: CollectionScope,
  userId: string,
  faceIds: Set<string>,
  removal: Removal,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const ms of [...RECHECKS, undefined]) {
    if (faceIds.size > 0) {
      const { rejected } = await remove(scope, [...faceIds], (owner) => owner === userId, removal, signal);
      // They belong to somebody else by now.
      for (const face of rejected) if (face.userId && face.userId !== userId) faceIds.delete(face.faceId);
    }
    const left = await persistently(signal, async (persistence) => [
      ...(await persistence.try(() => facesThatExist(scope, [...faceIds], persistence.signal))),
      ...(await persistence.try(() => facesOfUser(scope, userId, persistence.signal))),
    ]);
    if (left.length === 0) return;
    for (const faceId of idsOf(left)) faceIds.add(faceId);
    if (ms === undefined) throw new Error(`The service still lists ${left.length} faces of the user.`);
    await pause(ms, signal);
  }
}

/** Deletes faces; those that belong to users are taken from them first where that is wanted. */
function remove(
  scope: CollectionScope,
  faceIds: readonly string[],
  mayTakeFrom: (userId: string) => boolean,
  removal: Removal,
  signal: AbortSignal | undefined,
): Promise<Deletion> {
  return persistently(signal, async (persistence) => {
    const first = await deleteFaces(scope, faceIds, persistence);
    const owners = new Map<string, string[]>();
    for (const { faceId, userId, reasons } of first.rejected) {
      if (userId === undefined || !reasons.includes('ASSOCIATED_TO_AN_EXISTING_USER')) continue;
      if (mayTakeFrom(userId)) owners.set(userId, [...(owners.get(userId) ?? []), faceId]);
    }
    if (owners.size === 0) return first;
    signal?.throwIfAborted();
    removal.hasReleased = true;
    for (const [userId, owned] of owners) {
      await persistence
        .try(() => disassociate(scope, userId, owned, persistence.signal))
        // A user that is gone has no faces any more.
        .catch(unlessNotFound);
    }
    const released = new Set([...owners.values()].flat());
    const second = await deleteFaces(scope, [...released], persistence);
    return {
      deleted: [...first.deleted, ...second.deleted],
      rejected: [...first.rejected.filter(({ faceId }) => !released.has(faceId)), ...second.rejected],
    };
  });
}

/** The faces that are there, and are nobody's or this user's; `undefined` when that cannot be found out. */
async function facesLeft(
  scope: CollectionScope,
  faceIds: readonly string[],
  ofUser?: string,
): Promise<Face[] | undefined> {
  const persistence = Persistence.forCleaningUp();
  try {
    const faces = await persistence.try(() => facesThatExist(scope, faceIds, persistence.signal));
    return faces.filter(({ userId }) => ofUser === undefined || userId === undefined || userId === ofUser);
  } catch {
    return undefined;
  }
}

function idsOf(faces: readonly Face[]): string[] {
  return faces.map(({ faceId }) => faceId);
}
