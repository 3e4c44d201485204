import type { Kernel } from './kernel.js';
import { LARGEST_BYTE, scaleFor } from './quantize.js';

/** The kernel in plain JavaScript. What kernel.wat computes, step for step. */
export function plainKernel(memory: ArrayBufferLike): Kernel {
  const bytes = new Int8Array(memory);
  const integers16 = new Int16Array(memory);
  const integers32 = new Int32Array(memory);
  const floats32 = new Float32Array(memory);
  const floats64 = new Float64Array(memory);

  const dot: Kernel['dot'] = (row, query, length) => {
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
    weight,
    bounds,
    add,
  ) => {
    let least = Number.POSITIVE_INFINITY;
    for (let row = 0; row < count; row++) {
      const scale = floats32[scales / 4 + row]!;
      const product = 2 * queryScale * dot(rows + row * length, query, length);
      const squared = queryNorm + scale * (scale * integers32[norms / 4 + row]! - product);
      const error = queryError + floats32[errors / 4 + row]!;
      let bound = weight * Math.max(0, Math.sqrt(Math.max(0, squared)) - error);
      if (add) bound += floats64[bounds / 8 + row]!;
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
    const perUnit = scale > 0 ? 1 / scale : 0;
    // Two sums each, of the numbers at even and at odd places.
    const norms = [0, 0];
    const errors = [0, 0];
    for (let i = 0; i < length; i += 4) {
      for (const lane of [0, 1]) {
        const low = floats32[start + i + lane]!;
        const high = floats32[start + i + lane + 2]!;
        const lowCode = Math.floor(low * perUnit + 0.5);
        const highCode = Math.floor(high * perUnit + 0.5);
        bytes[codes + i + lane] = lowCode;
        bytes[codes + i + lane + 2] = highCode;
        norms[lane]! += lowCode * lowCode + highCode * highCode;
        errors[lane]! += (low - scale * lowCode) ** 2 + (high - scale * highCode) ** 2;
      }
    }
    floats64[sums / 8] = norms[0]! + norms[1]!;
    floats64[sums / 8 + 1] = errors[0]! + errors[1]!;
    return scale;
  };

  return { dot, scan, quantize };
}
