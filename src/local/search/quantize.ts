/**
 * A vector rounded to integers: number by number about `scale · codes`. How far that is from the truth at most is known,
 * so distances from it give bounds that always hold.
 */
export interface QuantizedQuery {
  readonly codes: Int16Array;
  readonly scale: number;
  /** Σ code². */
  readonly norm: number;
  /** At least the Euclidean distance between the vector and `scale · codes`. */
  readonly error: number;
}

/** Codes of rows are signed bytes. */
export const LARGEST_BYTE = 127;

/** Below this, numbers in single precision lose digits. */
const SMALLEST_NORMAL = 2 ** -126;

/** No more than this is lost of numbers too small to be rounded to anything but 0, of any vector. */
const LOST = 2 ** -100;

/**
 * How far at most a vector is from its codes, for a scale of 1: a half for each number. The rest is for what single
 * precision does to a code, for distances that are computed from squared norms in double precision, and for the exact
 * distances. Sums of those are off by less than 2^-48 of the squared norms; after the root, by less than 2^-23 of the
 * norms, also where the distance itself is next to nothing.
 */
export function errorPerScale(length: number, largestCode: number): number {
  return Math.sqrt(length) * (0.5 + largestCode * 2 ** -20);
}

/** What makes the largest number the largest code, in single precision. What is too small for that becomes 0. */
export function scaleFor(largestNumber: number, largestCode: number): number {
  const scale = Math.fround(largestNumber / largestCode);
  return scale < SMALLEST_NORMAL ? 0 : scale;
}

/**
 * Rounds a vector to integers of up to 16 bits, as large as they can be when their products with bytes are to add up
 * within 32 bits.
 *
 * @param length how many codes to make, at least as many as the vector has numbers; the rest is 0
 */
export function quantizeQuery(vector: Float32Array, length: number): QuantizedQuery {
  const largestCode = Math.min(32_767, Math.floor((2 ** 31 - 1) / (LARGEST_BYTE * length)));
  const scale = scaleFor(
    vector.reduce((most, number) => Math.max(most, Math.abs(number)), 0),
    largestCode,
  );
  const codes = new Int16Array(length);
  if (scale > 0) codes.set(vector.map((number) => Math.round(number / scale)));
  const norm = codes.reduce((sum, code) => sum + code * code, 0);
  return { codes, scale, norm, error: scale * errorPerScale(length, largestCode) + LOST };
}
