import { LIMITS } from '../limits.js';
import { associateChunk } from '../service/associations.js';
import { chunks } from '../service/chunks.js';
import { type CollectionScope, type CommandClient, isServiceError } from '../service/client.js';
import { Persistence } from '../service/persistence.js';
import type { Face } from '../types.js';

/**
 * Faces that were taken from a user and got no further: they could not be deleted, or could not become part of another
 * user. Where they could not be given back either nothing in the collection says whose they were, so it is kept here,
 * by collection and user, until the next call.
 */
const orphans = new WeakMap<CommandClient, Map<string, readonly string[]>>();

export function orphansOf({ client, collectionId }: CollectionScope, userId: string): readonly string[] {
  return orphans.get(client)?.get(`${collectionId}/${userId}`) ?? [];
}

/** In place of those that were remembered before. */
export function rememberOrphans(
  { client, collectionId }: CollectionScope,
  userId: string,
  faceIds: readonly string[],
): void {
  const ofClient = orphans.get(client) ?? new Map<string, readonly string[]>();
  orphans.set(client, ofClient);
  const key = `${collectionId}/${userId}`;
  if (faceIds.length > 0) ofClient.set(key, faceIds);
  else ofClient.delete(key);
}

/**
 * Associates the faces that are nobody's to the user whose they were. A failure is not told: the error that led here
 * is thrown, and names the faces.
 *
 * @returns the ids of those that are the user's now
 */
export async function giveBack(
  scope: CollectionScope,
  userId: string,
  faces: readonly Pick<Face, 'faceId' | 'userId'>[],
): Promise<string[]> {
  const persistence = Persistence.forCleaningUp();
  const given = faces.filter((face) => face.userId === userId).map(({ faceId }) => faceId);
  const orphaned = faces.filter((face) => face.userId === undefined).map(({ faceId }) => faceId);
  try {
    for (const chunk of chunks(orphaned, LIMITS.faceIdsPerAssociation)) {
      const { associated, alreadyAssociated } = await persistence.try(() =>
        associateChunk(scope, userId, chunk, 0, persistence.signal),
      );
      given.push(...associated, ...alreadyAssociated);
    }
  } catch {
    // What is left is told by whoever asked.
  }
  return given;
}

/** For a call about a user that may be gone: it has no faces any more then. */
export function unlessNotFound(error: unknown): void {
  if (!isServiceError(error, 'ResourceNotFoundException')) throw error;
}
