import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';
import { area, clampToImage, widen } from './bounding-box.js';
import { type ReadOptions, type RgbImage, readPixels, toSharp } from './decode.js';
import { encodeWithinLimit } from './encode-within-limit.js';
import { fillBox } from './fill-box.js';
import type { ImageSource } from './image-source.js';
import { cutOut, type PixelBox, sharedPixels, toPixels, toRatios } from './pixel-box.js';

/**
 * A face in a crop is enlarged to this width, in pixels. The service finds faces from 40 pixels on and recommends 50
 * for comparing (developer guide, "Recommendations for facial comparison input images"); the rest is room for boxes
 * that are drawn wider than the face.
 */
const FACE_WIDTH = 100;
/** But no crop is enlarged past this side: a wide crop around a tiny face is mostly background. */
const LONGEST_ENLARGED_SIDE = 1024;

export interface CropOptions {
  /**
   * How much to show around the box, as a ratio of its sides, on each of the four. What lies outside the photo is
   * left out.
   *
   * @default 0
   */
  margin?: number;
  /**
   * Boxes to fill with the crop's average colour, so that no detector finds a face there. What lies in the box that
   * is cut out stays.
   */
  paintOver?: readonly BoundingBox[];
  signal?: AbortSignal | undefined;
}

/** A part of a photo, as the service takes it. */
export interface Crop {
  /** A JPEG of at most 5,242,880 bytes, 80 pixels or more on a side. */
  bytes: Uint8Array;
  /** The part of the photo that was cut: `photoBox(region, box)` turns a box in the crop into one in the photo. */
  region: BoundingBox;
}

/** A photo, decoded once to be cut many times. */
export interface Photo {
  /** Pixels of the upright photo. */
  readonly width: number;
  readonly height: number;
  /**
   * Cuts out a box with some of its surroundings. A small face is enlarged, to 100 pixels of width where it can be.
   *
   * @throws InvalidArgumentError when no part of the box lies in the photo, or the margin is below 0
   */
  crop(boundingBox: BoundingBox, options?: CropOptions): Promise<Crop>;
}

/**
 * Reads and decodes a photo. It holds `3 · width · height` bytes until it is let go of: 36 MB for 12 megapixels.
 *
 * @throws UnreadableImageError
 */
export async function openPhoto(source: ImageSource, options: ReadOptions = {}): Promise<Photo> {
  const image = await readPixels(source, options);
  return {
    width: image.width,
    height: image.height,
    crop: (boundingBox, cropOptions) => crop(image, boundingBox, cropOptions),
  };
}

export function checkMargin(argument: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError(argument, value, 'a number of 0 or more');
  }
}

async function crop(
  image: RgbImage,
  boundingBox: BoundingBox,
  { margin = 0, paintOver = [], signal }: CropOptions = {},
): Promise<Crop> {
  signal?.throwIfAborted();
  checkMargin('options.margin', margin);
  if (area(clampToImage(boundingBox)) === 0) {
    throw new InvalidArgumentError('boundingBox', boundingBox, 'a box of which some part lies in the photo');
  }
  const face = toPixels(boundingBox, image);
  const region = toPixels(widen(boundingBox, margin), image);
  const cut = await cutRegion(image, region);
  if (paintOver.length > 0) {
    const colour = await averageColour(cut);
    const covers = paintOver.filter((box) => area(clampToImage(box)) > 0).map((box) => toPixels(box, image));
    for (const part of covers.flatMap((cover) => cutOut(cover, face))) {
      const shown = sharedPixels(part, region);
      if (!shown) continue;
      const inCut = { ...shown, left: shown.left - region.left, top: shown.top - region.top };
      fillBox(cut, inCut, colour);
    }
  }
  const enlarge = Math.max(
    1,
    Math.min(FACE_WIDTH / face.width, LONGEST_ENLARGED_SIDE / Math.max(region.width, region.height)),
  );
  const size = { width: region.width * enlarge, height: region.height * enlarge };
  const { bytes } = await encodeWithinLimit(cut, size, signal);
  return { bytes, region: toRatios(region, image) };
}

async function cutRegion(image: RgbImage, region: PixelBox): Promise<RgbImage> {
  const data = await (await toSharp(image)).extract(region).raw().toBuffer();
  return { width: region.width, height: region.height, data };
}

async function averageColour(image: RgbImage): Promise<Uint8Array> {
  return (await toSharp(image)).resize(1, 1, { fit: 'fill' }).raw().toBuffer();
}
