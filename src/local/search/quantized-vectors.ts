import type { FaceVector } from '../vision/vision.js';
import type { PackedIds } from './packed-ids.js';
import { LARGEST_BYTE, scaleFor } from './quantize.js';

/** Vectors rounded to bytes: number by number about its vector's `scale · code`. */
export interface QuantizedVectors {
  readonly codes: Int8Array;
  /** Of each vector; no number where one of its own is not finite. */
  readonly scales: Float32Array;
  /** Σ code² of each vector. */
  readonly norms: Int32Array;
}

/** The same, and whose they are. */
export interface QuantizedRows extends QuantizedVectors {
  readonly ids: PackedIds;
}

/** The digits of a scale: its product with a code fits in single precision. */
const SCALE_BITS = 16;

/** @param vectors one or more of one length */
export function quantizeVectors(vectors: readonly FaceVector[]): QuantizedVectors {
  const length = vectors[0]!.length;
  const codes = new Int8Array(vectors.length * length);
  const norms = new Int32Array(vectors.length);
  const scales = Float32Array.from(vectors, scaleOf);
  for (const [i, vector] of vectors.entries()) {
    const scale = scales[i]!;
    for (let j = 0; scale > 0 && j < length; j++) {
      const code = Math.round(vector[j]! / scale);
      codes[i * length + j] = code;
      norms[i]! += code * code;
    }
  }
  return { codes, scales, norms };
}

/** Makes the largest number the largest code, and of so few digits that what was rounded once stays as it is. */
function scaleOf(vector: FaceVector): number {
  let largest = 0;
  for (const number of vector) largest = Math.max(largest, Math.abs(number));
  if (scaleFor(largest, LARGEST_BYTE) === 0) return 0;
  const step = 2 ** (Math.ceil(Math.log2(largest / LARGEST_BYTE)) - SCALE_BITS);
  return Math.ceil(largest / LARGEST_BYTE / step) * step;
}
