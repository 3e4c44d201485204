import { lacksFirst, mayLackFirst } from '../distances.js';
import type { FaceVector, VectorPart, VectorSpace } from '../vision/vision.js';
import type { Projection } from './projection.js';
import { quantizeQuery } from './quantize.js';
import { Segment } from './segment.js';
import type { RowsByTable, Sketch } from './sketch.js';
import type { Stretch, TableQuery } from './stretch.js';
import { PROJECTED_LENGTH, paddedLength, type VectorTables } from './tables.js';

const FIRST_ROWS = 64;
const SEGMENT_ROWS = 65_536;

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
  readonly #firstRows: number;
  readonly #space: VectorSpace['parts'];
  readonly #mayLackFirst: boolean;
  readonly #tables: VectorTables;
  #projections: readonly Projection[];
  readonly #shelves: Shelf[] = [];
  readonly #free = { whole: [] as number[], partial: [] as number[] };

  /**
   * @param projections one for each long part, or none while nothing was learned
   * @param expected about how many rows there will be
   */
  constructor(
    space: VectorSpace['parts'],
    tables: VectorTables,
    projections: readonly Projection[],
    expected: number,
  ) {
    this.#firstRows = expected >= SEGMENT_ROWS ? SEGMENT_ROWS : FIRST_ROWS;
    this.#space = space;
    this.#mayLackFirst = mayLackFirst(space);
    this.#tables = tables;
    this.#projections = projections;
  }

  /** How many rows a search goes through, empty ones among them. */
  get count(): number {
    return this.#shelves.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  /**
   * Whether a row may hold a vector: some rows are for vectors with all their parts, some for those without the first.
   */
  fits(row: number, lacksFirst: boolean): boolean {
    return this.#shelfOf(row).isWhole === this.#isWhole(lacksFirst);
  }

  /** A row for the vector of a key, to be written. */
  take(key: string, lacksFirst: boolean): number {
    const isWhole = this.#isWhole(lacksFirst);
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
   * Writes rows.
   *
   * @param rows by the numbers of the tables, of which some may be missing
   * @param to the row that each goes to
   * @param from which of the rows that is
   */
  write(rows: RowsByTable, to: readonly number[], from: readonly number[]): void {
    for (let done = 0, count = 0; done < to.length; done += count) {
      count = neighboursFrom(to, from, done);
      const segment = this.#segmentFor(to[done]! + count - 1);
      const at = to[done]! % SEGMENT_ROWS;
      for (let table = 0; table < this.#tables.lengths.length; table++) {
        const ofTable = rows[table];
        if (ofTable) segment.load(table, at, count, ofTable, from[done]!);
        else segment.clear(table, at, count);
      }
      // It may be of the time before the projections were learned.
      this.#project(segment, at, count);
    }
  }

  /** Writes what a row lacks, of the same vector. */
  complete(rows: RowsByTable, to: number, from: number): void {
    const segment = this.#segmentFor(to);
    const at = to % SEGMENT_ROWS;
    for (const [table, ofTable] of rows.entries())
      if (ofTable && segment.isEmpty(at, table)) segment.load(table, at, 1, ofTable, from);
  }

  /** Writes a row as empty. */
  empty(row: number): void {
    const segment = this.#segmentFor(row);
    for (const table of this.#tables.lengths.keys()) segment.clear(table, row % SEGMENT_ROWS, 1);
  }

  /** Makes use of projections that were learned. The answers do not depend on them, only how fast they are found. */
  learn(projections: readonly Projection[]): void {
    this.#projections = projections;
    for (const { segment, keys } of this.#shelves)
      if (segment) this.#project(segment, 0, Math.min(keys.length, segment.capacity));
  }

  /** Whether a sketch has all tables that are scanned. */
  canScan({ tables }: Sketch): boolean {
    return this.#tables.coarse(this.#projections.length > 0).every((table) => tables.includes(table));
  }

  /** All rows, and what to hold against them to find those near to a vector. */
  stretches(vector: FaceVector): Stretch[] {
    const isWhole = this.#isWhole(lacksFirst(this.#space, vector, 0));
    const all = this.#queries(vector, ({ weight }) => weight);
    // A first part is never compared alone.
    const withoutFirst = this.#queries(vector, ({ weightAlone = 0 }, i) => (i === 0 ? 0 : weightAlone));
    return this.#shelves.flatMap((shelf, number) => {
      const queries = isWhole && shelf.isWhole ? all : withoutFirst;
      const firstRow = number * SEGMENT_ROWS;
      const { segment, keys } = shelf;
      return segment ? { segment, firstRow, count: Math.min(keys.length, segment.capacity), ...queries } : [];
    });
  }

  #queries(vector: FaceVector, weightOf: (part: VectorPart, i: number) => number) {
    const first: TableQuery[] = [];
    const then: TableQuery[] = [];
    for (const [i, { table, start, length }] of this.#tables.parts.entries()) {
      const weight = weightOf(this.#space[i]!, i);
      if (weight <= 0) continue;
      const part = vector.subarray(start, start + length);
      const whole = { table, weight, query: quantizeQuery(part, paddedLength(length)) };
      first.push(this.#shortQuery(whole, part) ?? whole);
      then.push(whole);
    }
    return { first, then };
  }

  #shortQuery({ table, weight }: TableQuery, part: FaceVector): TableQuery | undefined {
    const number = this.#tables.longParts.findIndex((longPart) => longPart.table === table);
    const projection = this.#projections[number];
    if (!projection) return undefined;
    const projected = projection.projectQuery(part);
    const query = quantizeQuery(projected.vector, PROJECTED_LENGTH);
    const { short } = this.#tables.longParts[number]!;
    return { table: short, weight, query: { ...query, error: query.error + projected.error } };
  }

  #newRow(isWhole: boolean): number {
    let number = this.#shelves.findIndex(
      (shelf) => shelf.isWhole === isWhole && shelf.keys.length < SEGMENT_ROWS,
    );
    if (number < 0) number = this.#shelves.push({ isWhole, keys: [] }) - 1;
    return number * SEGMENT_ROWS + this.#shelves[number]!.keys.length;
  }

  #isWhole(lacksFirst: boolean): boolean {
    return !(this.#mayLackFirst && lacksFirst);
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
    let capacity = row < SEGMENT_ROWS ? this.#firstRows : SEGMENT_ROWS;
    while (capacity <= at) capacity *= 4;
    const larger = new Segment(this.#tables.lengths, Math.min(capacity, SEGMENT_ROWS));
    if (shelf.segment) larger.copyFrom(shelf.segment);
    shelf.segment = larger;
    return larger;
  }

  /** Writes the short vectors of rows that lie one behind the other, of those that have none yet. */
  #project(segment: Segment, at: number, count: number): void {
    for (const [i, projection] of this.#projections.entries()) {
      const { table, short } = this.#tables.longParts[i]!;
      for (let row = at; row < at + count; row++)
        if (segment.isEmpty(row, short) && !segment.isEmpty(row, table))
          segment.project(projection, table, short, row, 1);
    }
  }
}

/** How many rows, from the one at `first` on, lie one behind the other both where they come from and where they go. */
function neighboursFrom(to: readonly number[], from: readonly number[], first: number): number {
  const row = to[first]!;
  const most = Math.min(to.length - first, SEGMENT_ROWS - (row % SEGMENT_ROWS));
  let count = 1;
  while (count < most && to[first + count] === row + count && from[first + count] === from[first]! + count)
    count++;
  return count;
}
