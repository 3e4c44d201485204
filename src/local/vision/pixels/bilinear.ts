import type { RgbImage } from '../../../images/decode.js';
import type { SimilarityTransform } from '../align/similarity-transform.js';

/*
 * A pixel is read as one word of four bytes, of which the highest belongs to its neighbour, or from one byte before it.
 * Red and blue are then averaged together, as each has 16 bits of the word. Byte by byte takes two to three times as
 * long.
 */
export const RED_AND_BLUE = 0xff00ff;
export const GREEN = 0xff00;
/** Shares of a pixel are counted in this many parts. */
const PARTS = 256;
const HALF_OF_EACH = 0x800080;

/**
 * A square patch of an image, of `size · size · 3` bytes, each pixel mixed from the four around it. What lies outside the
 * image is black.
 *
 * @param transform from pixels of the patch to pixels of the image, which should be no more than twice as small; a
 * pixel's middle is at .5
 */
export function sampleBilinear(
  image: RgbImage,
  { a, b, tx, ty }: SimilarityTransform,
  size: number,
): Uint8Array {
  const patch = new Uint8Array(size * size * 3);
  const words = new DataView(image.data.buffer, image.data.byteOffset, image.data.byteLength);
  const below = image.width * 3;
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  for (let row = 0, at = 0; row < size; row++) {
    let x = a * 0.5 - b * (row + 0.5) + tx - 0.5;
    let y = b * 0.5 + a * (row + 0.5) + ty - 0.5;
    for (let column = 0; column < size; column++, at += 3) {
      if (x >= 0 && y >= 0 && x < lastX && y < lastY) {
        // As nearly all pixels are: all four neighbours lie inside.
        const left = x | 0;
        const top = y | 0;
        const right = ((x - left) * PARTS + 0.5) | 0;
        const lower = ((y - top) * PARTS + 0.5) | 0;
        const p = top * below + left * 3;
        const upperLeft = words.getInt32(p, true);
        const upperRight = words.getInt32(p + 2, true) >>> 8;
        const lowerLeft = words.getInt32(p + below, true);
        const lowerRight = words.getInt32(p + below + 2, true) >>> 8;
        const upperPair = mix(upperLeft & RED_AND_BLUE, upperRight & RED_AND_BLUE, right) & RED_AND_BLUE;
        const lowerPair = mix(lowerLeft & RED_AND_BLUE, lowerRight & RED_AND_BLUE, right) & RED_AND_BLUE;
        const redAndBlue = mix(upperPair, lowerPair, lower);
        const upperGreen = mix((upperLeft >>> 8) & 0xff, (upperRight >>> 8) & 0xff, right) & 0xff;
        const lowerGreen = mix((lowerLeft >>> 8) & 0xff, (lowerRight >>> 8) & 0xff, right) & 0xff;
        patch[at] = redAndBlue;
        patch[at + 1] = mix(upperGreen, lowerGreen, lower);
        patch[at + 2] = redAndBlue >>> 16;
      } else sampleAtEdge(image, x, y, patch, at);
      x += a;
      y += b;
    }
  }
  return patch;
}

/** Mixes two pairs of channels, or two single ones, rounded; above each lies rubbish. */
function mix(a: number, b: number, partsOfB: number): number {
  return (Math.imul(a, PARTS - partsOfB) + Math.imul(b, partsOfB) + HALF_OF_EACH) >>> 8;
}

/** Writes the pixel at a point between four others, not all inside, to three bytes; `x` and `y` count from the middle of the first. */
function sampleAtEdge(
  { data, width, height }: RgbImage,
  x: number,
  y: number,
  into: Uint8Array,
  at: number,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  const rightShare = x - left;
  const lowerShare = y - top;
  // A neighbour outside the image is black: it gets no weight, and any place to read from.
  const hasLeft = left >= 0 ? 1 : 0;
  const hasRight = left + 1 < width ? 1 : 0;
  const hasUpper = top >= 0 ? 1 : 0;
  const hasLower = top + 1 < height ? 1 : 0;
  const upperLeft = hasUpper * hasLeft * (1 - lowerShare) * (1 - rightShare);
  const upperRight = hasUpper * hasRight * (1 - lowerShare) * rightShare;
  const lowerLeft = hasLower * hasLeft * lowerShare * (1 - rightShare);
  const lowerRight = hasLower * hasRight * lowerShare * rightShare;
  const a = ((hasUpper ? top : 0) * width + (hasLeft ? left : 0)) * 3;
  const b = a + hasLeft * hasRight * 3;
  const below = hasUpper * hasLower * width * 3;
  const c = a + below;
  const d = b + below;
  for (let channel = 0; channel < 3; channel++)
    into[at + channel] =
      data[a + channel]! * upperLeft +
      data[b + channel]! * upperRight +
      data[c + channel]! * lowerLeft +
      data[d + channel]! * lowerRight +
      0.5;
}
