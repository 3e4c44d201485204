import {
  CreateCollectionCommand,
  DeleteCollectionCommand,
  DescribeCollectionCommand,
  ListCollectionsCommand,
} from '@aws-sdk/client-rekognition';
import { LIMITS } from '../limits.js';
import { Listing } from '../listing.js';
import { type CollectionScope, type CommandClient, isServiceError, send } from './client.js';
import { present } from './shapes.js';

/** A collection as `FaceCollection.list` names it. */
export interface CollectionSummary {
  collectionId: string;
  /** The face model that makes its vectors. */
  modelVersion?: string;
}

/** What a collection holds. */
export interface CollectionDescription extends CollectionSummary {
  faceCount: number;
  userCount: number;
  arn?: string;
  createdAt?: Date;
}

/** Makes the collection; false when it was there. */
export async function createCollection(
  { client, collectionId }: CollectionScope,
  tags?: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await send(
      client,
      new CreateCollectionCommand({ CollectionId: collectionId, ...(tags && { Tags: { ...tags } }) }),
      signal,
    );
    return true;
  } catch (error) {
    if (isServiceError(error, 'ResourceAlreadyExistsException')) return false;
    throw error;
  }
}

export async function describeCollection(
  { client, collectionId }: CollectionScope,
  signal?: AbortSignal,
): Promise<CollectionDescription> {
  const answer = await send(client, new DescribeCollectionCommand({ CollectionId: collectionId }), signal);
  return present({
    collectionId,
    faceCount: answer.FaceCount ?? 0,
    // Collections described before user vectors came have no count of users.
    userCount: answer.UserCount ?? 0,
    modelVersion: answer.FaceModelVersion,
    arn: answer.CollectionARN,
    createdAt: answer.CreationTimestamp,
  });
}

/** Deletes the collection with all its faces and users; false when it was gone. */
export async function deleteCollection(
  { client, collectionId }: CollectionScope,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await send(client, new DeleteCollectionCommand({ CollectionId: collectionId }), signal);
    return true;
  } catch (error) {
    if (isServiceError(error, 'ResourceNotFoundException')) return false;
    throw error;
  }
}

export function listCollections(client: CommandClient, signal?: AbortSignal): Listing<CollectionSummary> {
  return new Listing(async (token) => {
    const answer = await send(
      client,
      new ListCollectionsCommand({ MaxResults: LIMITS.facesPerPage, ...(token && { NextToken: token }) }),
      signal,
    );
    // Two parallel arrays on the wire.
    const items = (answer.CollectionIds ?? []).map((collectionId, index) =>
      present({ collectionId, modelVersion: answer.FaceModelVersions?.[index] }),
    );
    return { items, nextToken: answer.NextToken };
  });
}
