import { type RgbImage, toSharp } from '../../../images/decode.js';
import { type SimilarityTransform, scaleOf } from '../align/similarity-transform.js';

/** A level whose side is within a fifth of what is wanted serves as well, and need not be made. */
const NEAR = Math.log2(1.2);

/** An image at 1, 1/2, 1/4 … of its size, so that a patch of any size is sampled without aliasing. */
export class Pyramid {
  readonly #levels: readonly RgbImage[];

  constructor(image: RgbImage) {
    const levels = [image];
    for (let last = image; Math.min(last.width, last.height) > 1; levels.push(last)) last = halve(last);
    this.#levels = levels;
  }

  /** The image itself. */
  get image(): RgbImage {
    return this.#levels[0]!;
  }

  /** The image with about the area of a square of this side, in pixels; both sides are at least a pixel. */
  async resizedToArea(side: number): Promise<RgbImage> {
    const near = this.#levels.find((level) => Math.abs(Math.log2(sideOf(level) / side)) < NEAR);
    if (near) return near;
    const from = this.#levels.findLast((level) => sideOf(level) >= side) ?? this.image;
    const scale = side / sideOf(from);
    return resize(from, from.width * scale, from.height * scale);
  }

  /**
   * A square patch of `size · size · 3` bytes. What lies outside the image is black.
   *
   * @param transform from pixels of the patch to pixels of the image; a pixel's middle is at .5
   */
  sample(transform: SimilarityTransform, size: number): Uint8Array {
    const halvings = Math.max(0, Math.floor(Math.log2(scaleOf(transform))));
    const level = this.#levels[Math.min(halvings, this.#levels.length - 1)]!;
    const shrink = 2 ** this.#levels.indexOf(level);
    const a = transform.a / shrink;
    const b = transform.b / shrink;
    const startX = transform.tx / shrink - 0.5;
    const startY = transform.ty / shrink - 0.5;
    const patch = new Uint8Array(size * size * 3);
    const { data, width, height } = level;
    for (let row = 0, at = 0; row < size; row++) {
      let x = a * 0.5 - b * (row + 0.5) + startX;
      let y = b * 0.5 + a * (row + 0.5) + startY;
      for (let column = 0; column < size; column++, at += 3) {
        if (x >= 0 && y >= 0 && x < width - 1 && y < height - 1) {
          // As nearly all pixels are: all four neighbours lie inside. In the loop and channel by channel, which takes a
          // third of the time.
          const left = x | 0;
          const top = y | 0;
          const rightShare = x - left;
          const lowerShare = y - top;
          const p = (top * width + left) * 3;
          const q = p + width * 3;
          const red = data[p]! + rightShare * (data[p + 3]! - data[p]!);
          const green = data[p + 1]! + rightShare * (data[p + 4]! - data[p + 1]!);
          const blue = data[p + 2]! + rightShare * (data[p + 5]! - data[p + 2]!);
          patch[at] = red + lowerShare * (data[q]! + rightShare * (data[q + 3]! - data[q]!) - red) + 0.5;
          patch[at + 1] =
            green + lowerShare * (data[q + 1]! + rightShare * (data[q + 4]! - data[q + 1]!) - green) + 0.5;
          patch[at + 2] =
            blue + lowerShare * (data[q + 2]! + rightShare * (data[q + 5]! - data[q + 2]!) - blue) + 0.5;
        } else sampleAtEdge(level, x, y, patch, at);
        x += a;
        y += b;
      }
    }
    return patch;
  }
}

/** Of a square with the image's area. */
function sideOf({ width, height }: RgbImage): number {
  return Math.sqrt(width * height);
}

/** Averages squares of 2 x 2 pixels. A last row or column without a neighbour is left out. */
function halve({ data, width, height }: RgbImage): RgbImage {
  const halved = { width: width >> 1, height: height >> 1 };
  const pixels = new Uint8Array(halved.width * halved.height * 3);
  const below = width * 3;
  for (let row = 0, at = 0; row < halved.height; row++) {
    // The channels one by one: a loop over them takes three times as long.
    const start = row * 2 * below;
    for (let a = start, c = start + below; a < start + halved.width * 6; a += 6, c += 6, at += 3) {
      pixels[at] = (data[a]! + data[a + 3]! + data[c]! + data[c + 3]! + 2) >> 2;
      pixels[at + 1] = (data[a + 1]! + data[a + 4]! + data[c + 1]! + data[c + 4]! + 2) >> 2;
      pixels[at + 2] = (data[a + 2]! + data[a + 5]! + data[c + 2]! + data[c + 5]! + 2) >> 2;
    }
  }
  return { ...halved, data: pixels };
}

/** Resizes with antialiasing. */
async function resize(image: RgbImage, wantedWidth: number, wantedHeight: number): Promise<RgbImage> {
  const width = Math.max(1, Math.round(wantedWidth));
  const height = Math.max(1, Math.round(wantedHeight));
  if (width === image.width && height === image.height) return image;
  // Of sharp's kernels the one that the detector sees most faces and fewest false ones with.
  const resized = (await toSharp(image)).resize({ width, height, fit: 'fill', kernel: 'linear' });
  const data = await resized.raw().toBuffer();
  return { width, height, data };
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
