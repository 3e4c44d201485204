import type { Kernel } from './kernel.js';
import { LARGEST_BYTE, scaleFor } from './quantize.js';

/** Added to a small number in single precision, and taken off again, it leaves the nearest integer. */
const ROUND = 1.5 * 2 ** 23;

/** The kernel in plain JavaScript. What kernel.wat computes, step for step. */
export function plainKernel(memory: ArrayBufferLike): Kernel {
  const bytes = new Int8Array(memory);
  const integers16 = new Int16Array(memory);
  const integers32 = new Int32Array(memory);
  const floats32 = new Float32Array(memory);
  const floats64 = new Float64Array(memory);

  const dot = (row: number, query: number, length: number) => {
    let sum = 0;
    for (let i = 0, at = query / 2; i < length; i++) sum += bytes[row + i]! * integers16[at + i]!;
    return sum;
  };

  const scan: Kernel['scan'] = (
    rows,
    scales,
    norms,
    errors,
    count,
    length,
    query,
    queryScale,
    queryNorm,
    queryError,
    bounds,
  ) => {
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < count; row++) {
      const scale = floats32[scales / 4 + row]!;
      const product = 2 * queryScale * dot(rows + row * length, query, length);
      const squared = queryNorm + scale * (scale * integers32[norms / 4 + row]! - product);
      const error = queryError + floats32[errors / 4 + row]!;
      const bound = Math.max(0, Math.sqrt(Math.max(0, squared)) - error);
      floats64[bounds / 8 + row] = bound;
      if (bound < least) least = bound;
    }
    return least;
  };

  const quantize: Kernel['quantize'] = (vector, codes, length, sums) => {
    const start = vector / 4;
    let largest = 0;
    for (let i = start; i < start + length; i++) largest = Math.max(largest, Math.abs(floats32[i]! || 0));
    const scale = scaleFor(largest, LARGEST_BYTE);
    const perUnit = scale > 0 ? Math.fround(1 / scale) : 0;
    let norm = 0;
    // Two sums, as the other kernel has them side by side.
    const errors = [0, 0];
    const errorAt = (i: number) => {
      const number = floats32[start + i]!;
      const product = Math.fround(number * perUnit);
      const code = Number.isNaN(product) ? 0 : Math.fround(product + ROUND) - ROUND;
      bytes[codes + i] = code;
      norm += code * code;
      return (number - scale * code) ** 2;
    };
    for (let i = 0; i < length; i += 4)
      for (const lane of [0, 1]) errors[lane]! += errorAt(i + lane) + errorAt(i + lane + 2);
    floats64[sums / 8] = norm;
    floats64[sums / 8 + 1] = errors[0]! + errors[1]!;
    return scale;
  };

  return { scan, quantize };
}
