import type { ListCollectionsRequest, ListCollectionsResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { CHOICES } from '../protocol/choices.js';
import { cutPage } from '../protocol/pagination.js';
import { modelVersion } from './model-version.js';

export const listCollections: Operation<ListCollectionsRequest, ListCollectionsResponse> = async (
  { NextToken, MaxResults },
  engine,
) => {
  const { items, nextToken } = cutPage(
    { listing: ['ListCollections'], token: NextToken, size: MaxResults || CHOICES.collectionsPerPage },
    (after) => engine.records.collections(after),
    ({ collectionId }) => collectionId,
  );
  return {
    CollectionIds: items.map(({ collectionId }) => collectionId),
    FaceModelVersions: await Promise.all(items.map((collection) => modelVersion(engine, collection))),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};
