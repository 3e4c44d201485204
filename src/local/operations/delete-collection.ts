import type { DeleteCollectionRequest, DeleteCollectionResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';

export const deleteCollection: Operation<DeleteCollectionRequest, DeleteCollectionResponse> = async (
  { CollectionId },
  { change, purgeDeletedContents },
) => {
  await change((records) => records.deleteCollection(CollectionId));
  await purgeDeletedContents();
  return { StatusCode: 200 };
};
