import { lumaOf } from './luma.js';

/**
 * The variance of the Laplacian of luma, the usual measure of focus and texture: next to 0 for an even surface, a smooth
 * gradient or a blurred picture.
 *
 * @param patch `size · size · 3` bytes, RGB
 * @param from first row and column that count, 1 and up
 * @param to the row and column after the last, below `size`
 */
export function laplacianVariance(patch: Uint8Array, size: number, from = 1, to = size - 1): number {
  const luma = new Float32Array(size * size);
  for (let pixel = 0; pixel < luma.length; pixel++) luma[pixel] = lumaOf(patch, pixel * 3);
  let sum = 0;
  let squares = 0;
  for (let y = from; y < to; y++)
    for (let x = from; x < to; x++) {
      const at = y * size + x;
      const laplacian = luma[at - 1]! + luma[at + 1]! + luma[at - size]! + luma[at + size]! - 4 * luma[at]!;
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  const count = (to - from) ** 2;
  return squares / count - (sum / count) ** 2;
}
