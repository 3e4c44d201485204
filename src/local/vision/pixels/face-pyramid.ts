import type { RgbImage } from '../../../images/decode.js';
import { type SimilarityTransform, scaleOf } from '../align/similarity-transform.js';
import type { PixelBox } from './pixel-box.js';

/** One step of the pyramid: a part of the image at 1, 1/2, 1/4 … of its size. */
interface Level extends RgbImage {
  /** Where this part starts, in pixels of the whole image at this size. */
  readonly left: number;
  readonly top: number;
}

/** How far around its box a face may be sampled, in sides of the box: chips are larger and turned. */
const REACH = 1.5;

/**
 * The surroundings of one face at halving sizes, so that a patch of any size is sampled without aliasing. Levels
 * are made when first needed, of the surroundings only; the first one is the image itself.
 */
export class FacePyramid {
  readonly #levels: Level[];
  readonly #region: { left: number; top: number; right: number; bottom: number };

  constructor(image: RgbImage, face: PixelBox) {
    this.#levels = [{ ...image, left: 0, top: 0 }];
    const reach = REACH * Math.max(face.width, face.height);
    const centerX = face.left + face.width / 2;
    const centerY = face.top + face.height / 2;
    this.#region = {
      left: Math.max(0, centerX - reach),
      top: Math.max(0, centerY - reach),
      right: Math.min(image.width, centerX + reach),
      bottom: Math.min(image.height, centerY + reach),
    };
  }

  /**
   * A square patch of `size · size · 3` bytes. What lies outside the image is black.
   *
   * @param transform from pixels of the patch to pixels of the image; a pixel's middle is at .5
   */
  sample(transform: SimilarityTransform, size: number): Uint8Array {
    const halvings = Math.max(0, Math.floor(Math.log2(scaleOf(transform))));
    const level = this.#level(halvings);
    const shrink = 2 ** halvings;
    const a = transform.a / shrink;
    const b = transform.b / shrink;
    const startX = transform.tx / shrink - level.left - 0.5;
    const startY = transform.ty / shrink - level.top - 0.5;
    const patch = new Uint8Array(size * size * 3);
    for (let row = 0, at = 0; row < size; row++) {
      let x = a * 0.5 - b * (row + 0.5) + startX;
      let y = b * 0.5 + a * (row + 0.5) + startY;
      for (let column = 0; column < size; column++, at += 3) {
        sampleBilinear(level, x, y, patch, at);
        x += a;
        y += b;
      }
    }
    return patch;
  }

  #level(halvings: number): Level {
    while (this.#levels.length <= halvings) {
      const shrink = 2 ** this.#levels.length;
      const left = Math.floor(this.#region.left / shrink);
      const top = Math.floor(this.#region.top / shrink);
      const width = Math.ceil(this.#region.right / shrink) - left;
      const height = Math.ceil(this.#region.bottom / shrink) - top;
      this.#levels.push(halve(this.#levels.at(-1)!, { left, top, width, height }));
    }
    return this.#levels[halvings]!;
  }
}

/** Averages squares of 2 x 2 pixels; at an odd border the last pixel counts twice. */
function halve(image: Level, part: PixelBox): Level {
  const { data, width } = image;
  const halved = new Uint8Array(part.width * part.height * 3);
  for (let row = 0, at = 0; row < part.height; row++) {
    const y = (part.top + row) * 2 - image.top;
    const upper = y * width;
    const lower = Math.min(y + 1, image.height - 1) * width;
    for (let column = 0; column < part.width; column++, at += 3) {
      const x = (part.left + column) * 2 - image.left;
      const right = Math.min(x + 1, width - 1);
      const a = (upper + x) * 3;
      const b = (upper + right) * 3;
      const c = (lower + x) * 3;
      const d = (lower + right) * 3;
      halved[at] = (data[a]! + data[b]! + data[c]! + data[d]! + 2) >> 2;
      halved[at + 1] = (data[a + 1]! + data[b + 1]! + data[c + 1]! + data[d + 1]! + 2) >> 2;
      halved[at + 2] = (data[a + 2]! + data[b + 2]! + data[c + 2]! + data[d + 2]! + 2) >> 2;
    }
  }
  return { ...part, data: halved };
}

/** Writes the pixel at a point between four others to three bytes; `x` and `y` count from the middle of the first. */
function sampleBilinear(
  { data, width, height }: Level,
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
