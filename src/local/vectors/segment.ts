import { allocate, bufferOf, type Kernel, kernelOn, type SharedMemory } from './kernel.js';
import type { Projection } from './projection.js';
import { errorOf } from './quantize.js';
import { copyQuantizedRows, type QuantizedRows } from './quantized-rows.js';
import { paddedLength } from './tables.js';

/** Rows are scanned this many at a time: their bounds stay in the fastest memory until they were looked at. */
export const ROWS_AT_A_TIME = 1024;

/** Vectors are prepared this many at a time: few enough to take next to no room, many enough to save calls. */
export const ROWS_WRITTEN_AT_A_TIME = 16;

/** Smaller segments do without WebAssembly, which reserves gigabytes of addresses for each piece of memory. */
const SIMD_FROM = 1024;

/** One vector of each row, quantised. */
export interface Table extends QuantizedRows {
  /** Numbers of a vector, filled up with zeros to a multiple of 16. */
  readonly length: number;
  /** Room for the query, and for vectors that are to become rows. */
  readonly query: Int16Array;
  readonly vectors: Float32Array;
}

/** Vectors that become rows one behind the other. */
export interface NewRows {
  /** The first vector begins at `start`, each next one `stride` numbers later. */
  readonly numbers: Float32Array;
  readonly start: number;
  readonly stride: number;
  /** Numbers of a vector. */
  readonly length: number;
  /** How many there are, at most `ROWS_WRITTEN_AT_A_TIME`. */
  readonly count: number;
  /** How far the vectors themselves may be from those they stand for. @default not at all */
  readonly errors?: Float64Array;
}

/** What another thread needs to look at a segment. */
export interface SharedSegment {
  readonly lengths: readonly number[];
  readonly capacity: number;
  readonly memory: SharedMemory;
}

/**
 * Rows of quantised vectors, in memory that threads share. A row has one vector in each table, since a face vector
 * has several parts.
 */
export class Segment implements SharedSegment {
  readonly lengths: readonly number[];
  readonly capacity: number;
  readonly memory: SharedMemory;
  readonly kernel: Kernel;
  readonly tables: readonly Table[];
  /** Where the kernel puts the bounds of the rows it has scanned, and the sums of a vector it has quantised. */
  readonly bounds: Float64Array;

  /**
   * @param lengths how many numbers the vectors of each table have
   * @param capacity how many rows there is room for, a multiple of 4
   * @param memory of a segment of the same lengths and capacity, to look at it from another thread
   */
  constructor(lengths: readonly number[], capacity: number, memory?: SharedMemory) {
    this.lengths = lengths;
    this.capacity = capacity;
    this.memory = memory ?? allocate(byteLength(lengths, capacity), capacity >= SIMD_FROM);
    this.kernel = kernelOn(this.memory);

    const place = placesIn(bufferOf(this.memory));
    this.bounds = place(Float64Array, ROWS_AT_A_TIME);
    this.tables = lengths.map(paddedLength).map((length) => ({
      length,
      query: place(Int16Array, length),
      vectors: place(Float32Array, ROWS_WRITTEN_AT_A_TIME * length),
      codes: place(Int8Array, capacity * length),
      scales: place(Float32Array, capacity),
      norms: place(Int32Array, capacity),
      errors: place(Float32Array, capacity),
    }));
    if (!memory) for (const { errors } of this.tables) errors.fill(Number.NEGATIVE_INFINITY);
  }

