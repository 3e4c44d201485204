import { randomUUID } from 'node:crypto';
import { IncompleteError, type LeftBehind, leftBehind } from '../errors.js';
import { LIMITS } from '../limits.js';
import { type Association, associateChunk } from '../service/associations.js';
import { chunks } from '../service/chunks.js';
import type { CollectionScope } from '../service/client.js';
import { facesThatExist } from '../service/faces.js';
import { isGivenUp, isRefusal, Persistence, persistently } from '../service/persistence.js';
import type { RejectedFace } from '../service/reasons.js';
import { present } from '../service/shapes.js';
import type { UserStatus } from '../types.js';

/**
 * Associates faces in hundreds, one call after the other: the service allows five of these calls a second.
 */
export async function associate(
  scope: CollectionScope,
  userId: string,
  faceIds: readonly string[],
  threshold: number,
  signal?: AbortSignal,
): Promise<Association> {
  const whole = {
    associated: [] as string[],
    alreadyAssociated: [] as string[],
    rejected: [] as RejectedFace[],
  };
  let userStatus: UserStatus | undefined;
  signal?.throwIfAborted();
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerAssociation)) {
    const token = randomUUID();
    let isSent = false;
    const association = await persistently(signal, (persistence) =>
      persistence.try(() => {
        isSent = true;
        return associateChunk(scope, userId, chunk, threshold, persistence.signal, token);
      }),
    ).catch(async (error) => {
      if (isRefusal(error) && whole.associated.length === 0) throw error;
      const left = await findAssociated(scope, userId, {
        known: whole.associated,
        inDoubt: isSent ? chunk : [],
        mayComeYet: isGivenUp(error, signal),
      });
      throw left ? new IncompleteError('Associating faces to', userId, left, { cause: error }) : error;
    });
    whole.associated.push(...association.associated);
    whole.alreadyAssociated.push(...association.alreadyAssociated);
    whole.rejected.push(...association.rejected);
    userStatus = association.userStatus ?? userStatus;
  }
  return present({ ...whole, userStatus });
}

/**
 * Which of the faces are the user's now, after a call about some of them failed.
 *
 * @param faces.known those that were associated by the calls before it
 * @param faces.mayComeYet whether those in doubt may still become associated after this check
 */
async function findAssociated(
  scope: CollectionScope,
  userId: string,
  { known, inDoubt, mayComeYet }: { known: string[]; inDoubt: string[]; mayComeYet: boolean },
): Promise<LeftBehind | undefined> {
  const persistence = Persistence.forCleaningUp();
  try {
    const faces = await persistence.try(() =>
      facesThatExist(scope, [...known, ...inDoubt], persistence.signal),
    );
    const associated = faces.filter((face) => face.userId === userId).map(({ faceId }) => faceId);
    const others = inDoubt.filter((faceId) => !associated.includes(faceId));
    return leftBehind({ associatedFaceIds: associated }, { associatedFaceIds: mayComeYet ? others : [] });
  } catch {
    return leftBehind({ associatedFaceIds: known }, { associatedFaceIds: inDoubt });
  }
}
