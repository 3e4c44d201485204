import { intersection } from '../../../images/bounding-box.js';
import { centerOf, squareAround } from '../align/similarity-transform.js';
import { lumaOf } from './luma.js';
import type { PixelBox } from './pixel-box.js';
import type { Pyramid } from './pyramid.js';

/** Pixels of a side at which a box is looked at: coarse, so that small and blurred faces show their eyes too. */
const SIZE = 32;

/**
 * How much there is to see in the middle of a box, as far as it lies inside the image: the variance of the Laplacian of
 * its luma. Next to 0 for an even surface or a smooth gradient.
 */
export function reliefOf(pyramid: Pyramid, box: PixelBox): number {
  const { width, height } = pyramid.image;
  const inside = intersection(box, { left: 0, top: 0, width, height });
  const side = Math.min(inside.width, inside.height);
  const patch = pyramid.sample(squareAround(centerOf(inside), side, 0, SIZE), SIZE);
  const luma = Float32Array.from({ length: SIZE * SIZE }, (_, pixel) => lumaOf(patch, pixel * 3));
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < SIZE - 1; y++)
    for (let x = 1; x < SIZE - 1; x++) {
      const at = y * SIZE + x;
      const laplacian = luma[at - 1]! + luma[at + 1]! + luma[at - SIZE]! + luma[at + SIZE]! - 4 * luma[at]!;
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  const count = (SIZE - 2) ** 2;
  return squares / count - (sum / count) ** 2;
}
