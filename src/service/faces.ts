import { DeleteFacesCommand, IndexFacesCommand, ListFacesCommand } from '@aws-sdk/client-rekognition';
import { LIMITS } from '../limits.js';
import { Listing } from '../listing.js';
import type { SendableImage } from '../sendable-image.js';
import type { DetectedFace, Face, FaceAttribute, QualityFilter } from '../types.js';
import { chunks } from './chunks.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import type { Persistence } from './persistence.js';
import {
  DELETION_REASONS,
  type DeletionReason,
  QUALITY_REASONS,
  type QualityReason,
  type RejectedFace,
  type Rejection,
  toRejectedFace,
  toRejection,
} from './reasons.js';
import { present, toDetectedFace, toFace, toImage } from './shapes.js';

/** A face that an image was found to hold and that is stored now. */
export interface IndexedFace extends Face {
  /** How the face looked in the image. The service does not store this. */
  detail: DetectedFace;
}

/** A face that was seen in an image and not stored, and why. */
export interface UnindexedFace extends Rejection<QualityReason> {
  detail: DetectedFace;
}

/** What became of the faces of one image. Both lists are empty when no face was found. */
export interface IndexedImage {
  /** The largest first. */
  faces: readonly IndexedFace[];
  rejected: readonly UnindexedFace[];
  modelVersion?: string;
}

/** What to do with an image's faces when they are indexed. */
export interface IndexRequest {
  externalImageId?: string | undefined;
  maxFaces?: number | undefined;
  qualityFilter: QualityFilter;
  attributes?: readonly FaceAttribute[] | undefined;
}

/** What became of the faces that were to be deleted. */
export interface Deletion {
  deleted: readonly string[];
  rejected: readonly RejectedFace<DeletionReason>[];
}

export async function indexFaces(
  { client, collectionId }: CollectionScope,
  image: SendableImage,
  request: IndexRequest,
  signal?: AbortSignal,
): Promise<IndexedImage> {
  const answer = await send(
    client,
    new IndexFacesCommand({
      CollectionId: collectionId,
      Image: toImage(image),
      QualityFilter: request.qualityFilter,
      ...(request.externalImageId !== undefined && { ExternalImageId: request.externalImageId }),
      ...(request.maxFaces !== undefined && { MaxFaces: request.maxFaces }),
      ...(request.attributes && { DetectionAttributes: [...request.attributes] }),
    }),
    signal,
  );
  return present({
    faces: (answer.FaceRecords ?? []).map(({ Face: face = {}, FaceDetail: detail }) => ({
      ...toFace(face),
      detail: toDetectedFace(detail ?? face),
    })),
    rejected: (answer.UnindexedFaces ?? []).map((unindexed) => ({
      detail: toDetectedFace(unindexed.FaceDetail ?? {}),
      ...toRejection(unindexed.Reasons, QUALITY_REASONS),
    })),
    modelVersion: answer.FaceModelVersion,
  });
}

export function listFaces(
  { client, collectionId }: CollectionScope,
  filter: { userId?: string | undefined; faceIds?: readonly string[] | undefined },
  signal?: AbortSignal,
): Listing<Face> {
  return new Listing(async (token) => {
    const answer = await send(
      client,
      new ListFacesCommand({
        CollectionId: collectionId,
        MaxResults: LIMITS.facesPerPage,
        ...(filter.userId !== undefined && { UserId: filter.userId }),
        ...(filter.faceIds && { FaceIds: [...filter.faceIds] }),
        ...(token && { NextToken: token }),
      }),
      signal,
    );
    return { items: (answer.Faces ?? []).map(toFace), nextToken: answer.NextToken };
  });
}

/** Those of the faces that are in the collection, as they are now. */
export async function facesThatExist(
  scope: CollectionScope,
  faceIds: readonly string[],
  signal?: AbortSignal,
): Promise<Face[]> {
  const found: Face[] = [];
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerDeletion)) {
    try {
      found.push(...(await listFaces(scope, { faceIds: chunk }, signal).all()));
    } catch (error) {
      if (!isNoneFound(error)) throw error;
    }
  }
  return found;
}

/** How a filter of faces that are all gone is answered is not documented; a search for one says the second. */
function isNoneFound(error: unknown): boolean {
  if (isServiceError(error, 'ResourceNotFoundException')) return true;
  return isServiceError(error, 'InvalidParameterException') && /not found/i.test(error.message);
}

/**
 * Deletes faces, as many in a call as the service takes. A face that belongs to a user is rejected. A face
 * that is found to be gone after a call whose answer was lost counts as deleted.
 */
export async function deleteFaces(
  { client, collectionId }: CollectionScope,
  faceIds: readonly string[],
  persistence: Persistence,
): Promise<Deletion> {
  const deleted: string[] = [];
  const rejected: RejectedFace<DeletionReason>[] = [];
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerDeletion)) {
    const command = new DeleteFacesCommand({ CollectionId: collectionId, FaceIds: chunk });
    const [answer, mayBeDone] = await persistence.try(async (mayBeDone) => {
      const answer = await send(client, command, persistence.signal);
      return [answer, mayBeDone || (answer.$metadata?.attempts ?? 1) > 1] as const;
    });
    const gone = new Set(answer.DeletedFaces);
    const unsuccessful = new Map((answer.UnsuccessfulFaceDeletions ?? []).map((face) => [face.FaceId, face]));
    for (const faceId of chunk) {
      // Before 2023 the service left out, without a word, the faces that it did not find.
      const failure = unsuccessful.get(faceId) ?? { FaceId: faceId };
      const face = toRejectedFace(failure, DELETION_REASONS, 'FACE_NOT_FOUND');
      if (gone.has(faceId) || (mayBeDone && face.reasons.includes('FACE_NOT_FOUND'))) deleted.push(faceId);
      else rejected.push(face);
    }
  }
  return { deleted, rejected };
}
