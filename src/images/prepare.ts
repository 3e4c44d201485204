import type { Metadata } from 'sharp';
import { UnreadableImageError } from '../errors.js';
import { LIMITS } from '../limits.js';
import type { SendableImage } from '../sendable-image.js';
import { underSignal } from '../signals.js';
import { isCutShort } from './cut-short.js';
import { decode, jpegOf, type ReadOptions } from './decode.js';
import { readHeader } from './decode-here.js';
import { encodeWithinLimit } from './encode-within-limit.js';
import { formatOf } from './formats.js';
import type { ImageSource } from './image-source.js';
import { readImage } from './read-image.js';

/** An image as the service takes it: upright, a JPEG or PNG of at most 5,242,880 bytes, 80 pixels or more on a side. */
export interface PreparedImage {
  bytes: Uint8Array;
  /** Pixels of the image in `bytes`. Less or more than those of the original when it had to be shrunk or enlarged. */
  width: number;
  height: number;
  /** The bytes are those of the source, untouched. */
  isOriginal: boolean;
}

/**
 * Makes what an image source gives ready for `Image.Bytes`. An image that is ready already travels untouched, and is
 * not even decoded. Anything else that is decoded (WebP, AVIF, TIFF, HEIC where the package `heic-decode` is installed,
 * the first frame of a GIF, a JPEG that lies on its side) becomes an upright JPEG, on white where it was transparent,
 * with as many pixels as 5 MB hold. Boxes are ratios of the upright image, and hold for the original and for what is
 * sent alike.
 *
 * @throws UnreadableImageError when it is no image, cut short, in a format that cannot be decoded, or too large
 */
export async function prepareImage(source: ImageSource, options: ReadOptions = {}): Promise<PreparedImage> {
  const { signal } = options;
  const original = await readImage(source, signal);
  if (formatOf(original)?.isOfService && original.length <= LIMITS.imageBytes) {
    const header = await underSignal(signal, () =>
      readHeader(source.name, original, options.limitInputPixels),
    );
    if (isReady(header)) {
      if (isCutShort(original, header.format))
        throw new UnreadableImageError(source.name, 'NOT_AN_IMAGE', 'it is cut short: its end is missing.');
      return { bytes: original, width: header.width, height: header.height, isOriginal: true };
    }
  }
  const image = await underSignal(signal, (own) =>
    decode(source.name, original, { ...options, signal: own }),
  );
  return { ...(await encodeWithinLimit(jpegOf(image), image, signal)), isOriginal: false };
}

/**
 * What lies in S3 is named, and the service reads it there, as it is; anything else is made ready.
 *
 * @throws UnreadableImageError as `prepareImage` does
 */
export async function toSendableImage(
  source: ImageSource,
  options: ReadOptions = {},
): Promise<SendableImage> {
  if (source.s3Object) return { s3Object: source.s3Object };
  const { bytes } = await prepareImage(source, options);
  return { bytes };
}

/** Whether the image can be sent as it is: plain colours, no transparency, no rotation. */
function isReady(header: Metadata): header is Metadata & { format: 'jpeg' | 'png' } {
  const { format, width, height, orientation = 1, depth, space, hasAlpha } = header;
  return (
    (format === 'jpeg' || format === 'png') &&
    Math.min(width, height) >= LIMITS.imageSide &&
    orientation <= 1 &&
    depth === 'uchar' &&
    (space === 'srgb' || space === 'b-w') &&
    !hasAlpha
  );
}
