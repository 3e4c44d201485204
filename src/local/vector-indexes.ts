import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** Chunks that are read at one go, in some milliseconds. Then others have their turn. */
const CHUNKS_PER_TURN = 32;

/**
 * The index of each collection that was searched. It is filled from the records at the first search, and from the
 * moment when that begins it changes with them.
 */
export class VectorIndexes {
  readonly #begun = new Map<string, CollectionIndex>();
  /** Settles when an index holds all that the collection does. */
  readonly #filled = new WeakMap<CollectionIndex, Promise<void>>();

  /** The index of a collection's contents, if it is there or being filled: what has to change when the records do. */
  begun(contents: string): CollectionIndex | undefined {
    return this.#begun.get(contents);
  }

  /**
   * The index of a collection, once it is filled. Filling lets others have their turn, and does not mind what they
   * change: a chunk that was read already is out of date then, but the index was told of the change; and of a chunk
   * that is yet to be read, the index is told what it will read.
   *
   * @throws InvalidParameterException when its vectors belong to another space; what the records throw when they
   * cannot be read, and then the next call tries again
   */
  async of(collection: CollectionRecord, space: VectorSpace, records: Records): Promise<CollectionIndex> {
    checkVectorSpace(collection, space.version);
    const { contents } = collection;
    let index = this.begun(contents);
    if (!index) {
      index = emptyIndex(collection, space, records);
      this.#begun.set(contents, index);
      this.#filled.set(index, this.#fill(index, collection, records));
    }
    await this.#filled.get(index);
    return index;
  }

  forget(contents: string): void {
    this.#begun.delete(contents);
  }

  async #fill(index: CollectionIndex, collection: CollectionRecord, records: Records): Promise<void> {
    const isWanted = () => this.begun(collection.contents) === index;
    let chunks = 0;
    const giveTurn = async () => {
      if (++chunks % CHUNKS_PER_TURN === 0) await nextTurn();
    };
    try {
      for (const { ids, numbers } of records.faceVectors(collection).all()) {
        index.faces.setAll(ids, numbers);
        await giveTurn();
        if (!isWanted()) return;
      }
      for (const chunk of records.userVectors(collection).all()) {
        for (const { id, vector, faces } of unpacked(chunk)) index.users.set(id, vector, faces);
        await giveTurn();
        if (!isWanted()) return;
      }
    } catch (error) {
      if (isWanted()) this.forget(collection.contents);
      throw error;
    }
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
