import { allocate, bufferOf, kernelOn, type SharedMemory } from './kernel.js';
import type { Kernel } from './plain-kernel.js';
import { errorPerScale, LARGEST_BYTE, type QuantizedQuery } from './quantize.js';
import type { QuantizedVectors } from './quantized-vectors.js';

/** Rows are scanned this many at a time: their bounds stay in the processor's cache until they are compared. */
const ROWS_AT_A_TIME = 1024;

/** Smaller segments do without WebAssembly, which reserves gigabytes of addresses for each piece of memory. */
const SIMD_FROM = 1024;

/** What another thread needs to search a segment. */
export type SharedSegment = Pick<Segment, 'length' | 'capacity' | 'memory'>;

/** Rows of vectors, quantised to signed bytes, in memory that threads share. */
export class Segment {
  /** Numbers of a row, filled up with zeros to a multiple of 16. */
  readonly length: number;
  readonly capacity: number;
  readonly memory: SharedMemory;
  readonly #kernel: Kernel;
  /** The query of a scan. */
  readonly #query: Int16Array;
  /** A vector that is to become a row. */
  readonly #vector: Float32Array;
  /** Where the kernel puts the bounds of the rows it has scanned. */
  readonly #bounds: Float64Array;
  readonly #codes: Int8Array;
  /** How far at most rows are off, as a multiple of their scales. */
  readonly #errorPerScale: number;
  /** One number for each row; `QuantizedQuery` says what. An empty row has a scale that is no number. */
  readonly #scales: Float32Array;
  readonly #norms: Int32Array;

  /**
   * @param length how many numbers a row has, a multiple of 16
   * @param capacity how many rows there is room for, a multiple of 4
   * @param memory of a segment of the same length and capacity, to search it from another thread
   */
  constructor(length: number, capacity: number, memory?: SharedMemory) {
    // A row's codes, and two numbers of 4 bytes; once, a query, a vector and bounds.
    const bytes = capacity * (length + 8) + 6 * length + 8 * ROWS_AT_A_TIME;
    this.length = length;
    this.capacity = capacity;
    this.memory = memory ?? allocate(bytes, capacity >= SIMD_FROM);
    this.#kernel = kernelOn(this.memory);

    const buffer = bufferOf(this.memory);
    let end = 0;
    const next = (byteLength: number) => {
      const start = end;
      end += byteLength;
      return start;
    };
    this.#codes = new Int8Array(buffer, next(capacity * length), capacity * length);
    this.#scales = new Float32Array(buffer, next(4 * capacity), capacity);
    this.#norms = new Int32Array(buffer, next(4 * capacity), capacity);
    this.#bounds = new Float64Array(buffer, next(8 * ROWS_AT_A_TIME), ROWS_AT_A_TIME);
    this.#vector = new Float32Array(buffer, next(4 * length), length);
    this.#query = new Int16Array(buffer, next(2 * length), length);
    this.#errorPerScale = errorPerScale(length, LARGEST_BYTE);
  }

  /** Sets a row. A vector with numbers that are not finite leaves it empty: it is never near anything. */
  write(row: number, vector: Float32Array): void {
    this.#vector.set(vector);
    this.#kernel.quantize(
      this.#vector.byteOffset,
      this.#codes.byteOffset + row * this.length,
      this.#scales.byteOffset + 4 * row,
      this.#norms.byteOffset + 4 * row,
      1,
      this.length,
    );
  }

  /** Sets rows that lie one behind the other, quantized already. */
  copy(row: number, { codes, scales, norms }: QuantizedVectors): void {
    const length = codes.length / scales.length;
    if (length === this.length) this.#codes.set(codes, row * length);
    else
      for (let i = 0; i < scales.length; i++)
        this.#codes.set(codes.subarray(i * length, (i + 1) * length), (row + i) * this.length);
    this.#scales.set(scales, row);
    this.#norms.set(norms, row);
  }

  /** Empties a row. */
  clear(row: number): void {
    this.#scales[row] = Number.NaN;
  }

  /**
   * Offers the rows that are not certainly farther away from a query than the farthest that is wanted.
   *
   * @param count how many rows there are
   * @param farthest called again for each row, as the distance may fall with each offer
   * @param offer takes a row, and the bounds of its distance
   */
  scan(
    query: QuantizedQuery,
    count: number,
    farthest: () => number,
    offer: (row: number, lower: number, upper: number) => void,
  ): void {
    this.#query.set(query.codes);
    // Begins with a few rows: they rule out most of the next ones.
    for (let at = 0, step = 64; at < count; at += step, step = Math.min(2 * step, ROWS_AT_A_TIME)) {
      const scanned = Math.min(step, count - at);
      if (this.#scan(query, at, scanned) > farthest()) continue;
      for (let i = 0; i < scanned; i++) {
        const lower = this.#bounds[i]!;
        if (!(lower <= farthest())) continue;
        // Vectors are off by no more than the errors, to either side.
        offer(at + i, lower, lower + 2 * (this.#errorPerScale * this.#scales[at + i]! + query.error));
      }
    }
  }

  /** Writes the lower bounds of some rows, and returns the least. */
  #scan({ scale, norm, error }: QuantizedQuery, row: number, count: number): number {
    return this.#kernel.scan(
      this.#codes.byteOffset + row * this.length,
      this.#scales.byteOffset + 4 * row,
      this.#norms.byteOffset + 4 * row,
      Math.ceil(count / 4) * 4,
      this.length,
      this.#query.byteOffset,
      scale,
      scale ** 2 * norm,
      error,
      this.#errorPerScale,
      this.#bounds.byteOffset,
    );
  }
}
