/**
 * A vector rounded to integers: number by number about `scale · codes`. How far that is from the truth is known, so
 * distances from it give bounds that always hold.
 */
export interface Quantized<Codes> {
  readonly codes: Codes;
  readonly scale: number;
  /** Σ code². */
  readonly norm: number;
  /**
   * At least the Euclidean distance between the vector and `scale · codes`, with room for the rounding of all sums
   * that are made of them: see `ROUNDING`. No number when the vector has one that is not finite.
   */
  readonly error: number;
}

/**
 * Distances are computed from squared norms in double precision, whose sums are off by less than 2^-48 of the
 * squared norms; after the root, by less than 2^-23 of the norms, also where the distance itself is next to nothing.
 * This leaves room for that, and for the rounding of the exact distances.
 */
const ROUNDING = 2 ** -20;

/** A row's codes are signed bytes. */
const LARGEST_BYTE = 127;

/**
 * Rounds a vector to signed bytes.
 *
 * @param codes where they go; at least as many as the vector has numbers, the rest stays as it is
 */
export function quantizeRow(vector: Float32Array, codes: Int8Array): Quantized<Int8Array> {
  return quantize(vector, codes, LARGEST_BYTE);
}

/**
 * Rounds a vector to the largest integers, 16 bits at most, whose products with bytes add up within 32 bits.
 *
 * @param length how many codes to make, at least as many as the vector has numbers; the rest is 0
 */
export function quantizeQuery(vector: Float32Array, length: number): Quantized<Int16Array> {
  const largest = Math.min(32_767, Math.floor((2 ** 31 - 1) / (LARGEST_BYTE * length)));
  return quantize(vector, new Int16Array(length), largest);
}

function quantize<Codes extends Int8Array | Int16Array>(
  vector: Float32Array,
  codes: Codes,
  largest: number,
): Quantized<Codes> {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]!));
  // As it will be read again: scales of rows are kept in single precision.
  const scale = Math.fround(most / largest);
  const perUnit = scale > 0 ? 1 / scale : 0;
  let norm = 0;
  let squaredError = 0;
  for (let i = 0; i < vector.length; i++) {
    const number = vector[i]!;
    const code = Math.max(-largest, Math.min(largest, Math.round(number * perUnit)));
    codes[i] = code;
    norm += code * code;
    const difference = number - scale * code;
    squaredError += difference * difference;
  }
  return { codes, scale, norm, error: Math.sqrt(squaredError) + ROUNDING * scale * Math.sqrt(norm) };
}
