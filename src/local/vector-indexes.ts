import type { Edit } from './records/edit.js';
import { checkSpaces, KEYS, OWNERS, type Records, type VectorOwner } from './records/records.js';
import type { StoredVector } from './records/vector-chunks.js';
import { VIEWS, type View } from './search/face-vectors.js';
import type { RoundedRows } from './search/rounded-vectors.js';
import { VectorIndex } from './search/vector-index.js';
import { Turns } from './turns.js';
import type { VectorSpace } from './vision/vision.js';

/** Which vectors of a collection to search. */
export interface SearchedVectors {
  readonly owner: VectorOwner;
  readonly view: View;
}

/**
 * The index of all vectors of a collection that were searched: one each for faces and for users, by either view. It is
 * filled from the records at the first search, and from the moment when that begins it changes with them.
 */
export class VectorIndexes {
  /** By the prefix that the vectors are kept under. */
  readonly #begun = new Map<string, VectorIndex>();
  /** Settles when an index holds all that the collection does. */
  readonly #filled = new WeakMap<VectorIndex, Promise<void>>();

  /**
   * The index of a collection's vectors, once it is filled. Filling lets others have their turn, and does not mind what
   * they change: a chunk that was read already is out of date then, but the index was told of the change; and of one
   * that is yet to be read, the index is told what it will read.
   *
   * @throws ResourceNotFoundException; InvalidParameterException when its vectors belong to another space; what the
   * records throw when they cannot be read, and then the next call tries again
   */
  async of(
    collectionId: string,
    { owner, view }: SearchedVectors,
    space: VectorSpace,
    records: Records,
  ): Promise<VectorIndex> {
    for (;;) {
      const collection = records.collection(collectionId);
      checkSpaces(collection, { [view]: space });
      const prefix = KEYS.vectors(collection.contents, owner, view);
      let index = this.#begun.get(prefix);
      if (!index) {
        const vectorOf = (id: string) => records.findVector(collection, owner, view, id);
        const expected = owner === 'face' ? collection.faceCount : collection.userCount;
        index = new VectorIndex(space, vectorOf, { expected });
        this.#begun.set(prefix, index);
        const chunks = records.chunksOf(collection.contents, owner, view).allRounded();
        this.#filled.set(index, this.#fill(index, prefix, chunks));
      }
      await this.#filled.get(index);
      // One whose contents were deleted or replaced while it was filled holds half of what was there.
      if (this.#begun.get(prefix) === index) return index;
    }
  }

  /** Changes the index of the vectors under a prefix with them, if it is there or being filled. */
  update(prefix: string, edits: readonly Edit<StoredVector>[]): void {
    const index = this.#begun.get(prefix);
    if (!index) return;
    for (const { id, now } of edits) {
      if (now) index.set(id, now.vector);
      else index.delete(id);
    }
  }

  /** Gives up what there is of a collection's contents. */
  forget(contents: string): void {
    for (const owner of OWNERS)
      for (const view of VIEWS) this.#begun.delete(KEYS.vectors(contents, owner, view));
  }

  async #fill(index: VectorIndex, prefix: string, chunks: Iterable<RoundedRows>): Promise<void> {
    const isWanted = () => this.#begun.get(prefix) === index;
    try {
      const turns = new Turns();
      for (const chunk of chunks) {
        index.load(chunk);
        if (!turns.isDue) continue;
        await turns.give();
        if (!isWanted()) return;
      }
    } catch (error) {
      if (isWanted()) this.#begun.delete(prefix);
      throw error;
    }
  }
}
