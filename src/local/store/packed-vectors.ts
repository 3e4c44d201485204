import type { View } from '../face-vectors.js';
import type { FaceVector } from '../vision/vision.js';

/** Vectors as they are stored, one after the other. */
export type PackedVectors =
  | { readonly numbers: Float32Array }
  /** Rounded to bytes: number by number about its vector's `scale · code`. */
  | { readonly codes: Int8Array; readonly scales: Float32Array };

/** The largest code, and the digits of a scale: their product fits in single precision. */
const LARGEST_CODE = 127;
const SCALE_BITS = 16;

/** How many bytes a vector takes. */
export function bytesOfVector(view: View, length: number): number {
  return view === 'profile' ? length + 4 : 4 * length;
}

/**
 * A vector as it will be stored. Those of profiles are rounded: they are long, and with a hundredth of their length
 * added in any direction people are told apart as well.
 */
export function asStored(view: View, vector: FaceVector): FaceVector {
  return view === 'profile' ? unpack(pack(view, [vector])) : vector;
}

/** @param vectors one or more of one length, as they will be stored */
export function pack(view: View, vectors: readonly FaceVector[]): PackedVectors {
  const length = vectors[0]!.length;
  const numbers = new Float32Array(vectors.length * length);
  for (const [i, vector] of vectors.entries()) numbers.set(vector, i * length);
  if (view === 'front') return { numbers };
  const scales = Float32Array.from(vectors, scaleOf);
  const codes = Int8Array.from(numbers, (number, i) => Math.round(number / scales[Math.floor(i / length)]!));
  return { codes, scales };
}

/** The numbers of all vectors, one vector after the other. They may be those of what is packed. */
export function unpack(packed: PackedVectors): Float32Array {
  if ('numbers' in packed) return packed.numbers;
  const length = packed.codes.length / packed.scales.length;
  return Float32Array.from(packed.codes, (code, i) => code * packed.scales[Math.floor(i / length)]!);
}

/** One of so many vectors. It may be a window on all of them. */
export function unpackOne(packed: PackedVectors, count: number, at: number): FaceVector {
  const cut = <Numbers extends Float32Array | Int8Array>(all: Numbers) =>
    all.subarray((all.length / count) * at, (all.length / count) * (at + 1)) as Numbers;
  if ('numbers' in packed) return cut(packed.numbers);
  return unpack({ codes: cut(packed.codes), scales: cut(packed.scales) });
}

/** Makes the largest number the largest code, and of so few digits that what was rounded once stays as it is. */
function scaleOf(vector: FaceVector): number {
  const largest = vector.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
  if (largest === 0) return 1;
  const step = 2 ** (Math.ceil(Math.log2(largest / LARGEST_CODE)) - SCALE_BITS);
  return Math.ceil(largest / LARGEST_CODE / step) * step;
}
