import type { DeleteCollectionRequest, DeleteCollectionResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';

export const deleteCollection: Operation<DeleteCollectionRequest, DeleteCollectionResponse> = async (
  { CollectionId },
  { change, clearLeftovers },
) => {
  await change((records) => records.deleteCollection(CollectionId));
  await clearLeftovers();
  return { StatusCode: 200 };
};
