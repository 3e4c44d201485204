import type { LocatedFace } from './embed.js';
import type { Nets } from './inference.js';
import { CHIP_SIZE } from './mean-face.js';
import { withMirrorImage } from './mirror.js';
import type { FaceVector } from './vision.js';

/**
 * Describes a face by dlib's descriptor of 128 numbers: the mean of the aligned chip's and of its mirror image's. It
 * is left as it comes, not scaled to length 1: lengths differ between faces, and distances between raw descriptors
 * keep one threshold usable across sets of photos.
 */
export async function describeByDlib(
  nets: Nets,
  { pyramid, alignment }: LocatedFace,
): Promise<{ vector: FaceVector; mirrorDistance: number }> {
  const chip = pyramid.sample(alignment.chip, CHIP_SIZE);
  const { descriptor } = await nets.run('descriptor', withMirrorImage(chip, CHIP_SIZE), 2);
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
