import type { BoundingBox } from '../types.js';
import { type CropShape, planCrop } from './crop-plan.js';
import { jpegOf, type ReadOptions, type RgbImage, readPixels, toSharp } from './decode.js';
import { encodeWithinLimit } from './encode-within-limit.js';
import { fillBox } from './fill-box.js';
import type { ImageSource } from './image-source.js';
import { type PixelBox, toRatios } from './pixel-box.js';

export interface CropOptions extends CropShape {
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

async function crop(image: RgbImage, boundingBox: BoundingBox, options: CropOptions = {}): Promise<Crop> {
  const { signal } = options;
  signal?.throwIfAborted();
  const { region, covers, size } = planCrop(image, boundingBox, options);
  const cut = await cutRegion(image, region);
  if (covers.length > 0) {
    const colour = await averageColour(cut);
    for (const cover of covers) fillBox(cut, cover, colour);
  }
  const { bytes } = await encodeWithinLimit(jpegOf(cut), size, signal);
  return { bytes, region: toRatios(region, image) };
}

async function cutRegion(image: RgbImage, region: PixelBox): Promise<RgbImage> {
  const data = await (await toSharp(image)).extract(region).raw().toBuffer();
  return { width: region.width, height: region.height, data };
}

async function averageColour(image: RgbImage): Promise<Uint8Array> {
  return (await toSharp(image)).resize(1, 1, { fit: 'fill' }).raw().toBuffer();
}
