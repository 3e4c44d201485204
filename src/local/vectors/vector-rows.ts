import type { Rows } from './nearest-rows.js';
import { Segment, VECTORS_AT_A_TIME } from './segment.js';

/** A small collection takes the first segment alone, in plain memory. */
const FIRST_ROWS = 256;
/** Memory that is not written to costs nothing. */
const SEGMENT_ROWS = 65_536;

/** The vectors of an index, quantised, in numbered rows: as many segments as it takes. */
export class VectorRows {
  /** Numbers of a row: those of a vector, filled up with zeros. */
  readonly length: number;
  /** Whose vector each row is; `undefined` where there is none. */
  readonly #keys: (string | undefined)[];
  #count = 0;
  readonly #free: number[] = [];
  readonly #segments: Segment[] = [];

  /**
   * @param vectorLength how many numbers a vector has
   * @param expected about how many vectors there will be
   */
  constructor(vectorLength: number, expected: number) {
    // One that grows to a million is copied again and again.
    this.#keys = new Array(expected);
    this.length = Math.ceil(vectorLength / 16) * 16;
  }

  /** How many rows a search goes through, empty ones among them. */
  get count(): number {
    return this.#count;
  }

  /** A row for the vector of a key, to be written. */
  take(key: string): number {
    const row = this.#free.pop() ?? this.#count++;
    this.#keys[row] = key;
    return row;
  }

  /** Gives a row back, to be emptied. */
  free(row: number): void {
    this.#keys[row] = undefined;
    this.#free.push(row);
  }

  keyOf(row: number): string | undefined {
    return this.#keys[row];
  }

  /** @param vectors of the rows, one after the other */
  write(rows: readonly number[], vectors: Float32Array): void {
    const length = vectors.length / rows.length;
    for (let i = 0, count = 1; i < rows.length; i += count) {
      const { segment, at } = this.#place(rows[i]!);
      // Those whose rows lie one behind the other are written together, if there is nothing to fill up.
      const most = length === this.length ? Math.min(VECTORS_AT_A_TIME, segment.capacity - at) : 1;
      for (count = 1; count < most && rows[i + count] === rows[i]! + count; ) count++;
      segment.write(at, vectors.subarray(i * length, (i + count) * length), count);
    }
  }

  clear(row: number): void {
    const { segment, at } = this.#place(row);
    segment.clear(at);
  }

  /** Segments for so many rows. */
  reserve(count: number): readonly Segment[] {
    while (firstRowOf(this.#segments.length) < count)
      this.#segments.push(new Segment(this.length, this.#segments.length > 0 ? SEGMENT_ROWS : FIRST_ROWS));
    return this.#segments;
  }

  #place(row: number): { segment: Segment; at: number } {
    const number = row < FIRST_ROWS ? 0 : 1 + Math.floor((row - FIRST_ROWS) / SEGMENT_ROWS);
    return { segment: this.reserve(row + 1)[number]!, at: row - firstRowOf(number) };
  }

  /** All rows, to be searched. */
  all(): Rows[] {
    return this.#segments.map((segment, number) => {
      const firstRow = firstRowOf(number);
      const count = Math.max(0, Math.min(segment.capacity, this.#count - firstRow));
      return { segment, firstRow, count };
    });
  }
}

function firstRowOf(number: number): number {
  return number === 0 ? 0 : FIRST_ROWS + (number - 1) * SEGMENT_ROWS;
}
