import type { CreateCollectionRequest, CreateCollectionResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { collectionArn } from '../protocol/collection-arn.js';
import { refusal } from '../protocol/refusals.js';
import { modelVersion } from './model-version.js';

export const createCollection: Operation<CreateCollectionRequest, CreateCollectionResponse> = async (
  { CollectionId, Tags = {} },
  engine,
) => {
  const { change, quotas } = engine;
  const version = await modelVersion(engine);
  await change((records) => {
    if (records.findCollection(CollectionId))
      throw refusal('ResourceAlreadyExistsException', `The collection id: ${CollectionId} already exists.`);
    if (Number.isFinite(quotas.collections) && records.collectionCount() >= quotas.collections)
      throw refusal(
        'ServiceQuotaExceededException',
        `There are ${quotas.collections} collections, the most allowed.`,
      );
    records.addCollection(CollectionId, Date.now(), Tags);
  });
  return {
    StatusCode: 200,
    // The service leaves `arn:` out here, and here only.
    CollectionArn: collectionArn(CollectionId).replace(/^arn:/, ''),
    FaceModelVersion: version,
  };
};
