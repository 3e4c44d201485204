import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CollectionRecord, checkVectorSpace, type Records } from './store/records.js';
import type { StoredSketch } from './store/vector-sketches.js';
import { UserIndex } from './user-index.js';
import { FaceIndex } from './vectors/face-index.js';
import type { Projection } from './vectors/projection.js';
import { copyOf } from './vectors/sketch.js';
import type { VectorSpace } from './vision/vision.js';

/** The vectors of a collection, ready to be searched. */
export interface CollectionIndex {
  readonly faces: FaceIndex;
  readonly users: UserIndex;
}

/** Sketches that are read at one go, in a millisecond or less. Then others have their turn. */
const SKETCHES_PER_TURN = 8;
/** The same where searches are waited for: one may come after the other, and leave few turns. */
const SKETCHES_BETWEEN_SEARCHES = 32;

/**
 * The index of each collection that was searched. It is filled from the records at the first search, and from the
 * moment when that begins it changes with them.
 */
export class VectorIndexes {
  readonly #begun = new Map<string, CollectionIndex>();
  /** Settles when an index holds all that the collection does. */
  readonly #filled = new WeakMap<CollectionIndex, Promise<void>>();
  readonly #completed = new WeakMap<CollectionIndex, Promise<void>>();

  /** The index of a collection's contents, if it is there or being filled: what has to change when the records do. */
  begun(contents: string): CollectionIndex | undefined {
    return this.#begun.get(contents);
  }

  /**
   * The index of a collection, once it is filled. Filling lets others have their turn, and does not mind what they
   * change: a sketch that was read already is out of date then, but the index was told of the change; and of one
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

  /** Settles when a filled index has all that makes searching fast, or does without. Nobody has to wait for it. */
  async completed(index: CollectionIndex): Promise<void> {
    await this.#completed.get(index);
  }

  /** Lets the index of a collection's contents, if it is there, make use of what was learned of their vectors. */
  learn(contents: string, projections: readonly Projection[]): void {
    const index = this.begun(contents);
    void index?.faces.learn(projections);
    index?.users.learn(projections);
  }

  forget(contents: string): void {
    this.#begun.delete(contents);
  }

  async #fill(index: CollectionIndex, collection: CollectionRecord, records: Records): Promise<void> {
    const isWanted = () => this.begun(collection.contents) === index;
    const { faces, users } = records.sketches(collection);
    try {
      await inTurns(faces.all(), isWanted, (sketch) => {
        const learned = this.#learnedFrom(sketch, index, collection, records);
        index.faces.load(learned.ids, learned);
      });
      await inTurns(users.all(), isWanted, (sketch) => {
        const learned = this.#learnedFrom(sketch, index, collection, records);
        index.users.load(learned.ids, learned.faces, learned);
      });
    } catch (error) {
      if (isWanted()) this.forget(collection.contents);
      throw error;
    }
    // Nobody has to wait for this, and where it fails searches only take longer.
    this.#completed.set(
      index,
      complete(index, collection, records, isWanted).catch(() => {}),
    );
  }

  /**
   * An index may have been begun before something was learned that a sketch was made with.
   *
   * @returns the sketch, whatever was read meanwhile
   */
  #learnedFrom(
    sketch: StoredSketch,
    index: CollectionIndex,
    { collectionId, contents }: CollectionRecord,
    records: Records,
  ): StoredSketch {
    if (index.faces.canScan(sketch)) return sketch;
    // What is read now may overwrite it.
    const own = copyOf(sketch);
    const collection = records.findCollection(collectionId);
    if (collection?.contents === contents) this.learn(contents, records.projections(collection));
    return own;
  }
}

/** Adds what makes searching faster. */
async function complete(
  index: CollectionIndex,
  collection: CollectionRecord,
  records: Records,
  isWanted: () => boolean,
): Promise<void> {
  // Whoever waited for the index goes first.
  await nextTurn();
  const { faces, users } = records.fineSketches(collection);
  await inTurns(faces.all(), isWanted, (sketch) => index.faces.complete(sketch.ids, sketch), index.faces);
  const completeUsers = (sketch: StoredSketch) => index.users.complete(sketch.ids, sketch.faces, sketch);
  await inTurns(users.all(), isWanted, completeUsers, index.users);
}

/**
 * Does something with each of many things, in turns with others, for as long as it is wanted.
 *
 * @param searched what must not be searched at the same time. Searches go first
 */
async function inTurns<Item>(
  items: Iterable<Item>,
  isWanted: () => boolean,
  work: (item: Item) => void,
  searched?: { readonly searching: Promise<unknown> | undefined },
): Promise<void> {
  const rest = items[Symbol.iterator]();
  for (;;) {
    while (searched?.searching) await searched.searching;
    const most = searched ? SKETCHES_BETWEEN_SEARCHES : SKETCHES_PER_TURN;
    for (let i = 0; i < most; i++) {
      const { done, value } = rest.next();
      if (done) return;
      work(value);
    }
    await nextTurn();
    if (!isWanted()) return;
  }
}

/** The indexes keep vectors in short, and ask for the whole ones of the few that they measure. */
function emptyIndex(collection: CollectionRecord, space: VectorSpace, records: Records): CollectionIndex {
  const { collectionId, faceCount: expected, vectorSpace } = collection;
  const faceVectors = records.faceVectors(collection);
  const userVectors = records.userVectors(collection);
  // An empty collection may have learned of the vectors of other models.
  const projections = vectorSpace === space.version ? records.projections(collection) : [];
  // Asked by way of the collection, which may be deleted while a search is under way: then nothing of it is answered.
  const faceVector = (faceId: string) => {
    const face = records.findFace(collectionId, faceId);
    return face && faceVectors.find(face.chunk, faceId);
  };
  const userVector = (userId: string, faces: number) => {
    const user = records.findUser(collectionId, userId);
    if (user?.chunk === undefined || user.faceIds.length !== faces) return undefined;
    return userVectors.find(user.chunk, userId);
  };
  return {
    faces: new FaceIndex(space.parts, faceVector, { projections, expected }),
    users: new UserIndex(space, userVector, projections),
  };
}
