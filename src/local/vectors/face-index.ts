import { distance } from '../distances.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { type CandidateRow, nearestRows, type RowSearch, type TableQuery } from './nearest-rows.js';
import { learnProjection, type Projection } from './projection.js';
import { quantizeQuery } from './quantize.js';
import { nearestRowsInThread } from './search-thread.js';
import { paddedLength, Segment } from './segment.js';

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

const FIRST_ROWS = 64;
const SEGMENT_ROWS = 65_536;

/** Shorter parts are scanned as they are. */
const PROJECTED_FROM = 256;
/** Numbers of a projected vector. */
const PROJECTED_LENGTH = 64;
/** How many vectors there have to be until the directions to project them on are learned, and from how many. */
const LEARN_AT = 4096;
const LEARN_FROM = 512;

/** One part of the space, and the tables that it is kept in. */
interface Part {
  readonly start: number;
  readonly length: number;
  readonly weight: number;
  readonly table: number;
  /** Long parts are scanned in a second, shorter table, once there are enough vectors to learn a projection from. */
  readonly short: { readonly table: number; projection?: Projection } | undefined;
}

/**
 * Finds the vectors nearest to a given one, exactly. It keeps them as bytes, with bounds of how far these are off,
 * scans the bytes, and measures only the few vectors that the bounds leave; these it asks for. So the answer is that
 * of measuring every vector, in a fraction of the memory and the time.
 *
 * What was added or deleted before a search is called counts; while a search is under way nothing changes for it.
 */
export class FaceIndex {
  readonly #space: VectorSpace['parts'];
  readonly #vectorOf: (key: string) => FaceVector | undefined;
  readonly #threadAbove: number;
  readonly #parts: readonly Part[];
  /** Numbers of the vectors in each table. */
  readonly #tableLengths: number[] = [];
  readonly #segments: Segment[] = [];
  /** Whose vector each row is; `undefined` where there is none. */
  readonly #keys: (string | undefined)[] = [];
  readonly #rows = new Map<string, number>();
  readonly #freeRows: number[] = [];
  /** Settles when the thread has searched. Until then the segments stay as they are, and changes wait. */
  #search: Promise<unknown> | undefined;
  /** The vectors that rows will have after the search; `undefined` for none. */
  readonly #waiting = new Map<number, FaceVector | undefined>();

