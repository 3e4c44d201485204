import type { ListCollectionsRequest, ListCollectionsResponse } from '@aws-sdk/client-rekognition';
import { CHOICES } from '../choices.js';
import type { Operation } from '../engine.js';
import { cutPage } from '../pagination.js';

export const listCollections: Operation<ListCollectionsRequest, ListCollectionsResponse> = async (
  { NextToken, MaxResults },
  { records },
) => {
  const { items, nextToken } = cutPage(
    { listing: ['ListCollections'], token: NextToken, size: MaxResults || CHOICES.collectionsPerPage },
    (after) => records.collections(after),
    ({ collectionId }) => collectionId,
  );
  return {
    CollectionIds: items.map(({ collectionId }) => collectionId),
    FaceModelVersions: items.map(() => CHOICES.faceModelVersion),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};
