import type { DescribeCollectionRequest, DescribeCollectionResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { collectionArn } from '../protocol/collection-arn.js';
import { modelVersion } from './model-version.js';

export const describeCollection: Operation<DescribeCollectionRequest, DescribeCollectionResponse> = async (
  { CollectionId },
  engine,
) => {
  const collection = engine.records.collection(CollectionId);
  const { faceCount, userCount, createdAt } = collection;
  return {
    FaceCount: faceCount,
    UserCount: userCount,
    FaceModelVersion: await modelVersion(engine, collection),
    CollectionARN: collectionArn(CollectionId),
    CreationTimestamp: new Date(createdAt),
  };
};
