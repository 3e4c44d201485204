import { setImmediate as nextTurn } from 'node:timers/promises';
import { distance, lacksFirst } from '../distances.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { type Candidates, nearestRows, type RowSearch } from './nearest-rows.js';
import type { Projection } from './projection.js';
import { RowsByKey } from './rows-by-key.js';
import { nearestRowsInThread, startThread } from './search-thread.js';
import { copyOf, isSketchOf, rowsByTable, type Sketch, Sketcher, type SketchRow } from './sketch.js';
import type { Stretch } from './stretch.js';
import { VectorTables } from './tables.js';
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

/** Candidates that there is room for, besides those of many that are wanted. More take another scan. */
const ROOM = 1024;

/** Vectors that are read and measured at one go: some milliseconds' worth. */
const MEASURED_PER_TURN = 128;

export interface FaceIndexOptions {
  /** Indexes of more vectors are searched in a thread of their own. @default 100_000 */
  readonly threadAbove?: number;
  /** What was learned of such vectors already. @default nothing; long ones take longer to search then */
  readonly projections?: readonly Projection[];
  /** About how many vectors there will be. @default few */
  readonly expected?: number;
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
  readonly #vectorOf: (key: string) => FaceVector | undefined;
  readonly #threadAbove: number;
  readonly #rows: VectorRows;
  readonly #rowOf: RowsByKey;
  #sketcher: Sketcher;
  /** Settles when the thread has searched. Until then rows are not written. */
  #search: Promise<unknown> | undefined;
  /** What is to be written after the search: what goes to a row, or `undefined` to empty it. */
  readonly #waiting = new Map<number, SketchRow | undefined>();

