import { TimeSlices } from '../time-slices.js';
import type { VectorEvent } from './records/changing-records.js';
import { checkSpaces, KEYS, OWNERS, type Records, type VectorOwner } from './records/records.js';
import { VIEWS, type View } from './search/face-vectors.js';
import type { QuantizedRows } from './search/quantized-vectors.js';
import { SearchThread } from './search/search-thread.js';
import { VectorIndex } from './search/vector-index.js';
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
  /** By the prefix that the vectors are kept under. Those that are being filled are among them. */
  readonly #indexes = new Map<string, VectorIndex>();
  /** Settles when an index holds all that the collection does. */
  readonly #filled = new WeakMap<VectorIndex, Promise<void>>();
  readonly #thread = new SearchThread();

  /**
   * The index of a collection's vectors, once it is filled. Meanwhile the event loop goes on, and the collection may
   * change: a change of a chunk that was read already is applied to the index as any other; one of a chunk that is yet
   * to be read is applied too, and then read once more.
   *
   * @throws NoSuchCollectionError; MixedModelsError when its vectors belong to another space; what the records throw
   * when they cannot be read, and then the next call tries again
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
      let index = this.#indexes.get(prefix);
      if (!index) {
        const vectorOf = (id: string) => records.findVector(collection, owner, view, id);
        const expected = owner === 'face' ? collection.faceCount : collection.userCount;
        index = new VectorIndex(space, vectorOf, { expected, thread: this.#thread });
        this.#indexes.set(prefix, index);
        const chunks = records.chunksOf(collection.contents, owner, view).allQuantized();
        this.#filled.set(index, this.#fill(index, prefix, chunks));
      }
      await this.#filled.get(index);
      // One whose contents were deleted or replaced while it was filled holds half of what was there.
      if (this.#indexes.get(prefix) === index) return index;
    }
  }

  /** Applies what a change of the records did, once it is safe. Doing it twice does no harm. */
  apply(events: readonly VectorEvent[]): void {
    for (const event of events) {
      if (event.what === 'contents-deleted') {
        for (const owner of OWNERS)
          for (const view of VIEWS) this.#indexes.delete(KEYS.vectors(event.contents, owner, view));
        continue;
      }
      const index = this.#indexes.get(event.prefix);
      for (const { id, now } of index ? event.changes : []) {
        if (now) index?.set(id, now.vector);
        else index?.delete(id);
      }
    }
  }

  /** Ends the thread that searches. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  async #fill(index: VectorIndex, prefix: string, chunks: Iterable<QuantizedRows>): Promise<void> {
    const isWanted = () => this.#indexes.get(prefix) === index;
    try {
      const slices = new TimeSlices();
      for (const chunk of chunks) {
        index.load(chunk);
        if (!slices.isOver) continue;
        await slices.next();
        if (!isWanted()) return;
      }
    } catch (error) {
      if (isWanted()) this.#indexes.delete(prefix);
      throw error;
    }
  }
}
