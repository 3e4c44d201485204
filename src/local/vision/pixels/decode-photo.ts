import { decode, type RgbImage, readHeader } from '../../../images/decode.js';

/**
 * A photo is halved while it has at least the area of a square of this side, in pixels: 3 megapixels. The smallest
 * faces that are found in it are then as large as the 112 pixels that face vectors are made of, or half as large.
 */
const SIDE = 1700;

/** What errors call an image that came as bytes. */
const IMAGE_NAME = 'The image';

/** A photo, decoded. */
export interface DecodedPhoto {
  /** Upright, and no larger than serves. */
  readonly image: RgbImage;
  /** Pixels of the upright photo for each pixel of `image`: 1, or a power of two when it was shrunk. */
  readonly shrunkBy: number;
}

/**
 * Decodes a photo once. Colours are taken as stored, as those that the nets were trained on were.
 *
 * @throws UnreadableImageError for bytes that are no image, or an image of more than `limitInputPixels` pixels
 */
export async function decodePhoto(
  encoded: Uint8Array,
  limitInputPixels: number,
  _signal?: AbortSignal,
): Promise<DecodedPhoto> {
  const { width, height } = (await readHeader(IMAGE_NAME, encoded, limitInputPixels)).autoOrient;
  const shrunkBy = 2 ** Math.max(0, Math.floor(Math.log2(Math.sqrt(width * height) / SIDE)));
  const size = { width: Math.ceil(width / shrunkBy), height: Math.ceil(height / shrunkBy) };
  const image = await decode(IMAGE_NAME, encoded, { size, ignoreProfile: true });
  return { image, shrunkBy };
}
