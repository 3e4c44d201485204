import type { Rows } from './nearest-rows.js';
import { Segment } from './segment.js';

/** A small collection takes the first segment alone, in plain memory. */
const FIRST_ROWS = 256;
/** Memory that is not written to costs nothing. */
const SEGMENT_ROWS = 65_536;

/** The vectors of an index, quantised, in numbered rows: as many segments as it takes. */
export class VectorRows {
  /** Numbers of a row: those of a vector, filled up with zeros. */
  readonly length: number;
  /** Whose vector each row is; `undefined` where there is none. */
  readonly #keys: (string | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #segments: Segment[] = [];

  /** @param vectorLength how many numbers a vector has */
  constructor(vectorLength: number) {
    this.length = Math.ceil(vectorLength / 16) * 16;
  }

  /** How many rows a search goes through, empty ones among them. */
  get count(): number {
    return this.#keys.length;
  }

  /** A row for the vector of a key, to be written. */
  take(key: string): number {
    const row = this.#free.pop() ?? this.#keys.length;
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

  /** @param vector `undefined` empties the row */
  write(row: number, vector: Float32Array | undefined): void {
    const number = row < FIRST_ROWS ? 0 : 1 + Math.floor((row - FIRST_ROWS) / SEGMENT_ROWS);
    while (this.#segments.length <= number)
      this.#segments.push(new Segment(this.length, this.#segments.length > 0 ? SEGMENT_ROWS : FIRST_ROWS));
    const at = row - firstRowOf(number);
    if (vector) this.#segments[number]!.write(at, vector);
    else this.#segments[number]!.clear(at);
  }

  /** All rows, to be searched. */
  all(): Rows[] {
    return this.#segments.map((segment, number) => {
      const firstRow = firstRowOf(number);
      return { segment, firstRow, count: Math.min(segment.capacity, this.#keys.length - firstRow) };
    });
  }
}

function firstRowOf(number: number): number {
  return number === 0 ? 0 : FIRST_ROWS + (number - 1) * SEGMENT_ROWS;
}
