import { type RgbImage, toSharp } from '../../../images/decode.js';
import { type SimilarityTransform, scaleOf } from '../align/similarity-transform.js';
import { GREEN, RED_AND_BLUE, sampleBilinear } from './bilinear.js';

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
    const { a, b, tx, ty } = transform;
    const toLevel = { a: a / shrink, b: b / shrink, tx: tx / shrink, ty: ty / shrink };
    return sampleBilinear(level, toLevel, size);
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
  const words = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const below = width * 3;
  for (let row = 0, at = 0; row < halved.height; row++) {
    const start = row * 2 * below;
    for (let p = start; p < start + halved.width * 6; p += 6, at += 3) {
      const a = words.getInt32(p, true);
      const b = words.getInt32(p + 2, true) >>> 8;
      const c = words.getInt32(p + below, true);
      const d = words.getInt32(p + below + 2, true) >>> 8;
      const redAndBlue =
        ((a & RED_AND_BLUE) + (b & RED_AND_BLUE) + (c & RED_AND_BLUE) + (d & RED_AND_BLUE) + 0x20002) >>> 2;
      pixels[at] = redAndBlue;
      pixels[at + 1] = ((a & GREEN) + (b & GREEN) + (c & GREEN) + (d & GREEN) + 0x200) >>> 10;
      pixels[at + 2] = redAndBlue >>> 16;
    }
  }
  return { ...halved, data: pixels };
}

/** Resizes with antialiasing: mixing four pixels would keep the noise of a photo, in which faces are then missed. */
async function resize(image: RgbImage, wantedWidth: number, wantedHeight: number): Promise<RgbImage> {
  const width = Math.max(1, Math.round(wantedWidth));
  const height = Math.max(1, Math.round(wantedHeight));
  if (width === image.width && height === image.height) return image;
  // Of sharp's kernels the one that the detector sees most faces and fewest false ones with.
  const resized = (await toSharp(image)).resize({ width, height, fit: 'fill', kernel: 'linear' });
  const data = await resized.raw().toBuffer();
  return { width, height, data };
}