  /**
   * Sets the vectors of rows in one table. One with numbers that are not finite, or whose own error is -∞, leaves its
   * row empty there.
   *
   * @returns whether a vector with numbers that are not finite did
   */
  write(table: number, firstRow: number, rows: NewRows): boolean {
    const { length, codes, scales, norms, errors, vectors } = this.tables[table]!;
    copyRows(rows, vectors, length);
    let leavesEmpty = false;
    for (let i = 0, row = firstRow; i < rows.count; i++, row++) {
      const vector = vectors.byteOffset + i * length * vectors.BYTES_PER_ELEMENT;
      const rowCodes = codes.byteOffset + row * length;
      const scale = this.kernel.quantize(vector, rowCodes, length, this.bounds.byteOffset);
      const norm = this.bounds[0]!;
      const error = errorOf(this.bounds[1]!, scale, norm) + (rows.errors?.[i] ?? 0);
      const isEmpty = Number.isNaN(error);
      // Also of empty rows bounds are computed, and must come out as numbers.
      scales[row] = isEmpty ? 0 : scale;
      norms[row] = isEmpty ? 0 : norm;
      errors[row] = isEmpty ? Number.NEGATIVE_INFINITY : roundUp(error);
      leavesEmpty ||= isEmpty;
    }
    return leavesEmpty;
  }

  /** Sets the vectors of rows in a table of short ones: those of another table, projected. Empty ones stay empty. */
  project(projection: Projection, table: number, short: number, firstRow: number, count: number): void {
    const { numbers, errors } = projection.projectRows(this.tables[table]!, firstRow, count);
    const ofRows = this.tables[table]!.errors;
    for (let i = 0; i < count; i++) errors[i]! += ofRows[firstRow + i]!;
    const { length } = this.tables[short]!;
    this.write(short, firstRow, { numbers, start: 0, stride: length, length, count, errors });
  }

  /** Copies rows of a table from elsewhere, where the first one is number `at`. */
  load(table: number, firstRow: number, count: number, from: QuantizedRows, at: number): void {
    copyQuantizedRows(from, at, this.tables[table]!, firstRow, count, this.tables[table]!.length);
  }

  /** Copies rows of a table to where the first one becomes number `at`. */
  save(table: number, firstRow: number, count: number, to: QuantizedRows, at: number): void {
    copyQuantizedRows(this.tables[table]!, firstRow, to, at, count, this.tables[table]!.length);
  }

  /** Empties rows of a table. */
  clear(table: number, firstRow: number, count: number): void {
    this.tables[table]!.errors.fill(Number.NEGATIVE_INFINITY, firstRow, firstRow + count);
  }

  isEmpty(row: number, table: number): boolean {
    return this.tables[table]!.errors[row] === Number.NEGATIVE_INFINITY;
  }

  copyFrom(smaller: Segment): void {
    for (const [i, table] of smaller.tables.entries()) this.load(i, 0, smaller.capacity, table, 0);
  }
}

/** Copies vectors to where each begins `length` numbers after the one before. */
function copyRows({ numbers, start, stride, ...rows }: NewRows, to: Float32Array, length: number): void {
  // Where that is so already, one copy takes a third of the time.
  if (rows.length === stride && stride === length) {
    to.set(numbers.subarray(start, start + rows.count * length));
    return;
  }
  for (let i = 0, from = start; i < rows.count; i++, from += stride)
    to.set(numbers.subarray(from, from + rows.length), i * length);
}

type ArrayType<Array> = { new (buffer: SharedArrayBuffer, at: number, length: number): Array } & {
  readonly BYTES_PER_ELEMENT: number;
};

/** Hands out one place of a buffer after the other, each where the kernel can read it fast. */
function placesIn(buffer: SharedArrayBuffer) {
  let used = 0;
  return <Array>(Type: ArrayType<Array>, length: number): Array => {
    const at = used;
    used += alignedBytes(length * Type.BYTES_PER_ELEMENT);
    return new Type(buffer, at, length);
  };
}

/** What `placesIn` will hand out for a segment. */
function byteLength(lengths: readonly number[], capacity: number): number {
  let bytes = alignedBytes(ROWS_AT_A_TIME * 8);
  for (const length of lengths.map(paddedLength))
    bytes +=
      alignedBytes(2 * length) +
      alignedBytes(4 * ROWS_WRITTEN_AT_A_TIME * length) +
      alignedBytes(capacity * length) +
      3 * alignedBytes(4 * capacity);
  return bytes;
}

function alignedBytes(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** What stays at least as large when it is kept in single precision, where the smallest numbers lose digits. */
function roundUp(number: number): number {
  return number * (1 + 2 ** -22) + 2 ** -140;
}
