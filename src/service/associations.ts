import { AssociateFacesCommand, DisassociateFacesCommand } from '@aws-sdk/client-rekognition';
import { LIMITS } from '../limits.js';
import type { UserStatus } from '../types.js';
import { chunks } from './chunks.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import { pastConflicts } from './persistence.js';
import {
  ASSOCIATION_REASONS,
  DISASSOCIATION_REASONS,
  type DisassociationReason,
  type RejectedFace,
  toRejectedFace,
} from './reasons.js';
import { present } from './shapes.js';

/** What became of the faces that were to be associated to a user. */
export interface Association {
  /** Part of the user now, and not before. */
  associated: readonly string[];
  /** Part of the user before. The service lists these nowhere. */
  alreadyAssociated: readonly string[];
  rejected: readonly RejectedFace[];
  userStatus?: UserStatus;
}

/** What became of the faces that were to leave a user. */
export interface Disassociation {
  disassociated: readonly string[];
  /** Were part of no user. The service lists these nowhere. */
  notAssociated: readonly string[];
  rejected: readonly RejectedFace<DisassociationReason>[];
  userStatus?: UserStatus;
}

/**
 * Associates faces, at most 100: as many as the service takes in a call.
 *
 * @param token the same again makes the service give the answer of the call that had it before, if it remembers it;
 * left out, each call has one of its own, which the SDK makes
 */
export async function associateChunk(
  { client, collectionId }: CollectionScope,
  userId: string,
  faceIds: readonly string[],
  threshold: number,
  signal?: AbortSignal,
  token?: string,
): Promise<Association> {
  const command = (isAgain: boolean) =>
    new AssociateFacesCommand({
      CollectionId: collectionId,
      UserId: userId,
      FaceIds: [...faceIds],
      UserMatchThreshold: threshold,
      ...(token !== undefined && !isAgain && { ClientRequestToken: token }),
    });
  try {
    const answer = await pastConflicts((isAgain) => send(client, command(isAgain), signal), signal);
    const associated = idsOf(answer.AssociatedFaces);
    const rejected = (answer.UnsuccessfulFaceAssociations ?? []).map((face) =>
      toRejectedFace(face, ASSOCIATION_REASONS, 'USER_IS_FULL'),
    );
    const alreadyAssociated = without(faceIds, associated, rejected);
    return present({ associated, alreadyAssociated, rejected, userStatus: answer.UserStatus });
  } catch (error) {
    if (!isServiceError(error, 'ServiceQuotaExceededException')) throw error;
    const rejected = faceIds.map((FaceId) => toRejectedFace({ FaceId }, ASSOCIATION_REASONS, 'USER_IS_FULL'));
    return { associated: [], alreadyAssociated: [], rejected };
  }
}

/** Disassociates faces in hundreds. They stay in the collection. */
export async function disassociate(
  { client, collectionId }: CollectionScope,
  userId: string,
  faceIds: readonly string[],
  signal?: AbortSignal,
): Promise<Disassociation> {
  const whole = {
    disassociated: [] as string[],
    notAssociated: [] as string[],
    rejected: [] as RejectedFace<DisassociationReason>[],
  };
  let userStatus: UserStatus | undefined;
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerAssociation)) {
    const command = () =>
      new DisassociateFacesCommand({ CollectionId: collectionId, UserId: userId, FaceIds: chunk });
    const answer = await pastConflicts(() => send(client, command(), signal), signal);
    const disassociated = idsOf(answer.DisassociatedFaces);
    const rejected = (answer.UnsuccessfulFaceDisassociations ?? []).map((face) =>
      toRejectedFace(face, DISASSOCIATION_REASONS),
    );
    whole.disassociated.push(...disassociated);
    whole.rejected.push(...rejected);
    whole.notAssociated.push(...without(chunk, disassociated, rejected));
    userStatus = answer.UserStatus ?? userStatus;
  }
  return present({ ...whole, userStatus });
}

function idsOf(faces: readonly { FaceId?: string | undefined }[] | undefined): string[] {
  return (faces ?? []).flatMap(({ FaceId }) => FaceId ?? []);
}

function without(
  all: readonly string[],
  done: readonly string[],
  rejected: readonly { faceId: string }[],
): string[] {
  const listed = new Set([...done, ...rejected.map(({ faceId }) => faceId)]);
  return all.filter((faceId) => !listed.has(faceId));
}
