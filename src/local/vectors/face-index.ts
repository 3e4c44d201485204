import { distance } from '../distances.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { type CandidateRow, nearestRows, type RowSearch, type Stretch } from './nearest-rows.js';
import { RowsByKey } from './rows-by-key.js';
import { nearestRowsInThread } from './search-thread.js';
import { VectorRows } from './vector-rows.js';

/** A vector of the index, and its distance from the one that was asked about. */
export interface Neighbour {
  readonly key: string;
  /** 0 and up, as the vector space measures it. */
  readonly distance: number;
}

export interface NearestOptions {
  /** How many at most. */
  readonly limit: number;
  /** Nothing farther away is wanted; the nearer, the faster. @default no limit */
  readonly within?: number | undefined;
  /** Leave this one out. */
  readonly except?: string | undefined;
}

export interface FaceIndexOptions {
  /** Indexes of more vectors are searched in a thread of their own. @default 100_000 */
  readonly threadAbove?: number;
}

/**
 * Finds the vectors nearest to a given one, exactly. It keeps them as bytes, with bounds of how far these are off,
 * scans the bytes, and measures only the few vectors that the bounds leave; those it asks for. So the answer is that
 * of measuring every vector, in a fraction of the memory and the time.
 *
 * A search sees what was added and deleted before it was called. While one is under way in its thread, changes wait
 * until it is over, which nobody notices: the next search begins after them.
 */
export class FaceIndex {
  readonly #space: VectorSpace['parts'];
  readonly #length: number;
  readonly #vectorOf: (key: string) => FaceVector | undefined;
  readonly #threadAbove: number;
  readonly #rows: VectorRows;
  readonly #rowOf: RowsByKey;
  /** Settles when the thread has searched. Until then rows are not written. */
  #search: Promise<unknown> | undefined;
  /** What is to be written after the search: a vector for a row, or `undefined` to empty it. */
  readonly #waiting = new Map<number, FaceVector | undefined>();

  /**
   * @param vectorOf the vector that was added under a key, to the last bit; `undefined` if it is gone
   */
  constructor(
    space: VectorSpace['parts'],
    vectorOf: (key: string) => FaceVector | undefined,
    { threadAbove = 100_000 }: FaceIndexOptions = {},
  ) {
    this.#space = space;
    this.#length = space.reduce((sum, { length }) => sum + length, 0);
    this.#vectorOf = vectorOf;
    this.#threadAbove = threadAbove;
    this.#rows = new VectorRows(space);
    this.#rowOf = new RowsByKey((row) => this.#rows.keyOf(row));
  }

  get size(): number {
    return this.#rowOf.size;
  }

  /**
   * Adds a vector, or replaces the one of the same key. One with numbers that are not finite is never found.
   *
   * @throws RangeError when the vector is of another length
   */
  set(key: string, vector: FaceVector): void {
    this.setAll([key], vector);
  }

  /**
   * Adds or replaces many, which takes less time than one by one.
   *
   * @param numbers of all the vectors, one behind the other, in the order of the keys
   * @throws RangeError when the vectors are of another length
   */
  setAll(keys: readonly string[], numbers: Float32Array): void {
    const length = this.#length;
    if (numbers.length !== keys.length * length) throw this.#otherLength(numbers.length / keys.length);
    const rows = keys.map((key, i) => this.#rowFor(key, numbers, i * length));
    if (!this.#search) this.#rows.write(rows, numbers);
    else
      for (const [i, row] of rows.entries())
        this.#waiting.set(row, numbers.slice(i * length, (i + 1) * length));
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const row = this.#rowOf.get(key);
    if (row === undefined) return false;
    this.#rowOf.delete(key);
    this.#rows.free(row);
    if (this.#search) this.#waiting.set(row, undefined);
    else this.#rows.empty(row);
    return true;
  }

  /**
   * The nearest vectors, nearest first; equally near ones in the order of their keys.
   *
   * @throws RangeError when the vector is of another length; whatever `vectorOf` throws
   */
  async nearest(vector: FaceVector, options: NearestOptions): Promise<Neighbour[]> {
    if (vector.length !== this.#length) throw this.#otherLength(vector.length);
    if (options.limit < 1 || !vector.every(Number.isFinite)) return [];
    // First come, first served: those that wait wake up in the order in which they came.
    while (this.#search) await this.#search;
    if (this.#rows.count <= this.#threadAbove) return this.#find(vector, options, nearestRows);

    const found = this.#find(vector, options, nearestRowsInThread);
    const finish = () => {
      this.#search = undefined;
      for (const [row, vector] of this.#waiting) {
        if (vector) this.#rows.write([row], vector);
        else this.#rows.empty(row);
      }
      this.#waiting.clear();
    };
    this.#search = found.then(finish, finish);
    return found;
  }

  async #find(
    vector: FaceVector,
    { limit, within = Number.POSITIVE_INFINITY, except }: NearestOptions,
    scan: (stretches: Stretch[], search: RowSearch) => CandidateRow[] | Promise<CandidateRow[]>,
  ): Promise<Neighbour[]> {
    const stretches = this.#rows.stretches(vector);
    const exceptRow = except === undefined ? undefined : this.#rowOf.get(except);
    for (let spare = 0; ; ) {
      const scanned = scan(stretches, { limit: limit + spare, within, except: exceptRow });
      const candidates = Array.isArray(scanned) ? scanned : await scanned;
      const { neighbours, gone } = this.#measure(vector, candidates, limit, within);
      // Each one that was deleted meanwhile may have kept another from being a candidate.
      if (gone <= spare) return neighbours;
      spare = gone;
    }
  }

  /** Measures candidates until the rest is too far away for certain. */
  #measure(
    vector: FaceVector,
    candidates: readonly CandidateRow[],
    limit: number,
    within: number,
  ): { neighbours: Neighbour[]; gone: number } {
    const neighbours: Neighbour[] = [];
    let gone = 0;
    for (const { row, bound } of candidates) {
      if (neighbours.length === limit && bound > neighbours[limit - 1]!.distance) break;
      const key = this.#waiting.has(row) ? undefined : this.#rows.keyOf(row);
      const numbers = key === undefined ? undefined : this.#vectorOf(key);
      if (key === undefined || numbers === undefined) {
        gone++;
        continue;
      }
      const neighbour = { key, distance: distance(this.#space, vector, numbers) };
      if (neighbour.distance > within) continue;
      neighbours.splice(placeOf(neighbour, neighbours), 0, neighbour);
      if (neighbours.length > limit) neighbours.pop();
    }
    return { neighbours, gone };
  }

  /** The row of a key, taken for the vector that begins at `start`. */
  #rowFor(key: string, numbers: Float32Array, start: number): number {
    const row = this.#rowOf.getOrSet(key, () => this.#rows.take(key, numbers, start));
    if (this.#rows.fits(row, numbers, start)) return row;
    this.delete(key);
    return this.#rowFor(key, numbers, start);
  }

  #otherLength(length: number): RangeError {
    return new RangeError(`A vector of this space has ${this.#length} numbers, not ${length}.`);
  }
}

/** Where a neighbour belongs among others, which are in order. */
function placeOf({ key, distance }: Neighbour, others: readonly Neighbour[]): number {
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = others[middle]!;
    if (other.distance < distance || (other.distance === distance && other.key < key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
