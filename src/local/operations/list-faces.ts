import type { ListFacesRequest, ListFacesResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { toAwsFace } from '../protocol/answer-shapes.js';
import { CHOICES } from '../protocol/choices.js';
import { cutPage } from '../protocol/pagination.js';
import type { FaceRecord, Records } from '../records/records.js';
import { modelVersion } from './model-version.js';

export const listFaces: Operation<ListFacesRequest, ListFacesResponse> = async (
  { CollectionId, NextToken, MaxResults, UserId, FaceIds },
  engine,
) => {
  const { records } = engine;
  const collection = records.collection(CollectionId);
  const { items, nextToken } = cutPage(
    {
      listing: ['ListFaces', CollectionId, UserId, FaceIds],
      token: NextToken,
      size: MaxResults || CHOICES.facesPerPage,
    },
    (after) => matchingFaces(records, CollectionId, UserId, FaceIds, after),
    ({ faceId }) => faceId,
  );
  return {
    Faces: items.map(toAwsFace),
    FaceModelVersion: await modelVersion(engine, collection),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};

/** Faces that pass both filters, in the order of their ids. */
function matchingFaces(
  records: Records,
  collectionId: string,
  userId: string | undefined,
  faceIds: readonly string[] | undefined,
  after = '',
): Iterable<FaceRecord> {
  const ofUser = userId === undefined ? undefined : (records.findUser(collectionId, userId)?.faceIds ?? []);
  const candidates = faceIds ?? ofUser;
  if (!candidates) return records.faces(collectionId, after);
  return [...new Set(candidates)]
    .filter((faceId) => faceId > after)
    .sort()
    .flatMap((faceId) => records.findFace(collectionId, faceId) ?? [])
    .filter((face) => userId === undefined || face.userId === userId);
}
