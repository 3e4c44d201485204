import type { DescribeCollectionRequest, DescribeCollectionResponse } from '@aws-sdk/client-rekognition';
import { CHOICES } from '../choices.js';
import { collectionArn } from '../collection-arn.js';
import type { Operation } from '../engine.js';

export const describeCollection: Operation<DescribeCollectionRequest, DescribeCollectionResponse> = async (
  { CollectionId },
  { records },
) => {
  const { faceCount, userCount, createdAt } = records.collection(CollectionId);
  return {
    FaceCount: faceCount,
    UserCount: userCount,
    FaceModelVersion: CHOICES.faceModelVersion,
    CollectionARN: collectionArn(CollectionId),
    CreationTimestamp: new Date(createdAt),
  };
};
