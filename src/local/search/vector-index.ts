import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { distance, distanceOfSquare } from './distances.js';
import { type Candidate, nearestRows } from './nearest-rows.js';
import { type QuantizedQuery, quantizeQuery } from './quantize.js';
import type { QuantizedRows } from './quantized-vectors.js';
import { RowsByKey } from './rows-by-key.js';
import { SearchThread } from './search-thread.js';
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
  /** Leave this one out. */
  readonly except?: string | undefined;
  /** Whether a distance is near enough. Where one is not, no larger one is. @default all are */
  readonly isNear?: ((distance: number) => boolean) | undefined;
}

export interface VectorIndexOptions {
  /** Indexes of more vectors are searched in the thread. @default 100_000 */
  readonly threadAbove?: number;
  /** @default one of its own */
  readonly thread?: SearchThread;
  /** About how many vectors there will be. @default few */
  readonly expected?: number;
}

/** Steps of the bisection for the farthest distance that is near. What is left is 2^-20 of the power of two above it. */
const HALVINGS = 20;
/** No two vectors are so far apart: where this distance is near, every distance is. */
const LARGEST_BOUND = 2 ** 32;

/** Vectors that are read and measured without a break: some milliseconds' worth. */
const MEASURED_AT_A_TIME = 128;

/**
 * Finds the vectors nearest to a given one, exactly. It keeps them as bytes, with bounds of how far these are off,
 * scans the bytes, and measures only the few vectors that the bounds leave; those it asks for. So the answer is that
 * of measuring every vector, in a fraction of the memory and the time.
 *
 * A search sees what was added and deleted before it was called. While the thread scans, changes wait until it is done,
 * and the next search begins after them.
 */
export class VectorIndex {
  readonly #space: Pick<VectorSpace, 'length' | 'metric'>;
  readonly #vectorOf: (key: string) => FaceVector | undefined;
  readonly #threadAbove: number;
  readonly #thread: SearchThread;
  readonly #rows: VectorRows;
  readonly #rowOf: RowsByKey;
  /** Settles when the thread has scanned. Until then rows are not written. */
  #scan: Promise<unknown> | undefined;
  /** What is to be written then: a row's vector, or `undefined` to clear it. */
  readonly #waiting = new Map<number, FaceVector | undefined>();

