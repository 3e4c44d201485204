import { distancesToRows } from './distances.js';
import type { FaceVector, VectorSpace } from './vision/vision.js';

/** A vector of the index, and its distance from the one that was asked about. */
export interface Neighbour {
  readonly key: string;
  /** 0 and up, as the vector space measures it. */
  readonly distance: number;
}

/** Room for this many vectors to begin with; it doubles when it is full. */
const FIRST_ROWS = 16;

/**
 * Finds the vectors nearest to a given one, exactly: it measures every one of them. Rows of numbers lie one after
 * the other in one array without gaps, which is what makes that fast.
 */
export class FaceIndex {
  readonly #parts: VectorSpace['parts'];
  /** Numbers of one vector: the parts' lengths together. */
  readonly #length: number;
  #numbers: Float32Array;
  /** Whose vector each row is. */
  readonly #keys: string[] = [];
  readonly #rows = new Map<string, number>();

  constructor(parts: VectorSpace['parts']) {
    this.#parts = parts;
    this.#length = parts.reduce((sum, part) => sum + part.length, 0);
    this.#numbers = new Float32Array(FIRST_ROWS * this.#length);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Adds a vector, or replaces the one of the same key. */
  set(key: string, vector: FaceVector): void {
    this.#checkLength(vector);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#keys.push(key) - 1;
      this.#rows.set(key, row);
      this.#makeRoom();
    }
    this.#numbers.set(vector, row * this.#length);
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const row = this.#rows.get(key);
    if (row === undefined) return false;
    // The last row moves into the gap.
    const last = this.#keys.length - 1;
    const lastKey = this.#keys[last]!;
    this.#numbers.copyWithin(row * this.#length, last * this.#length, (last + 1) * this.#length);
    this.#keys[row] = lastKey;
    this.#rows.set(lastKey, row);
    this.#keys.pop();
    this.#rows.delete(key);
    return true;
  }

  /**
   * The nearest vectors, nearest first; equally near ones in the order of their keys.
   *
   * @param options.limit how many at most
   * @param options.except leave this one out
   */
  nearest(
    vector: FaceVector,
    { limit, except }: { limit: number; except?: string | undefined },
  ): Neighbour[] {
    this.#checkLength(vector);
    const exceptRow = except === undefined ? undefined : this.#rows.get(except);
    const compare = (a: Candidate, b: Candidate) =>
      a.distance - b.distance || (this.#keys[a.row]! < this.#keys[b.row]! ? -1 : 1);

    const distances = distancesToRows(this.#parts, vector, this.#numbers, this.#keys.length);
    // Collects twice as many as wanted, then keeps the better half: a few sorts in place of a heap.
    let nearest: Candidate[] = [];
    let farthest = Number.POSITIVE_INFINITY;
    for (let row = 0; row < distances.length; row++) {
      const distance = distances[row]!;
      // Not `>`, so that a distance that is no number counts as far.
      if (!(distance <= farthest) || row === exceptRow) continue;
      nearest.push({ row, distance });
      if (nearest.length >= 2 * limit + 64) {
        nearest = nearest.sort(compare).slice(0, limit);
        farthest = nearest.at(-1)?.distance ?? farthest;
      }
    }
    return nearest
      .sort(compare)
      .slice(0, limit)
      .map(({ row, distance }) => ({ key: this.#keys[row]!, distance }));
  }

  #makeRoom(): void {
    const needed = this.#keys.length * this.#length;
    if (needed <= this.#numbers.length) return;
    const larger = new Float32Array(2 * this.#numbers.length);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  #checkLength(vector: FaceVector): void {
    if (vector.length === this.#length) return;
    throw new RangeError(`A vector of this space has ${this.#length} numbers, not ${vector.length}.`);
  }
}

interface Candidate {
  readonly row: number;
  readonly distance: number;
}
