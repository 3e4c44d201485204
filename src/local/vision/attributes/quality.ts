import { CHIP_SIZE } from '../align/mean-face.js';
import type { Exposure } from '../pixels/exposure.js';
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
  const luma = new Float32Array(CHIP_SIZE * CHIP_SIZE);
  for (let pixel = 0; pixel < luma.length; pixel++) luma[pixel] = lumaOf(chip, pixel * 3);
  let light = 0;
  let sum = 0;
  let squares = 0;
  let pixels = 0;
  for (let y = INSIDE.from; y < INSIDE.to; y++)
    for (let x = INSIDE.from; x < INSIDE.to; x++) {
      const at = y * CHIP_SIZE + x;
      const laplacian =
        luma[at - 1]! + luma[at + 1]! + luma[at - CHIP_SIZE]! + luma[at + CHIP_SIZE]! - 4 * luma[at]!;
      light += luma[at]!;
      sum += laplacian;
      squares += laplacian * laplacian;
      pixels += 1;
    }
  const variance = squares / pixels - (sum / pixels) ** 2;
  return {
    brightness: ((black + light / pixels / gain) / 255) * 100,
    sharpness: 100 * (1 - Math.exp(-variance / SHARP_VARIANCE)),
  };
}
