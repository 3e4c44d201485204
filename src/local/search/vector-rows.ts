import type { Rows } from './nearest-rows.js';
import type { QuantizedVectors } from './quantized-vectors.js';
import { Segment } from './segment.js';

/** A small collection takes the first segment alone, in plain memory. */
const FIRST_ROWS = 256;
/** Memory that is not written to costs nothing. */
const SEGMENT_ROWS = 65_536;

/** The vectors of an index, quantised, in numbered rows: as many segments as it takes. */
export class VectorRows {
  /** Numbers of a row: those of a vector, filled up with zeros. */
  readonly length: number;
  #count = 0;
  readonly #free: number[] = [];
  readonly #segments: Segment[] = [];

  /** @param vectorLength how many numbers a vector has */
  constructor(vectorLength: number) {
    this.length = Math.ceil(vectorLength / 16) * 16;
  }

  /** How many rows a search goes through, empty ones among them. */
  get count(): number {
    return this.#count;
  }

  /** A row that is to be written. */
  take(): number {
    return this.#free.pop() ?? this.#count++;
  }

  /** Gives a row back, to be emptied. */
  free(row: number): void {
    this.#free.push(row);
  }

  write(row: number, vector: Float32Array): void {
    const { segment, at } = this.#place(row);
    segment.write(at, vector);
  }

  copy(rows: Int32Array, vectors: QuantizedVectors): void {
    for (let i = 0, end = 0; i < rows.length; i = end) {
      const { segment, at } = this.#place(rows[i]!);
      // Those that lie one behind the other are written together.
      for (end = i + 1; end - i < segment.capacity - at && rows[end] === rows[i]! + end - i; ) end++;
      segment.copy(at, end - i < rows.length ? some(vectors, i, end) : vectors);
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

function some({ codes, scales, norms }: QuantizedVectors, from: number, to: number): QuantizedVectors {
  const length = codes.length / scales.length;
  return {
    codes: codes.subarray(from * length, to * length),
    scales: scales.subarray(from, to),
    norms: norms.subarray(from, to),
  };
}