  /**
   * @param vectorOf the vector that was added under a key, with every bit it had; `undefined` if it is gone
   */
  constructor(
    space: VectorSpace['parts'],
    vectorOf: (key: string) => FaceVector | undefined,
    { threadAbove = 100_000 }: FaceIndexOptions = {},
  ) {
    this.#space = space;
    this.#vectorOf = vectorOf;
    this.#threadAbove = threadAbove;
    let start = 0;
    this.#parts = space.map(({ length, weight }) => {
      const part: Part = {
        start,
        length,
        weight,
        table: this.#tableLengths.push(length) - 1,
        short: length < PROJECTED_FROM ? undefined : { table: this.#tableLengths.push(PROJECTED_LENGTH) - 1 },
      };
      start += length;
      return part;
    });
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Adds a vector, or replaces the one of the same key. One with numbers that are not finite is never found. */
  set(key: string, vector: FaceVector): void {
    this.#checkLength(vector);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#freeRows.pop() ?? this.#keys.length;
      this.#keys[row] = key;
      this.#rows.set(key, row);
    }
    if (this.#search) this.#waiting.set(row, vector.slice());
    else this.#write(row, vector);
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const row = this.#rows.get(key);
    if (row === undefined) return false;
    this.#rows.delete(key);
    this.#keys[row] = undefined;
    this.#freeRows.push(row);
    if (this.#search) this.#waiting.set(row, undefined);
    else this.#write(row, undefined);
    return true;
  }

  /**
   * The nearest vectors, nearest first; equally near ones in the order of their keys.
   *
   * @throws RangeError when the vector is of another length; whatever `vectorOf` throws
   */
  async nearest(vector: FaceVector, options: NearestOptions): Promise<Neighbour[]> {
    this.#checkLength(vector);
    if (options.limit < 1 || !vector.every(Number.isFinite)) return [];
    // First come, first served: those that wait wake up in the order in which they came.
    while (this.#search) await this.#search;
    if (this.#keys.length <= this.#threadAbove)
      return this.#find(vector, options, async (search) =>
        nearestRows(this.#segments, this.#keys.length, search),
      );

    const found = this.#find(vector, options, (search) =>
      nearestRowsInThread(this.#segments, this.#keys.length, search),
    );
    const finish = () => {
      this.#search = undefined;
      for (const [row, waiting] of this.#waiting) this.#write(row, waiting);
      this.#waiting.clear();
    };
    this.#search = found.then(finish, finish);
    return found;
  }

  async #find(
    vector: FaceVector,
    options: NearestOptions,
    candidatesFor: (search: RowSearch) => Promise<CandidateRow[]>,
  ): Promise<Neighbour[]> {
    const first = this.#parts.map((part) => this.#cheapQuery(part, vector));
    const then = this.#parts.map((part) => this.#fullQuery(part, vector));
    const except = options.except === undefined ? undefined : this.#rows.get(options.except);
    const { limit, within = Number.POSITIVE_INFINITY } = options;
    for (let spare = 0; ; ) {
      const candidates = await candidatesFor({ first, then, limit: limit + spare, within, except });
      const { neighbours, gone } = this.#measure(vector, candidates, { limit, within });
      // Each one that was deleted meanwhile may have kept another from being a candidate.
      if (gone <= spare) return neighbours;
      spare = gone;
    }
  }

  /** Measures candidates until the rest is too far away for certain. */
  #measure(
    vector: FaceVector,
    candidates: readonly CandidateRow[],
    { limit, within }: { limit: number; within: number },
  ): { neighbours: Neighbour[]; gone: number } {
    const neighbours: Neighbour[] = [];
    let gone = 0;
    for (const { row, bound } of candidates) {
      if (neighbours.length === limit && bound > neighbours[limit - 1]!.distance) break;
      const key = this.#waiting.has(row) ? undefined : this.#keys[row];
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

  #fullQuery({ start, length, weight, table }: Part, vector: FaceVector): TableQuery {
    const query = quantizeQuery(vector.subarray(start, start + length), paddedLength(length));
    return { table, weight, query };
  }

  #cheapQuery(part: Part, vector: FaceVector): TableQuery {
    const { start, length, weight, short } = part;
    if (!short?.projection) return this.#fullQuery(part, vector);
    const projected = short.projection.projectQuery(vector.subarray(start, start + length));
    const query = quantizeQuery(projected.vector, PROJECTED_LENGTH);
    return { table: short.table, weight, query: { ...query, error: query.error + projected.error } };
  }

  #write(row: number, vector: FaceVector | undefined): void {
    const { segment, at } = this.#placeOf(row);
    if (!vector) {
      segment.clear(at);
      return;
    }
    for (const { table, start, length } of this.#parts)
      if (!segment.write(table, at, vector.subarray(start, start + length))) return;
    this.#learnProjections();
    this.#project(segment, at);
  }

  /** Writes the short vectors of a row. */
  #project(segment: Segment, at: number): void {
    for (const { table, short } of this.#parts) {
      if (!short?.projection) continue;
      const { length, codes, scales, norms, errors } = segment.tables[table]!;
      const rowCodes = codes.subarray(at * length, (at + 1) * length);
      const { vector, error } = short.projection.projectRow(rowCodes, scales[at]!, norms[at]!);
      segment.write(short.table, at, vector, errors[at]! + error);
    }
  }

  /** Once there are enough vectors. What it learned then serves for good: the answers do not depend on it. */
  #learnProjections(): void {
    if (this.#keys.length !== LEARN_AT) return;
    const segment = this.#segments[0]!;
    for (const { table, length, short } of this.#parts) {
      if (!short || short.projection) continue;
      short.projection = learnProjection(sampleRows(segment, table, length), PROJECTED_LENGTH);
    }
    for (let row = 0; row < LEARN_AT; row++) if (!segment.isEmpty(row)) this.#project(segment, row);
  }

  /** The segment that a row belongs to, which is made or enlarged when there is no room. */
  #placeOf(row: number): { segment: Segment; at: number } {
    const number = Math.floor(row / SEGMENT_ROWS);
    const at = row % SEGMENT_ROWS;
    let segment = this.#segments[number];
    if (!segment || at >= segment.capacity) {
      const larger = new Segment(this.#tableLengths, this.#capacityFor(number, at));
      if (segment) larger.copyFrom(segment);
      this.#segments[number] = larger;
      segment = larger;
    }
    return { segment, at };
  }

  /** Only the first segment begins small. */
  #capacityFor(segment: number, row: number): number {
    let capacity = segment === 0 ? FIRST_ROWS : SEGMENT_ROWS;
    while (capacity <= row) capacity *= 4;
    return Math.min(capacity, SEGMENT_ROWS);
  }

  #checkLength(vector: FaceVector): void {
    const length = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (vector.length === length) return;
    throw new RangeError(`A vector of this space has ${length} numbers, not ${vector.length}.`);
  }
}

/** Vectors of rows spread over a segment, as they were quantised. */
function sampleRows(segment: Segment, table: number, vectorLength: number): Float32Array[] {
  const { length, codes, scales } = segment.tables[table]!;
  const sample: Float32Array[] = [];
  for (let row = 0; row < LEARN_AT; row += LEARN_AT / LEARN_FROM) {
    const bytes = codes.subarray(row * length, row * length + vectorLength);
    if (!segment.isEmpty(row)) sample.push(Float32Array.from(bytes, (byte) => byte * scales[row]!));
  }
  return sample;
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
