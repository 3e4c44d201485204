import type { Nets } from './inference.js';
import { CHIP_SIZE } from './mean-face.js';
import type { FaceVector } from './vision.js';

/** A face vector, and how far the face's mirror image is from it: a face seen well is nearly its own mirror image. */
export interface Embedding {
  vector: FaceVector;
  /** Euclidean distance between the descriptors of the chip and its mirror image; 0 and up. */
  mirrorDistance: number;
}

/**
 * Describes a chip of 150 x 150 pixels by dlib's descriptor: the mean of the chip's and of its mirror image's. It is
 * left as it comes, not scaled to length 1: lengths differ between faces, and distances between raw descriptors keep
 * one threshold usable across sets of photos.
 */
export async function embed(nets: Nets, chip: Uint8Array): Promise<Embedding> {
  const both = new Uint8Array(chip.length * 2);
  both.set(chip);
  both.set(mirror(chip, CHIP_SIZE), chip.length);
  const { descriptor } = await nets.run('descriptor', both, 2);
  const length = descriptor!.length / 2;
  const vector = new Float32Array(length);
  let squares = 0;
  for (let i = 0; i < length; i++) {
    const straight = descriptor![i]!;
    const mirrored = descriptor![length + i]!;
    vector[i] = (straight + mirrored) / 2;
    squares += (straight - mirrored) ** 2;
  }
  return { vector, mirrorDistance: Math.sqrt(squares) };
}

/** Swaps left and right of a square patch. */
export function mirror(patch: Uint8Array, size: number): Uint8Array {
  const mirrored = new Uint8Array(patch.length);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const from = (row * size + column) * 3;
      const to = (row * size + size - 1 - column) * 3;
      mirrored[to] = patch[from]!;
      mirrored[to + 1] = patch[from + 1]!;
      mirrored[to + 2] = patch[from + 2]!;
    }
  return mirrored;
}
