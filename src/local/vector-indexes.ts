import { type CollectionRecord, checkVectorSpace, type Records } from './store/records.js';
import { unpacked } from './store/vector-chunks.js';
import { UserIndex } from './user-index.js';
import { FaceIndex } from './vectors/face-index.js';
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

  /** The index of a collection's contents if it was built: what has to change when the records do. */
  built(contents: string): CollectionIndex | undefined {
    return this.#built.get(contents);
  }

  /**
   * The index of a collection.
   *
   * @throws InvalidParameterException when its vectors belong to another space
   */
  of(collection: CollectionRecord, space: VectorSpace, records: Records): CollectionIndex {
    checkVectorSpace(collection, space.version);
    let index = this.#built.get(collection.contents);
    if (!index) {
      index = emptyIndex(collection, space, records);
      for (const chunk of records.faceVectors(collection).all())
        for (const { id, vector } of unpacked(chunk)) index.faces.set(id, vector);
      for (const chunk of records.userVectors(collection).all())
        for (const { id, vector, faces } of unpacked(chunk)) index.users.set(id, vector, faces);
      this.#built.set(collection.contents, index);
    }
    return index;
  }

  forget(contents: string): void {
    this.#built.delete(contents);
  }
}

/** The indexes keep vectors in short, and ask for the whole ones of the few that they measure. */
function emptyIndex(collection: CollectionRecord, space: VectorSpace, records: Records): CollectionIndex {
  const { collectionId } = collection;
  const faceVectors = records.faceVectors(collection);
  const userVectors = records.userVectors(collection);
  return {
    faces: new FaceIndex(space.parts, (faceId) => {
      const face = records.findFace(collectionId, faceId);
      return face && faceVectors.find(face.chunk, faceId);
    }),
    users: new UserIndex(space, (userId, faces) => {
      const user = records.findUser(collectionId, userId);
      if (user?.chunk === undefined || user.faceIds.length !== faces) return undefined;
      return userVectors.find(user.chunk, userId);
    }),
  };
}
