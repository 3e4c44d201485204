import { allocate, bufferOf, type Kernel, kernelOn } from './kernel.js';
import { type Quantized, quantizeQuery } from './quantize.js';
import type { Table } from './segment.js';
import { PROJECTED_LENGTH, paddedLength } from './tables.js';

/** The projected vector of a query, and how far it is off because of rounding. */
export interface Projected {
  readonly vector: Float32Array;
  readonly error: number;
}

/** The projected vectors of rows, one behind the other, and how far each is off because of rounding. */
export interface ProjectedRows {
  readonly numbers: Float32Array;
  readonly errors: Float64Array;
}

/** Sums in double precision are off by less than this part of the norms. */
const ROUNDING = 2 ** -40;

/**
 * Makes short vectors of long ones, such that two short ones are never farther apart than the long ones. Whatever is
 * too far away by its short vector need not be looked at any closer.
 */
export class Projection {
  readonly #kernel: Kernel;
  readonly #directions: readonly Quantized[];
  /** Where the kernel finds each direction, and the row to project. */
  readonly #places: readonly Int16Array[];
  readonly #row: Int8Array;
  /** Makes the directions short enough not to lengthen anything. */
  readonly #shrink: number;
  /** Taken off every short vector: what is left is small, and is quantised well. */
  readonly #origin: Float64Array;

  /**
   * @param learned what `learnProjection` answers
   * @param vectorLength numbers of a vector
   */
  constructor(learned: Float32Array, vectorLength: number) {
    const [mean, ...directions] = Array.from({ length: 1 + PROJECTED_LENGTH }, (_, i) =>
      learned.subarray(i * vectorLength, (i + 1) * vectorLength),
    ) as [Float32Array, ...Float32Array[]];
    const length = paddedLength(vectorLength);
    const directionBytes = length * Int16Array.BYTES_PER_ELEMENT;
    const memory = allocate(directions.length * directionBytes + length, true);
    const buffer = bufferOf(memory);
    this.#kernel = kernelOn(memory);
    this.#directions = directions.map((direction) => quantizeQuery(direction, length));
    this.#places = directions.map((_, i) => new Int16Array(buffer, i * directionBytes, length));
    for (const [i, { codes }] of this.#directions.entries()) this.#places[i]!.set(codes);
    this.#row = new Int8Array(buffer, directions.length * directionBytes, length);
    this.#shrink = 1 / longestStretch(this.#directions);
    this.#origin = new Float64Array(directions.length);
    this.#origin = Float64Array.from(this.projectQuery(mean).vector);
  }

  /** Of the rows' own codes, not of the vectors that they stand for. */
  projectRows({ codes, scales, norms, length }: Table, firstRow: number, count: number): ProjectedRows {
    const projected = this.#directions.length;
    const numbers = new Float32Array(count * projected);
    const errors = new Float64Array(count);
    const { byteOffset } = this.#row;
    for (let i = 0, row = firstRow; i < count; i++, row++) {
      this.#row.set(codes.subarray(row * length, (row + 1) * length));
      const scale = scales[row]!;
      const vector = numbers.subarray(i * projected, (i + 1) * projected);
      for (let j = 0; j < projected; j++) {
        const dot = this.#kernel.dot(byteOffset, this.#places[j]!.byteOffset, length);
        vector[j] = this.#shrink * this.#directions[j]!.scale * scale * dot - this.#origin[j]!;
      }
      errors[i] = bounded(vector, ROUNDING * scale * Math.sqrt(norms[row]!)).error;
    }
    return { numbers, errors };
  }

  projectQuery(query: Float32Array | Float64Array): Projected {
    let norm = 0;
    for (const number of query) norm += number * number;
    const vector = Float32Array.from(this.#directions, ({ codes, scale }, i) => {
      let dot = 0;
      for (let j = 0; j < query.length; j++) dot += codes[j]! * query[j]!;
      return this.#shrink * scale * dot - this.#origin[i]!;
    });
    return bounded(vector, ROUNDING * Math.sqrt(norm));
  }
}

/** Numbers too large for single precision rule nothing out. */
function bounded(vector: Float32Array, error: number): Projected {
  return vector.every(Number.isFinite)
    ? { vector, error }
    : { vector: vector.fill(0), error: Number.POSITIVE_INFINITY };
}

/** How many numbers `learnProjection` answers. */
export function learnedLength(vectorLength: number): number {
  return (1 + PROJECTED_LENGTH) * vectorLength;
}

/**
 * The directions in which vectors differ most: their principal components, approximately, by one step of subspace
 * iteration (Halko, Martinsson and Tropp 2011, "Finding structure with randomness").
 *
 * @param vectors some hundreds, all of one length
 * @returns their mean, then the directions: `PROJECTED_LENGTH` unit vectors, orthogonal but for rounding
 */
export function learnProjection(vectors: readonly Float32Array[]): Float32Array {
  const count = PROJECTED_LENGTH;
  const mean = meanOf(vectors);
  const centered = vectors.map((vector) => mean.map((number, i) => vector[i]! - number));
  const start = Array.from({ length: count }, (_, i) => centered[Math.floor((i * vectors.length) / count)]!);
  const better = orthonormalized(start).map((direction) => {
    const sum = new Float64Array(mean.length);
    for (const vector of centered) addTimes(sum, dot(vector, direction), vector);
    return sum;
  });
  const learned = new Float32Array(learnedLength(mean.length));
  for (const [i, numbers] of [mean, ...orthonormalized(better)].entries())
    learned.set(numbers, i * mean.length);
  return learned;
}

function meanOf(vectors: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i]! += vector[i]! / vectors.length;
  return mean;
}

/** Gram and Schmidt. A direction that the ones before it make up already becomes zero. */
function orthonormalized(directions: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const direction of directions) {
    const left = direction.slice();
    for (const other of done) addTimes(left, -dot(left, other), other);
    const length = Math.sqrt(dot(left, left));
    const isNew = length > 1e-4 * Math.sqrt(dot(direction, direction));
    done.push(left.map((number) => (isNew ? number / length : 0)));
  }
  return done;
}

function addTimes(sum: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += factor * vector[i]!;
}

/** No vector becomes longer by more than this factor: the root of a bound of the largest eigenvalue of D · Dᵀ. */
function longestStretch(directions: readonly Quantized[]): number {
  const sums = new Float64Array(directions.length);
  for (const [i, a] of directions.entries()) {
    for (const [j, b] of directions.slice(0, i + 1).entries()) {
      const product = Math.abs(dot(a.codes, b.codes) * a.scale * b.scale);
      sums[i]! += product;
      if (j < i) sums[j]! += product;
    }
  }
  return Math.sqrt(Math.max(...sums, Number.MIN_VALUE)) * (1 + ROUNDING);
}

/** Four sums side by side do not wait for each other. */
function dot<Numbers extends Float64Array | Int16Array>(a: Numbers, b: Numbers): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    sum0 += a[i]! * b[i]!;
    sum1 += a[i + 1]! * b[i + 1]!;
    sum2 += a[i + 2]! * b[i + 2]!;
    sum3 += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) sum0 += a[i]! * b[i]!;
  return sum0 + sum1 + (sum2 + sum3);
}
