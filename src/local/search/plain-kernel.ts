import { LARGEST_BYTE, scaleFor } from './quantize.js';

/**
 * The inner loops of a search, over one piece of memory. Places in it are byte offsets. A row is a vector of signed
 * bytes, and the query one of signed 16-bit integers, so small that no sum of products leaves 32 bits; both have
 * `length` numbers, a multiple of 16.
 */
export interface Kernel {
  /**
   * Lower bounds of the distances from the query to rows that lie one behind the other: for each of them
   * `max(0, ‖query − row‖ − queryError − errorPerScale · scale)`, where row is `scale` times its bytes.
   *
   * @param scales of the rows, one f32 each; one that is no number leaves its row out: its bound is none either
   * @param norms of the rows: Σ byte², one i32 each
   * @param count how many rows, a multiple of 4 above 0
   * @param queryNorm ‖query‖², scaled
   * @param bounds where they go, one f64 for each row
   * @returns the least bound
   */
  scan(
    rows: number,
    scales: number,
    norms: number,
    count: number,
    length: number,
    query: number,
    queryScale: number,
    queryNorm: number,
    queryError: number,
    errorPerScale: number,
    bounds: number,
  ): number;

  /**
   * Rounds vectors of f32 to rows: signed bytes of as large a scale as fits. Where a number is not finite, the scale is
   * no number, and the bytes mean nothing.
   *
   * @param rows where the bytes go
   * @param scales where the scales go
   * @param norms where Σ byte² goes
   * @param count how many vectors, 1 and up
   */
  quantize(vectors: number, rows: number, scales: number, norms: number, count: number, length: number): void;
}

/** Added to a small number in single precision, and taken off again, it leaves the nearest integer. */
const ROUND = 1.5 * 2 ** 23;

/** The kernel in plain JavaScript. What kernel.wat computes, step for step. */
export function plainKernel(memory: ArrayBufferLike): Kernel {
  const bytes = new Int8Array(memory);
  const integers16 = new Int16Array(memory);
  const integers32 = new Int32Array(memory);
  const floats32 = new Float32Array(memory);
  const floats64 = new Float64Array(memory);

  const scan: Kernel['scan'] = (
    rows,
    scales,
    norms,
    count,
    length,
    query,
    queryScale,
    queryNorm,
    queryError,
    errorPerScale,
    bounds,
  ) => {
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < count; row++) {
      let dot = 0;
      const codes = rows + row * length;
      for (let i = 0; i < length; i++) dot += bytes[codes + i]! * integers16[query / 2 + i]!;
      const scale = floats32[scales / 4 + row]!;
      const squared = queryNorm + scale * (scale * integers32[norms / 4 + row]! - 2 * queryScale * dot);
      const bound = Math.max(0, Math.sqrt(Math.max(0, squared)) - (queryError + errorPerScale * scale));
      floats64[bounds / 8 + row] = bound;
      if (bound < least) least = bound;
    }
    return least;
  };

  const quantize: Kernel['quantize'] = (vectors, rows, scales, norms, count, length) => {
    for (let row = 0; row < count; row++) {
      const start = vectors / 4 + row * length;
      const numbers = floats32.subarray(start, start + length);
      const scale = scaleFor(
        numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0),
        LARGEST_BYTE,
      );
      const perUnit = scale === 0 ? 0 : Math.fround(1 / scale);
      let norm = 0;
      for (let i = 0; i < length; i++) {
        const code = Math.fround(Math.fround(numbers[i]! * perUnit) + ROUND) - ROUND;
        bytes[rows + row * length + i] = code;
        norm += code * code;
      }
      floats32[scales / 4 + row] = Number.isFinite(scale) ? scale : Number.NaN;
      integers32[norms / 4 + row] = norm;
    }
  };

  return { scan, quantize };
}
