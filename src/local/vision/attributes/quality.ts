import { CHIP_SIZE } from '../align/mean-face.js';
import type { Exposure } from '../pixels/exposure.js';
import { laplacianVariance } from '../pixels/laplacian-variance.js';
import { lumaOf } from '../pixels/luma.js';

/** The part of a chip that shows brows to mouth, in pixels from and to. */
const INSIDE = { from: CHIP_SIZE / 6, to: (CHIP_SIZE * 5) / 6 };
/**
 * Variance of the Laplacian at which sharpness is 63. Portraits in focus mostly lie above 400, and below 18 once they
 * are blurred by six pixels.
 */
const SHARP_VARIANCE = 80;

/**
 * Measures light and focus on an aligned chip. A face smaller than the chip was enlarged for it, so small faces
 * count as blurred, which they are to the descriptor.
 *
 * @param exposure what was done to the photo; taken back for its brightness
 */
export function measureChip(
  chip: Uint8Array,
  { black, gain }: Exposure,
): { brightness: number; sharpness: number } {
  const variance = laplacianVariance(chip, CHIP_SIZE, INSIDE.from, INSIDE.to);
  let light = 0;
  for (let y = INSIDE.from; y < INSIDE.to; y++)
    for (let x = INSIDE.from; x < INSIDE.to; x++) light += Math.fround(lumaOf(chip, (y * CHIP_SIZE + x) * 3));
  const mean = light / (INSIDE.to - INSIDE.from) ** 2;
  return {
    brightness: ((black + mean / gain) / 255) * 100,
    sharpness: 100 * (1 - Math.exp(-variance / SHARP_VARIANCE)),
  };
}