  /** @param vectorOf the vector that was added under a key, to the last bit; `undefined` if it is gone */
  constructor(
    space: Pick<VectorSpace, 'length' | 'metric'>,
    vectorOf: (key: string) => FaceVector | undefined,
    { threadAbove = 100_000, thread = new SearchThread(), expected = 0 }: VectorIndexOptions = {},
  ) {
    this.#space = space;
    this.#vectorOf = vectorOf;
    this.#threadAbove = threadAbove;
    this.#thread = thread;
    this.#rows = new VectorRows(space.length);
    this.#rowOf = new RowsByKey(expected);
    if (expected > threadAbove) for (const { memory } of this.#rows.reserve(expected)) thread.touch(memory);
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
    this.#checkLength(vector.length);
    const row = this.#rowOf.getOrSet(key, () => this.#rows.take());
    if (this.#scan) this.#waiting.set(row, vector.slice());
    else this.#rows.write(row, vector);
  }

  /**
   * The same for several vectors that are quantized already. Before the index is searched.
   *
   * @throws RangeError when they are of another length
   */
  load({ ids, ...vectors }: QuantizedRows): void {
    this.#checkLength(vectors.codes.length / vectors.scales.length);
    this.#rows.copy(
      this.#rowOf.getOrSetAll(ids, () => this.#rows.take()),
      vectors,
    );
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const row = this.#rowOf.get(key);
    if (row === undefined) return false;
    this.#rowOf.delete(key);
    this.#rows.free(row);
    if (this.#scan) this.#waiting.set(row, undefined);
    else this.#rows.clear(row);
    return true;
  }

  /**
   * The nearest vectors, nearest first; equally near ones in the order of their keys.
   *
   * @throws RangeError when the vector is of another length; whatever `vectorOf` throws
   */
  async nearest(vector: FaceVector, { limit, except, isNear }: NearestOptions): Promise<Neighbour[]> {
    this.#checkLength(vector.length);
    if (limit < 1 || !vector.every(Number.isFinite)) return [];
    const query = quantizeQuery(vector, this.#rows.length);
    const wanted = except === undefined ? limit : limit + 1;
    const within = this.#farthestNear(isNear);
    for (let spare = 0; ; ) {
      // First come, first served: those that wait wake up in the order in which they came.
      while (this.#scan) await this.#scan;
      const scanned = this.#nearestRows(query, wanted + spare, within);
      const candidates = scanned instanceof Promise ? await scanned : scanned;
      const { neighbours, lost } = await this.#measure(vector, candidates, { except, isNear });
      // Each that was deleted or replaced meanwhile may have kept another one from being a candidate.
      if (lost <= spare) return neighbours.sort(nearestFirst).slice(0, limit);
      spare = 2 * lost;
    }
  }

  /** The bound beyond which no distance is near, or one that is larger by what is left of the bisection. */
  #farthestNear(isNear: NearestOptions['isNear']): number {
    if (!isNear) return Number.POSITIVE_INFINITY;
    const isNearAt = (bound: number) => isNear(distanceOfSquare(this.#space.metric, bound ** 2));
    let far = 1;
    while (isNearAt(far)) {
      far *= 2;
      if (far > LARGEST_BOUND) return Number.POSITIVE_INFINITY;
    }
    for (let near = 0, halvings = 0; halvings < HALVINGS; halvings++) {
      const middle = (near + far) / 2;
      if (isNearAt(middle)) near = middle;
      else far = middle;
    }
    return far;
  }

  #nearestRows(query: QuantizedQuery, limit: number, within: number): Candidate[] | Promise<Candidate[]> {
    const rows = this.#rows.all();
    if (this.#rows.count <= this.#threadAbove) return nearestRows(rows, query, limit, within);
    const scanned = this.#thread.nearestRows(rows, query, limit, within);
    const finish = () => {
      this.#scan = undefined;
      for (const [row, vector] of this.#waiting)
        if (vector) this.#rows.write(row, vector);
        else this.#rows.clear(row);
      this.#waiting.clear();
    };
    this.#scan = scanned.then(finish, finish);
    return scanned;
  }

  /** Measures candidates, as far as they may be near enough, with breaks for the event loop. */
  async #measure(
    vector: FaceVector,
    candidates: readonly Candidate[],
    { except, isNear = () => true }: Omit<NearestOptions, 'limit'>,
  ): Promise<{ neighbours: Neighbour[]; lost: number }> {
    const { metric } = this.#space;
    const toDistance = (bound: number) => distanceOfSquare(metric, bound ** 2);
    const near = candidates.filter(({ lower }) => isNear(toDistance(lower)));
    // Rows may be given to others in between.
    const keys = near.map(({ row }) => this.#rowOf.keyOf(row));
    const neighbours: Neighbour[] = [];
    let lost = 0;
    for (const [i, { lower, upper }] of near.entries()) {
      if (i > 0 && i % MEASURED_AT_A_TIME === 0) await nextTurn();
      const key = keys[i];
      if (key !== undefined && key === except) continue;
      const numbers = key === undefined ? undefined : this.#vectorOf(key);
      const measured = numbers ? distance(metric, vector, numbers) : Number.NaN;
      // What is not within its bounds is not any more the vector that was scanned.
      if (key === undefined || !(measured >= toDistance(lower) && measured <= toDistance(upper))) lost++;
      else if (isNear(measured)) neighbours.push({ key, distance: measured });
    }
    return { neighbours, lost };
  }

  #checkLength(length: number): void {
    if (length !== this.#space.length)
      throw new RangeError(`A vector of this space has ${this.#space.length} numbers, not ${length}.`);
  }
}

function nearestFirst(a: Neighbour, b: Neighbour): number {
  return a.distance - b.distance || (a.key < b.key ? -1 : 1);
}
