import type { View } from '../search/face-vectors.js';
import { type QuantizedVectors, quantizeVectors } from '../search/quantized-vectors.js';
import type { FaceVector } from '../vision/vision.js';

/** Vectors as they are stored, one after the other. */
export type PackedVectors = { readonly numbers: Float32Array } | QuantizedVectors;

/** How many bytes a vector takes. */
export function bytesOfVector(view: View, length: number): number {
  return view === 'profile' ? length + 8 : 4 * length;
}

/**
 * A vector as it will be stored. Those of profiles are quantized: they are long, and an error of a hundredth
 * of their length does not change who is recognised.
 */
export function asStored(view: View, vector: FaceVector): FaceVector {
  return view === 'profile' ? unpack(quantizeVectors([vector])) : vector;
}

/** @param vectors one or more of one length, as they will be stored */
export function pack(view: View, vectors: readonly FaceVector[]): PackedVectors {
  return view === 'profile' ? quantizeVectors(vectors) : { numbers: joined(vectors) };
}

/** @param vectors one or more of one length */
export function joined(vectors: readonly FaceVector[]): Float32Array {
  const length = vectors[0]!.length;
  const numbers = new Float32Array(vectors.length * length);
  for (const [i, vector] of vectors.entries()) numbers.set(vector, i * length);
  return numbers;
}

/** The numbers of all vectors, one vector after the other. They may share the memory of what is packed. */
export function unpack(packed: Pick<QuantizedVectors, 'codes' | 'scales'> | PackedVectors): Float32Array {
  if ('numbers' in packed) return packed.numbers;
  const { codes, scales } = packed;
  const length = codes.length / scales.length;
  const numbers = new Float32Array(codes.length);
  for (const [i, scale] of scales.entries())
    for (let j = i * length; j < (i + 1) * length; j++) numbers[j] = codes[j]! * scale;
  return numbers;
}

/** One of so many vectors. It may share their memory. */
export function unpackOne(
  packed: Pick<QuantizedVectors, 'codes' | 'scales'> | PackedVectors,
  count: number,
  at: number,
): FaceVector {
  const cut = <Numbers extends Float32Array | Int8Array>(all: Numbers) =>
    all.subarray((all.length / count) * at, (all.length / count) * (at + 1)) as Numbers;
  if ('numbers' in packed) return cut(packed.numbers);
  return unpack({ codes: cut(packed.codes), scales: cut(packed.scales) });
}
