import { FaceIndex } from './face-index.js';
import { type CollectionRecord, checkVectorSpace, type Records } from './store/records.js';
import { UserIndex } from './user-index.js';
import type { VectorSpace } from './vision/vision.js';

/** The vectors of a collection, ready to be searched. */
export interface CollectionIndex {
  readonly faces: FaceIndex;
  readonly users: UserIndex;
}

/**
 * The index of each collection that was searched. It is built from the records at the first search, and from then
 * on changes with them.
 */
export class VectorIndexes {
  readonly #built = new Map<string, CollectionIndex>();

  /** The index of a collection if it was built: what has to change when the records do. */
  built(collectionId: string): CollectionIndex | undefined {
    return this.#built.get(collectionId);
  }

  /**
   * The index of a collection.
   *
   * @throws InvalidParameterException when its vectors belong to another space
   */
  of(collection: CollectionRecord, space: VectorSpace, records: Records): CollectionIndex {
    const { collectionId } = collection;
    checkVectorSpace(collection, space.version);
    let index = this.#built.get(collectionId);
    if (!index) {
      index = { faces: new FaceIndex(space.parts), users: new UserIndex(space) };
      for (const { faceId, vector } of records.faces(collectionId)) index.faces.set(faceId, vector);
      for (const { userId, vector, faceIds } of records.users(collectionId))
        if (vector) index.users.set(userId, vector, faceIds.length);
      this.#built.set(collectionId, index);
    }
    return index;
  }

  forget(collectionId: string): void {
    this.#built.delete(collectionId);
  }
}
