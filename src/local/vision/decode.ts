import sharp from 'sharp';
import { UnreadableImageError } from '../../errors.js';
import type { RgbImage } from './rgb-image.js';

/**
 * The longest side that is kept of a photo, in pixels. A face that the detector can see, 30 pixels wide when the
 * photo is 512, is then 120 wide, close to the 150 that the descriptor takes.
 */
const LONGEST_SIDE = 2048;

/** What errors call an image that came as bytes. */
const IMAGE_NAME = 'The image';

/** A photo, decoded. */
export interface DecodedPhoto {
  /** Upright, and no larger than serves. */
  readonly image: RgbImage;
  /** Pixels of the upright photo for each pixel of `image`: 1, or more when it was shrunk. */
  readonly shrunkBy: number;
}

/**
 * Decodes a photo once: upright, in sRGB, without transparency (on white).
 *
 * @throws UnreadableImageError for bytes that are no image, or an image of more than `limitInputPixels` pixels
 */
export async function decode(encoded: Uint8Array, limitInputPixels: number): Promise<DecodedPhoto> {
  if (encoded.length === 0) throw new UnreadableImageError(IMAGE_NAME, 'NOT_AN_IMAGE', 'it is empty.');
  try {
    const photo = sharp(encoded, { failOn: 'error', limitInputPixels });
    const { width, height } = (await photo.metadata()).autoOrient;
    const { data, info } = await photo
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const shrunkBy = Math.max(width, height) / Math.max(info.width, info.height);
    return { image: { width: info.width, height: info.height, data }, shrunkBy };
  } catch (cause) {
    throw unreadable(cause, limitInputPixels);
  }
}

/** sharp tells its reasons in words only. */
function unreadable(cause: unknown, limitInputPixels: number): UnreadableImageError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit/i.test(message)) {
    const limit = `it has more than ${limitInputPixels} pixels. Shrink it first, or raise limitInputPixels.`;
    return new UnreadableImageError(IMAGE_NAME, 'TOO_MANY_PIXELS', limit, { cause });
  }
  return new UnreadableImageError(IMAGE_NAME, 'NOT_AN_IMAGE', `it cannot be decoded (${message.trim()}).`, {
    cause,
  });
}

/** Resizes with antialiasing; both sides are at least one pixel. */
export async function resize(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  const { width: rawWidth, height: rawHeight, data } = image;
  const resized = await sharp(data, { raw: { width: rawWidth, height: rawHeight, channels: 3 } })
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer();
  return { ...size, data: resized };
}
