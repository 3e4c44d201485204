import { randomUUID } from 'node:crypto';
import { AssociateFacesCommand, DisassociateFacesCommand } from '@aws-sdk/client-rekognition';
import { LIMITS } from '../limits.js';
import type { UserStatus } from '../types.js';
import { chunks } from './chunks.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import { pastConflicts } from './persistence.js';
import { present } from './shapes.js';

/** Why a face did not become part of a user, or could not leave it. AWS may add reasons, so any string can come. */
export type AssociationReason =
  | 'FACE_NOT_FOUND'
  | 'ASSOCIATED_TO_A_DIFFERENT_USER'
  | 'LOW_MATCH_CONFIDENCE'
  /** Ours: the user has as many faces as a user vector takes. The service says so with an error. */
  | 'USER_IS_FULL'
  | (string & {});

/** A face that did not become part of a user, or could not leave it. */
export interface RefusedFace {
  faceId: string;
  reasons: readonly AssociationReason[];
  /** The user who has the face, for `ASSOCIATED_TO_A_DIFFERENT_USER`. */
  userId?: string;
  /** How alike face and user are, 0 to 100, for `LOW_MATCH_CONFIDENCE`. */
  confidence?: number;
}

/** What became of the faces that were to be associated to a user. */
export interface Association {
  /** Part of the user now, and not before. */
  associated: readonly string[];
  /** Part of the user before. The service lists these nowhere. */
  alreadyAssociated: readonly string[];
  refused: readonly RefusedFace[];
  userStatus?: UserStatus;
}

/** What became of the faces that were to leave a user. */
export interface Disassociation {
  disassociated: readonly string[];
  /** Were part of no user. The service lists these nowhere. */
  notAssociated: readonly string[];
  refused: readonly RefusedFace[];
  userStatus?: UserStatus;
}

/**
 * Associates faces, at most 100: as many as the service takes in a call.
 *
 * @param token the same again makes the service give the answer of the call that had it before, if it
 * remembers it
 */
export async function associateChunk(
  { client, collectionId }: CollectionScope,
  userId: string,
  faceIds: readonly string[],
  threshold: number,
  signal?: AbortSignal,
  token: string = randomUUID(),
): Promise<Association> {
  const command = (ClientRequestToken: string) =>
    new AssociateFacesCommand({
      CollectionId: collectionId,
      UserId: userId,
      FaceIds: [...faceIds],
      UserMatchThreshold: threshold,
      ClientRequestToken,
    });
  try {
    const answer = await pastConflicts(
      (isAgain) => send(client, command(isAgain ? randomUUID() : token), signal),
      signal,
    );
    const associated = idsOf(answer.AssociatedFaces);
    const refused = (answer.UnsuccessfulFaceAssociations ?? []).map(toRefusedFace);
    const alreadyAssociated = without(faceIds, associated, refused);
    return present({ associated, alreadyAssociated, refused, userStatus: answer.UserStatus });
  } catch (error) {
    if (!isServiceError(error, 'ServiceQuotaExceededException')) throw error;
    const refused = faceIds.map((faceId) => ({ faceId, reasons: ['USER_IS_FULL'] }));
    return { associated: [], alreadyAssociated: [], refused };
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
    refused: [] as RefusedFace[],
  };
  let userStatus: UserStatus | undefined;
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerAssociation)) {
    const command = () =>
      new DisassociateFacesCommand({
        CollectionId: collectionId,
        UserId: userId,
        FaceIds: chunk,
        ClientRequestToken: randomUUID(),
      });
    const answer = await pastConflicts(() => send(client, command(), signal), signal);
    const disassociated = idsOf(answer.DisassociatedFaces);
    const refused = (answer.UnsuccessfulFaceDisassociations ?? []).map(toRefusedFace);
    whole.disassociated.push(...disassociated);
    whole.refused.push(...refused);
    whole.notAssociated.push(...without(chunk, disassociated, refused));
    userStatus = answer.UserStatus ?? userStatus;
  }
  return present({ ...whole, userStatus });
}

function idsOf(faces: readonly { FaceId?: string | undefined }[] | undefined): string[] {
  return (faces ?? []).flatMap(({ FaceId }) => FaceId ?? []);
}

function without(all: readonly string[], done: readonly string[], refused: readonly RefusedFace[]): string[] {
  const listed = new Set([...done, ...refused.map(({ faceId }) => faceId)]);
  return all.filter((faceId) => !listed.has(faceId));
}

function toRefusedFace(face: {
  FaceId?: string | undefined;
  UserId?: string | undefined;
  Confidence?: number | undefined;
  Reasons?: readonly string[] | undefined;
}): RefusedFace {
  return present({
    faceId: face.FaceId ?? '',
    // The model has no reason for the 101st face of a user, and the service may answer it without one.
    reasons: face.Reasons?.length ? face.Reasons : ['USER_IS_FULL'],
    userId: face.UserId,
    confidence: face.Confidence,
  });
}
