import type { FaceMatch, UserMatch } from '@aws-sdk/client-rekognition';
import type { Engine } from '../engine.js';
import { single, toAwsFace } from '../protocol/answer-shapes.js';
import { refusal } from '../protocol/refusals.js';
import type { Records, VectorOwner } from '../records/records.js';
import { type FaceVectors, spacesOf, VIEWS } from '../search/face-vectors.js';

/** What to search a collection for. */
export interface SearchRequest {
  /** Of a face or a user. The first view of them counts. */
  readonly vectors: FaceVectors;
  /** The weakest similarity that counts, 0 to 100, inclusive. */
  readonly threshold: number;
  /** How many matches at most. */
  readonly limit: number;
  /** The id of what was searched, which is no match of itself. */
  readonly except?: string;
}

/**
 * The vectors of a stored face that is to be searched.
 *
 * @throws InvalidParameterException, which is what the service answers when there is no such face
 */
export function vectorsToSearch(records: Records, collectionId: string, faceId: string): FaceVectors {
  const face = records.findFace(collectionId, faceId);
  if (!face) throw refusal('InvalidParameterException', 'faceId was not found in the collection.');
  return records.faceVectors(collectionId, face);
}

/** The stored faces most alike to a face, most alike first. */
export async function searchFaces(
  engine: Engine,
  collectionId: string,
  request: SearchRequest,
): Promise<FaceMatch[]> {
  const found = await mostAlike(engine, collectionId, 'face', request);
  return found.flatMap(({ id, similarity }) => {
    const face = engine.records.findFace(collectionId, id);
    return face ? { Similarity: similarity, Face: toAwsFace(face) } : [];
  });
}

/** The users most alike to a face or a user, most alike first. */
export async function searchUsers(
  engine: Engine,
  collectionId: string,
  request: SearchRequest,
): Promise<UserMatch[]> {
  const found = await mostAlike(engine, collectionId, 'user', request);
  return found.map(({ id, similarity }) => ({
    Similarity: similarity,
    User: { UserId: id, UserStatus: 'ACTIVE' },
  }));
}

async function mostAlike(
  { indexes, records, vision }: Engine,
  collectionId: string,
  owner: VectorOwner,
  { vectors, threshold, ...options }: SearchRequest,
): Promise<{ id: string; similarity: number }[]> {
  const view = VIEWS.find((view) => vectors[view]);
  const space = view && spacesOf(await vision())[view];
  // The face has no vector, or the model that made it is not installed any more.
  if (!space) return [];
  const index = await indexes.of(collectionId, { owner, view }, space, records);
  const similarityAt = (distance: number) => single(space.similarity(distance));
  const isNear = (distance: number) => similarityAt(distance) >= single(threshold);
  const neighbours = await index.nearest(vectors[view]!, { ...options, isNear });
  return neighbours.map(({ key, distance }) => ({ id: key, similarity: similarityAt(distance) }));
}
