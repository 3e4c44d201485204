/**
 * A vector rounded to integers: number by number about `scale · codes`. How far that is from the truth is known, so
 * distances from it give bounds that always hold.
 */
export interface Quantized {
  readonly codes: Int16Array;
  readonly scale: number;
  /** Σ code². */
  readonly norm: number;
  /** At least the Euclidean distance between the vector and `scale · codes`, with room for the rounding of sums. */
  readonly error: number;
}

/** Codes of rows are signed bytes. */
export const LARGEST_BYTE = 127;

/** Below this, numbers in single precision lose digits. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Distances are computed from squared norms in double precision, whose sums are off by less than 2^-48 of the
 * squared norms; after the root, by less than 2^-23 of the norms, also where the distance itself is next to nothing.
 * This leaves room for that, and for the rounding of the exact distances.
 */
const ROUNDING = 2 ** -20;

/** What makes the largest number the largest code, in single precision. What is too small for that becomes 0. */
export function scaleFor(largestNumber: number, largestCode: number): number {
  const scale = Math.fround(largestNumber / largestCode);
  return scale < SMALLEST_NORMAL ? 0 : scale;
}

/** `Quantized.error`, from the sum of the squared differences. */
export function errorOf(squaredError: number, scale: number, norm: number): number {
  return Math.sqrt(squaredError) + ROUNDING * scale * Math.sqrt(norm);
}

/**
 * Rounds a vector to integers of up to 16 bits, as large as they can be when their products with bytes are to add up
 * within 32 bits.
 *
 * @param length how many codes to make, at least as many as the vector has numbers; the rest is 0
 */
export function quantizeQuery(vector: Float32Array, length: number): Quantized {
  const largestCode = Math.min(32_767, Math.floor((2 ** 31 - 1) / (LARGEST_BYTE * length)));
  let largest = 0;
  for (const number of vector) largest = Math.max(largest, Math.abs(number));
  const scale = scaleFor(largest, largestCode);
  const codes = new Int16Array(length);
  let norm = 0;
  let squaredError = 0;
  for (let i = 0; i < vector.length; i++) {
    const code = scale > 0 ? Math.round(vector[i]! / scale) : 0;
    codes[i] = code;
    norm += code * code;
    squaredError += (vector[i]! - scale * code) ** 2;
  }
  return { codes, scale, norm, error: errorOf(squaredError, scale, norm) };
}
