import sharp from 'sharp';
import { UnreadableImageError } from '../../errors.js';
import type { RgbImage } from './rgb-image.js';

/**
 * A photo is halved while its longer side stays at least this long, in pixels. A face that the detector can see,
 * 30 pixels wide when the photo is 512, is then 117 wide or more, close to the 150 that the descriptor takes.
 */
const LONG_SIDE = 2000;

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
    // The nets were trained on pixels as stored, so a colour profile is left alone, which takes half the time.
    const photo = sharp(encoded, { failOn: 'error', limitInputPixels, ignoreIcc: true });
    const { width, height } = (await photo.metadata()).autoOrient;
    const shrunkBy = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(width, height) / LONG_SIDE)));
    const { data, info } = await photo
      .autoOrient()
      .resize({ width: Math.ceil(width / shrunkBy), height: Math.ceil(height / shrunkBy), fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
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
    // Of sharp's kernels the one that the detector sees most faces and fewest false ones with.
    .resize({ ...size, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { ...size, data: resized };
}
