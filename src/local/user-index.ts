import { farthestAlike } from './farthest-alike.js';
import { FaceIndex } from './vectors/face-index.js';
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

  /** @param vectorOf the vector of a user, as it was added; `undefined` if it is made of more or fewer faces now */
  constructor(space: VectorSpace, vectorOf: (userId: string, faces: number) => FaceVector | undefined) {
    this.#space = space;
    this.#vectorOf = vectorOf;
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
    if (this.#facesOf.get(userId) !== faces) this.delete(userId);
    let index = this.#byFaces.get(faces);
    if (!index) {
      index = new FaceIndex(this.#space.parts, (id) => this.#vectorOf(id, faces));
      this.#byFaces.set(faces, index);
    }
    index.set(userId, vector);
    this.#facesOf.set(userId, faces);
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
}
