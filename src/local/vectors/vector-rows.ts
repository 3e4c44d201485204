import { lacksFirst, mayLackFirst } from '../distances.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import type { Stretch, TableQuery } from './nearest-rows.js';
import { learnProjection, type Projection } from './projection.js';
import { quantizeQuery } from './quantize.js';
import { paddedLength, ROWS_WRITTEN_AT_A_TIME, Segment } from './segment.js';

const FIRST_ROWS = 64;
const SEGMENT_ROWS = 65_536;

/** Parts of fewer numbers are scanned as they are. */
const PROJECTED_FROM = 256;
/** Numbers of a projected vector. */
const PROJECTED_LENGTH = 64;
/** Directions to project on are learned once a segment has so many rows, from so many of them. */
const LEARN_AT = 4096;
const LEARN_FROM = 256;

/** One part of the space, and the tables that it is kept in. */
interface Part {
  readonly start: number;
  readonly length: number;
  readonly weight: number;
  readonly weightAlone: number;
  readonly table: number;
  /** Long parts are scanned in a shorter table, once there are enough vectors to learn a projection from. */
  readonly short: { readonly table: number; projection?: Projection } | undefined;
}

/** Rows of one kind: with all parts, or without the first. Their memory is taken when the first one is written. */
interface Shelf {
  readonly isWhole: boolean;
  /** Whose vector each row is; `undefined` where there is none. */
  readonly keys: (string | undefined)[];
  segment?: Segment;
}

/**
 * The vectors of an index, quantised, in numbered rows. Vectors without their first part are measured in another
 * way, so they have segments of their own, and each search is told how to go through which.
 */
export class VectorRows {
  readonly #space: VectorSpace['parts'];
  readonly #mayLackFirst: boolean;
  /** Numbers of a vector. */
  readonly #length: number;
  readonly #parts: readonly Part[];
  readonly #tableLengths: number[] = [];
  readonly #shelves: Shelf[] = [];
  readonly #free = { whole: [] as number[], partial: [] as number[] };
  #hasLearned = false;

