import { decode } from '../../../images/decode.js';
import type { DecodedImage } from '../../../images/decode-here.js';

/**
 * A photo is halved while it has at least the area of a square of this side, in pixels: 3 megapixels. The smallest
 * faces that are found in it are then as large as the 112 pixels that face vectors are made of, or half as large.
 */
const SIDE = 1700;

/** What errors call an image that came as bytes. */
const IMAGE_NAME = 'The image';

/**
 * Decodes a photo once, upright and no larger than serves. Colours are taken as stored, as those that the nets were
 * trained on were.
 *
 * @throws UnreadableImageError for bytes that are no image, or an image of more than `limitInputPixels` pixels
 */
export function decodePhoto(
  encoded: Uint8Array,
  limitInputPixels: number,
  signal?: AbortSignal,
): Promise<DecodedImage> {
  return decode(IMAGE_NAME, encoded, { limitInputPixels, halveFrom: SIDE, ignoreProfile: true, signal });
}
