import { IncompleteError } from './errors.js';
import { disassociate } from './service/associations.js';
import { type CollectionScope, isServiceError } from './service/client.js';
import { describeCollection } from './service/collections.js';
import { type Deletion, deleteFaces, facesOfUser } from './service/faces.js';
import { deleteUser } from './service/users.js';

/** What is gone of a person. */
export interface Erasure {
  /** False when there was no such user. */
  userDeleted: boolean;
  deletedFaceIds: readonly string[];
}

/** Deletes faces; those that belong to users are taken from them first, since the service would refuse them. */
export async function deleteFacesOfAnyone(
  scope: CollectionScope,
  faceIds: readonly string[],
  signal?: AbortSignal,
): Promise<Deletion> {
  const first = await deleteFaces(scope, faceIds, signal);
  const owners = new Map<string, string[]>();
  for (const { faceId, userId, reasons } of first.failed) {
    if (userId === undefined || !reasons.includes('ASSOCIATED_TO_AN_EXISTING_USER')) continue;
    owners.set(userId, [...(owners.get(userId) ?? []), faceId]);
  }
  if (owners.size === 0) return first;
  for (const [userId, owned] of owners) await disassociate(scope, userId, owned, signal);
  const released = new Set([...owners.values()].flat());
  const second = await deleteFaces(scope, [...released], signal);
  return {
    deleted: [...first.deleted, ...second.deleted],
    failed: [...first.failed.filter(({ faceId }) => !released.has(faceId)), ...second.failed],
  };
}

/** Deletes a user and every face of it, the user last: until then a second call finds what is left. */
export async function eraseUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<Erasure> {
  const faceIds = (await facesOfUser(scope, userId, signal)).map(({ faceId }) => faceId);
  const remaining = new Set(faceIds);
  try {
    if (faceIds.length > 0) {
      const { deleted, failed } = await deleteFacesOfAnyone(scope, faceIds, signal);
      for (const faceId of deleted) remaining.delete(faceId);
      for (const { faceId, reasons } of failed)
        if (reasons.includes('FACE_NOT_FOUND')) remaining.delete(faceId);
      if (remaining.size > 0)
        throw new Error(`The service kept ${remaining.size} faces: ${failed[0]?.reasons}.`);
    }
    await deleteUser(scope, userId, signal);
    return { userDeleted: true, deletedFaceIds: faceIds };
  } catch (error) {
    if (remaining.size === 0 && isServiceError(error, 'ResourceNotFoundException')) {
      // The same error stands for a collection that is not there, and then nothing was erased.
      await describeCollection(scope, signal);
      return { userDeleted: false, deletedFaceIds: faceIds };
    }
    // The faces may have left the user already, and then nobody but this error knows which they were.
    if (remaining.size > 0) {
      const leftBehind = { user: true, associatedFaceIds: [], faceIds: [...remaining] };
      throw new IncompleteError('Erasing', userId, leftBehind, { cause: error });
    }
    throw error;
  }
}
