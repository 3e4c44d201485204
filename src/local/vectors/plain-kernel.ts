import type { Kernel } from './kernel.js';

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

  return { dot, scan };
}
