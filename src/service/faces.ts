import {
  DeleteFacesCommand,
  type Image,
  IndexFacesCommand,
  ListFacesCommand,
} from '@aws-sdk/client-rekognition';
import { Listing } from '../listing.js';
import type { DetectedFace, Face, FaceAttribute, QualityFilter, QualityReason } from '../types.js';
import { chunks } from './chunks.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import { LIMITS } from './limits.js';
import { present, toDetectedFace, toFace } from './shapes.js';

/** A face that an image was found to hold and that is stored now. */
export interface IndexedFace extends Face {
  /** How the face looked in the image. The service does not store this. */
  detail: DetectedFace;
}

/** A face that was seen in an image and not stored, and why. */
export interface UnindexedFace {
  detail: DetectedFace;
  reasons: readonly QualityReason[];
}

/** What became of the faces of one image. Both lists are empty when no face was found. */
export interface IndexedImage {
  /** The largest first. */
  faces: readonly IndexedFace[];
  unindexed: readonly UnindexedFace[];
  modelVersion?: string;
}

/** What to do with an image's faces when they are indexed. */
export interface IndexRequest {
  externalImageId?: string | undefined;
  maxFaces?: number | undefined;
  qualityFilter: QualityFilter;
  attributes?: readonly FaceAttribute[] | undefined;
}

/** A face that could not be deleted, and why. */
export interface UndeletedFace {
  faceId: string;
  /** The user it belongs to, when that is why. */
  userId?: string;
  reasons: readonly ('FACE_NOT_FOUND' | 'ASSOCIATED_TO_AN_EXISTING_USER' | (string & {}))[];
}

/** What became of the faces that were to be deleted. */
export interface Deletion {
  deleted: readonly string[];
  failed: readonly UndeletedFace[];
}

export async function indexFaces(
  { client, collectionId }: CollectionScope,
  image: Image,
  request: IndexRequest,
  signal?: AbortSignal,
): Promise<IndexedImage> {
  const answer = await send(
    client,
    new IndexFacesCommand({
      CollectionId: collectionId,
      Image: image,
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
    unindexed: (answer.UnindexedFaces ?? []).map((unindexed) => ({
      detail: toDetectedFace(unindexed.FaceDetail ?? {}),
      reasons: unindexed.Reasons ?? [],
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

/** The faces a user has; none when there is no such user, whatever the service makes of that. */
export async function facesOfUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<Face[]> {
  try {
    return await listFaces(scope, { userId }, signal).all();
  } catch (error) {
    if (isServiceError(error, 'ResourceNotFoundException', 'InvalidParameterException')) return [];
    throw error;
  }
}

/** Deletes faces, as many in a call as the service takes. A face that belongs to a user is refused. */
export async function deleteFaces(
  { client, collectionId }: CollectionScope,
  faceIds: readonly string[],
  signal?: AbortSignal,
): Promise<{ deleted: string[]; failed: UndeletedFace[] }> {
  const deleted: string[] = [];
  const failed: UndeletedFace[] = [];
  for (const chunk of chunks(faceIds, LIMITS.faceIdsPerDeletion)) {
    const answer = await send(
      client,
      new DeleteFacesCommand({ CollectionId: collectionId, FaceIds: chunk }),
      signal,
    );
    const gone = new Set(answer.DeletedFaces);
    const refused = new Map((answer.UnsuccessfulFaceDeletions ?? []).map((face) => [face.FaceId, face]));
    for (const faceId of chunk) {
      const failure = refused.get(faceId);
      if (gone.has(faceId)) deleted.push(faceId);
      // Before 2023 the service left out, without a word, the faces that it did not find.
      else
        failed.push(
          present({ faceId, userId: failure?.UserId, reasons: failure?.Reasons ?? ['FACE_NOT_FOUND'] }),
        );
    }
  }
  return { deleted, failed };
}
