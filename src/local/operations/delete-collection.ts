import type { DeleteCollectionRequest, DeleteCollectionResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';

export const deleteCollection: Operation<DeleteCollectionRequest, DeleteCollectionResponse> = async (
  { CollectionId },
  { change },
) => {
  await change((records) => {
    records.collection(CollectionId);
    records.deleteCollection(CollectionId);
  });
  return { StatusCode: 200 };
};