  /**
   * @param vectorOf the vector that was added under a key, to the last bit; `undefined` if it is gone
   */
  constructor(
    space: VectorSpace['parts'],
    vectorOf: (key: string) => FaceVector | undefined,
    { threadAbove = 100_000, projections = [], expected = 0 }: FaceIndexOptions = {},
  ) {
    const tables = new VectorTables(space.map(({ length }) => length));
    this.#space = space;
    this.#vectorOf = vectorOf;
    this.#threadAbove = threadAbove;
    this.#sketcher = new Sketcher(tables, projections);
    this.#rows = new VectorRows(space, tables, projections, expected);
    this.#rowOf = new RowsByKey((row) => this.#rows.keyOf(row), expected);
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
    if (vector.length !== this.#length) throw this.#otherLength(vector.length);
    if (this.#search) this.load([key], this.#sketcher.sketch(vector));
    else {
      const row = this.#rowFor(key, lacksFirst(this.#space, vector, 0));
      this.#rows.write(this.#sketcher.quantize(vector), [row], [0]);
    }
  }

  /**
   * Adds or replaces many vectors, of which there is a sketch already.
   *
   * @param keys of the rows of the sketch, in their order
   * @param sketch is not needed any more afterwards
   * @param from the rows to add. @default all
   * @throws RangeError when the vectors are of another space
   */
  load(keys: readonly string[], sketch: Sketch, from: readonly number[] = allOf(keys)): void {
    const { tables } = this.#sketcher;
    if (!isSketchOf(tables, sketch)) throw new RangeError('This is a sketch of another space.');
    const withoutFirst = new Set(sketch.withoutFirst);
    const to = from.map((row) => this.#rowFor(keys[row]!, withoutFirst.has(row)));
    if (!this.#search) {
      this.#rows.write(rowsByTable(tables, sketch), to, from);
      if (this.#rows.count > this.#threadAbove) startThread();
      return;
    }
    const own = copyOf(sketch);
    for (const [i, row] of from.entries()) this.#waiting.set(to[i]!, { sketch: own, row });
  }

  /**
   * Adds tables that were missing when vectors were loaded. Such vectors are found all the same, but more of them have
   * to be measured. Only while no search is under way.
   *
   * @param keys of the rows of the sketch, in their order
   * @param from the rows to add, of which those are passed over that are not there any more. @default all
   */
  complete(keys: readonly string[], sketch: Sketch, from: readonly number[] = allOf(keys)): void {
    const rows = rowsByTable(this.#sketcher.tables, sketch);
    for (const row of from) {
      const to = this.#rowOf.get(keys[row]!);
      if (to !== undefined) this.#rows.complete(rows, to, row);
    }
  }

  /** Whether a sketch holds all that has to be known of vectors. If not, it was made by somebody who has learned more. */
  canScan(sketch: Sketch): boolean {
    return this.#rows.canScan(sketch);
  }

  /** Makes use of what was learned of such vectors: one projection for each long part. */
  async learn(projections: readonly Projection[]): Promise<void> {
    this.#sketcher = new Sketcher(this.#sketcher.tables, projections);
    while (this.#search) await this.#search;
    this.#rows.learn(projections);
  }

  /** Settles when the search is over that is under way in the thread; `undefined` when there is none. */
  get searching(): Promise<unknown> | undefined {
    return this.#search;
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
      for (const [to, from] of this.#waiting) {
        if (from) this.#rows.write(rowsByTable(this.#sketcher.tables, from.sketch), [to], [from.row]);
        else this.#rows.empty(to);
      }
      this.#waiting.clear();
    };
    this.#search = found.then(finish, finish);
    return found;
  }

  async #find(
    vector: FaceVector,
    { limit, within = Number.POSITIVE_INFINITY, except }: NearestOptions,
    scan: (stretches: Stretch[], search: RowSearch) => Candidates | Promise<Candidates>,
  ): Promise<Neighbour[]> {
    const stretches = this.#rows.stretches(vector);
    const exceptRow = except === undefined ? undefined : this.#rowOf.get(except);
    for (let spare = 0, room = 4 * limit + ROOM; ; ) {
      const search = { limit: limit + spare, within, except: exceptRow, room: room + spare };
      const scanned = scan(stretches, search);
      const { rows, complete } = scanned instanceof Promise ? await scanned : scanned;
      const { neighbours, gone } = await this.#measure(vector, rows, { limit, within, except });
      const farthest =
        neighbours.length === limit ? neighbours[limit - 1]!.distance : Number.POSITIVE_INFINITY;
      // Each one that was deleted meanwhile may have kept another from being a candidate, and so may a lack of room.
      if (gone > spare) spare = 2 * gone;
      else if (complete === Number.POSITIVE_INFINITY || farthest <= complete) return neighbours;
      else room *= 8;
    }
  }

  /** Measures candidates until the rest is too far away for certain, and lets others have their turn. */
  async #measure(
    vector: FaceVector,
    candidates: Candidates['rows'],
    { limit, within, except }: Pick<RowSearch, 'limit' | 'within'> & Pick<NearestOptions, 'except'>,
  ): Promise<{ neighbours: Neighbour[]; gone: number }> {
    // Rows may be given to others in between.
    const keys = candidates.map(({ row }) => (this.#waiting.has(row) ? undefined : this.#rows.keyOf(row)));
    const neighbours: Neighbour[] = [];
    let gone = 0;
    for (const [i, { bound }] of candidates.entries()) {
      if (neighbours.length === limit && bound > neighbours[limit - 1]!.distance) break;
      if (i > 0 && i % MEASURED_PER_TURN === 0) await nextTurn();
      const key = keys[i];
      // It may have got another row.
      if (key !== undefined && key === except) continue;
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

  /** The row of a key, taken for a vector with or without its first part. */
  #rowFor(key: string, isPartial: boolean): number {
    const row = this.#rowOf.getOrSet(key, () => this.#rows.take(key, isPartial));
    if (this.#rows.fits(row, isPartial)) return row;
    this.delete(key);
    return this.#rowFor(key, isPartial);
  }

  get #length(): number {
    return this.#sketcher.tables.vectorLength;
  }

  #otherLength(length: number): RangeError {
    return new RangeError(`A vector of this space has ${this.#length} numbers, not ${length}.`);
  }
}

function allOf(keys: readonly string[]): number[] {
  return Array.from(keys, (_, row) => row);
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