  constructor(space: VectorSpace['parts']) {
    this.#space = space;
    this.#mayLackFirst = mayLackFirst(space);
    let start = 0;
    this.#parts = space.map(({ length, weight, weightAlone = 0 }, i) => {
      const table = this.#tableLengths.push(length) - 1;
      const isLong = length >= PROJECTED_FROM;
      const short = isLong ? { table: this.#tableLengths.push(PROJECTED_LENGTH) - 1 } : undefined;
      // A first part is never compared alone.
      const part: Part = { start, length, weight, weightAlone: i === 0 ? 0 : weightAlone, table, short };
      start += length;
      return part;
    });
    this.#length = start;
  }

  /** How many rows a search goes through, empty ones among them. */
  get count(): number {
    return this.#shelves.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  /**
   * Whether a row may hold the vector that begins at `start`: some rows are for vectors with all their parts, some for
   * those without the first.
   */
  fits(row: number, numbers: Float32Array, start: number): boolean {
    return this.#shelfOf(row).isWhole === this.#isWhole(numbers, start);
  }

  /** A row for the vector of a key, to be written. */
  take(key: string, numbers: Float32Array, start: number): number {
    const isWhole = this.#isWhole(numbers, start);
    const row = (isWhole ? this.#free.whole : this.#free.partial).pop() ?? this.#newRow(isWhole);
    this.#shelfOf(row).keys[row % SEGMENT_ROWS] = key;
    return row;
  }

  /** Gives a row back, to be written as empty. */
  free(row: number): void {
    const { isWhole, keys } = this.#shelfOf(row);
    keys[row % SEGMENT_ROWS] = undefined;
    (isWhole ? this.#free.whole : this.#free.partial).push(row);
  }

  keyOf(row: number): string | undefined {
    return this.#shelfOf(row).keys[row % SEGMENT_ROWS];
  }

  /**
   * Writes vectors to their rows.
   *
   * @param numbers of the vectors, one behind the other. One with numbers that are not finite leaves its row empty: it
   *   is never near anything
   */
  write(rows: readonly number[], numbers: Float32Array): void {
    for (let done = 0, count = 0; done < rows.length; done += count) {
      count = neighboursFrom(rows, done);
      const segment = this.#segmentFor(rows[done]! + count - 1);
      const at = rows[done]! % SEGMENT_ROWS;
      this.#writeNeighbours(segment, at, count, numbers, done * this.#length);
    }
  }

  /** Writes a row as empty. */
  empty(row: number): void {
    this.#segmentFor(row).clear(row % SEGMENT_ROWS);
  }

  /** All rows, and what to hold against them to find those near to a vector. */
  stretches(vector: FaceVector): Stretch[] {
    const isWhole = this.#isWhole(vector, 0);
    const all = this.#queries(vector, ({ weight }) => weight);
    const withoutFirst = this.#queries(vector, ({ weightAlone }) => weightAlone);
    return this.#shelves.flatMap((shelf, number) => {
      const queries = isWhole && shelf.isWhole ? all : withoutFirst;
      const firstRow = number * SEGMENT_ROWS;
      const { segment, keys } = shelf;
      return segment ? { segment, firstRow, count: Math.min(keys.length, segment.capacity), ...queries } : [];
    });
  }

  /** @param first where the first vector begins in `numbers` */
  #writeNeighbours(segment: Segment, at: number, count: number, numbers: Float32Array, first: number): void {
    let leavesEmpty = false;
    for (const { table, start, length } of this.#parts) {
      const rows = { numbers, start: first + start, stride: this.#length, length, count };
      if (segment.write(table, at, rows)) leavesEmpty = true;
    }
    // A row that is empty in one table is to be so in all.
    for (let row = at; leavesEmpty && row < at + count; row++)
      if (this.#parts.some(({ table }) => segment.isEmpty(row, table))) segment.clear(row);
    if (!this.#hasLearned && at < LEARN_AT && at + count >= LEARN_AT) this.#learn(segment);
    else this.#project(segment, at, count);
  }

  #queries(vector: FaceVector, weightOf: (part: Part) => number) {
    const parts = this.#parts.filter((part) => weightOf(part) > 0);
    const then = parts.map((part): TableQuery => {
      const { table, start, length } = part;
      const query = quantizeQuery(vector.subarray(start, start + length), paddedLength(length));
      return { table, weight: weightOf(part), query };
    });
    const first = parts.map(({ start, length, short }, i): TableQuery => {
      if (!short?.projection) return then[i]!;
      const projected = short.projection.projectQuery(vector.subarray(start, start + length));
      const query = quantizeQuery(projected.vector, PROJECTED_LENGTH);
      return { ...then[i]!, table: short.table, query: { ...query, error: query.error + projected.error } };
    });
    return { first, then };
  }

  #newRow(isWhole: boolean): number {
    let number = this.#shelves.findIndex(
      (shelf) => shelf.isWhole === isWhole && shelf.keys.length < SEGMENT_ROWS,
    );
    if (number < 0) number = this.#shelves.push({ isWhole, keys: [] }) - 1;
    return number * SEGMENT_ROWS + this.#shelves[number]!.keys.length;
  }

  #isWhole(numbers: Float32Array, start: number): boolean {
    return !this.#mayLackFirst || !lacksFirst(this.#space, numbers, start);
  }

  #shelfOf(row: number): Shelf {
    return this.#shelves[Math.floor(row / SEGMENT_ROWS)]!;
  }

  /** The segment of a row, with room for it. */
  #segmentFor(row: number): Segment {
    const shelf = this.#shelfOf(row);
    const at = row % SEGMENT_ROWS;
    if (shelf.segment && at < shelf.segment.capacity) return shelf.segment;
    // Memory that is not written to costs nothing, so only collections that stay small begin small.
    let capacity = row < SEGMENT_ROWS ? FIRST_ROWS : SEGMENT_ROWS;
    while (capacity <= at) capacity *= 4;
    const larger = new Segment(this.#tableLengths, Math.min(capacity, SEGMENT_ROWS));
    if (shelf.segment) larger.copyFrom(shelf.segment);
    shelf.segment = larger;
    return larger;
  }

  /** What is learned serves for good. The answers do not depend on it, only how fast they are found. */
  #learn(from: Segment): void {
    this.#hasLearned = true;
    for (const { table, length, short } of this.#parts)
      if (short) short.projection = learnProjection(sampleOf(from, table, length), PROJECTED_LENGTH);
    for (const { segment, keys } of this.#shelves) {
      const written = segment ? Math.min(keys.length, segment.capacity) : 0;
      for (let at = 0; at < written; at += ROWS_WRITTEN_AT_A_TIME)
        this.#project(segment!, at, Math.min(ROWS_WRITTEN_AT_A_TIME, written - at));
    }
  }

  /** Writes the short vectors of rows that lie one behind the other. Empty ones stay empty. */
  #project(segment: Segment, at: number, count: number): void {
    for (const { table, short } of this.#parts) {
      if (!short?.projection) continue;
      const { numbers, errors } = short.projection.projectRows(segment.tables[table]!, at, count);
      const ofRows = segment.tables[table]!.errors;
      for (let i = 0; i < count; i++) errors[i]! += ofRows[at + i]!;
      const length = PROJECTED_LENGTH;
      segment.write(short.table, at, { numbers, start: 0, stride: length, length, count, errors });
    }
  }
}

/** How many rows lie one behind the other from the one at `first` on, of those that can be written together. */
function neighboursFrom(rows: readonly number[], first: number): number {
  const row = rows[first]!;
  const most = Math.min(rows.length - first, ROWS_WRITTEN_AT_A_TIME, SEGMENT_ROWS - (row % SEGMENT_ROWS));
  let count = 1;
  while (count < most && rows[first + count] === row + count) count++;
  return count;
}

/** Vectors of rows spread over the first of a segment, as they were quantised. */
function sampleOf(segment: Segment, table: number, vectorLength: number): Float32Array[] {
  const { length, codes, scales } = segment.tables[table]!;
  const sample: Float32Array[] = [];
  for (let row = LEARN_AT - 1; row >= 0; row -= LEARN_AT / LEARN_FROM) {
    const bytes = codes.subarray(row * length, row * length + vectorLength);
    if (!segment.isEmpty(row, table)) sample.push(Float32Array.from(bytes, (byte) => byte * scales[row]!));
  }
  return sample;
}
