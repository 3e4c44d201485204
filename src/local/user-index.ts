import { farthestAlike } from './farthest-alike.js';
import { groupBy } from './group-by.js';
import { FaceIndex } from './vectors/face-index.js';
import type { Projection } from './vectors/projection.js';
import type { Sketch } from './vectors/sketch.js';
import type { FaceVector, VectorSpace } from './vision/vision.js';

/** A user whose vector is alike. */
export interface SimilarUser {
  readonly userId: string;
  /** 0 to 100. */
  readonly similarity: number;
}

/**
 * Finds the users most alike to a vector. What similarity a distance means depends on how many faces a user vector
 * is made of, so the nearest user is not always the most alike. Among users of equally many faces it is: hence one
 * index for each number of faces, and the best of all of them together.
 */
export class UserIndex {
  readonly #space: VectorSpace;
  readonly #vectorOf: (userId: string, faces: number) => FaceVector | undefined;
  readonly #byFaces = new Map<number, FaceIndex>();
  readonly #facesOf = new Map<string, number>();
  #projections: readonly Projection[];

  /**
   * @param vectorOf the vector of a user, as it was added; `undefined` if it is made of more or fewer faces now
   * @param projections what was learned of such vectors already
   */
  constructor(
    space: VectorSpace,
    vectorOf: (userId: string, faces: number) => FaceVector | undefined,
    projections: readonly Projection[] = [],
  ) {
    this.#space = space;
    this.#vectorOf = vectorOf;
    this.#projections = projections;
  }

  get size(): number {
    return this.#facesOf.size;
  }

  /**
   * Adds a user, or replaces its vector.
   *
   * @param faces how many faces the vector is made of, 1 or more
   */
  set(userId: string, vector: FaceVector, faces: number): void {
    this.#indexFor(userId, faces).set(userId, vector);
  }

  /**
   * Adds or replaces many users, of whose vectors there is a sketch already.
   *
   * @param userIds of the rows of the sketch, in their order
   * @param faces how many faces each vector is made of
   */
  load(userIds: readonly string[], faces: readonly number[], sketch: Sketch): void {
    // An index that loses its last user is given up, so nobody may leave one that others are about to join.
    for (const [row, userId] of userIds.entries())
      if (this.#facesOf.get(userId) !== faces[row]) this.delete(userId);
    const rows = Array.from(userIds.keys());
    const byIndex = groupBy(rows, (row) => this.#indexFor(userIds[row]!, faces[row]!));
    for (const [index, ofIndex] of byIndex) index.load(userIds, sketch, ofIndex);
  }

  /**
   * Adds tables that were missing when users were loaded. Such users are found all the same. Only while no search is
   * under way.
   *
   * @param userIds of the rows of the sketch, in their order; those that are not there any more are passed over
   * @param faces how many faces each vector is made of
   */
  complete(userIds: readonly string[], faces: readonly number[], sketch: Sketch): void {
    const rows = Array.from(userIds.keys()).filter((row) => this.#facesOf.get(userIds[row]!) === faces[row]);
    for (const [count, ofIndex] of groupBy(rows, (row) => faces[row]!))
      this.#byFaces.get(count)!.complete(userIds, sketch, ofIndex);
  }

  /** Settles when a search is over that is under way; `undefined` when there is none. */
  get searching(): Promise<unknown> | undefined {
    for (const { searching } of this.#byFaces.values()) if (searching) return searching;
    return undefined;
  }

  /** Makes use of what was learned of such vectors. */
  learn(projections: readonly Projection[]): void {
    this.#projections = projections;
    for (const index of this.#byFaces.values()) void index.learn(projections);
  }

  delete(userId: string): void {
    const faces = this.#facesOf.get(userId);
    if (faces === undefined) return;
    this.#facesOf.delete(userId);
    const index = this.#byFaces.get(faces)!;
    index.delete(userId);
    if (index.size === 0) this.#byFaces.delete(faces);
  }

  /**
   * The users most alike, most alike first. Those who are equally alike, as all are who are not alike at all, come in
   * the order of their distances, then of their ids.
   *
   * @param options.threshold the weakest similarity that counts; users a hair below may be among those found
   */
  async mostSimilar(
    vector: FaceVector,
    { threshold, ...options }: { limit: number; threshold: number; except?: string | undefined },
  ): Promise<SimilarUser[]> {
    const searches = Array.from(this.#byFaces, async ([faces, index]) => {
      const within = farthestAlike(this.#space, threshold, faces);
      const neighbours = await index.nearest(vector, { ...options, within });
      return neighbours.map(({ key, distance }) => ({
        userId: key,
        distance,
        similarity: this.#space.similarity(distance, faces),
      }));
    });
    return (await Promise.all(searches))
      .flat()
      .sort(
        (a, b) => b.similarity - a.similarity || a.distance - b.distance || (a.userId < b.userId ? -1 : 1),
      )
      .slice(0, options.limit)
      .map(({ userId, similarity }) => ({ userId, similarity }));
  }

  /** The index that a user of so many faces belongs to, and to no other from now on. */
  #indexFor(userId: string, faces: number): FaceIndex {
    if (this.#facesOf.get(userId) !== faces) this.delete(userId);
    let index = this.#byFaces.get(faces);
    if (!index) {
      const vectorOf = (id: string) => this.#vectorOf(id, faces);
      index = new FaceIndex(this.#space.parts, vectorOf, { projections: this.#projections });
      this.#byFaces.set(faces, index);
    }
    this.#facesOf.set(userId, faces);
    return index;
  }
}
