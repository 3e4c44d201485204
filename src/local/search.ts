import type { FaceMatch, UserMatch } from '@aws-sdk/client-rekognition';
import { single, toAwsFace } from './answer-shapes.js';
import type { Engine } from './engine.js';
import { farthestAlike } from './farthest-alike.js';
import type { CollectionIndex } from './vector-indexes.js';
import type { FaceVector, VectorSpace } from './vision/vision.js';

/** What to search a collection for. */
export interface SearchRequest {
  readonly vector: FaceVector;
  /** The weakest similarity that counts, 0 to 100, inclusive. */
  readonly threshold: number;
  /** How many matches at most. */
  readonly limit: number;
  /** The id of what was searched, which is no match of itself. */
  readonly except?: string;
}

/** The stored faces most alike to a vector, most alike first. */
export async function searchFaces(
  engine: Engine,
  collectionId: string,
  { vector, threshold, ...options }: SearchRequest,
): Promise<FaceMatch[]> {
  const { space, index } = await openIndex(engine, collectionId);
  const within = farthestAlike(space, threshold, 1);
  const neighbours = await index.faces.nearest(vector, { ...options, within });
  return neighbours.flatMap(({ key, distance }) => {
    const similarity = single(space.similarity(distance, 1));
    const face = engine.records.findFace(collectionId, key);
    return face && similarity >= single(threshold) ? { Similarity: similarity, Face: toAwsFace(face) } : [];
  });
}

/** The users most alike to a vector, most alike first. */
export async function searchUsers(
  engine: Engine,
  collectionId: string,
  { vector, ...options }: SearchRequest,
): Promise<UserMatch[]> {
  const { index } = await openIndex(engine, collectionId);
  const users = await index.users.mostSimilar(vector, options);
  return users
    .map(({ userId, similarity }) => ({
      Similarity: single(similarity),
      User: { UserId: userId, UserStatus: 'ACTIVE' as const },
    }))
    .filter(({ Similarity }) => Similarity >= single(options.threshold));
}

async function openIndex(
  { records, indexes, vision }: Engine,
  collectionId: string,
): Promise<{ space: VectorSpace; index: CollectionIndex }> {
  const { space } = await vision();
  for (;;) {
    const collection = records.collection(collectionId);
    const index = await indexes.of(collection, space, records);
    // One whose contents were deleted or replaced while it was filled holds half of what was there.
    if (indexes.begun(collection.contents) === index) return { space, index };
  }
}
