import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { checkCount, checkSignal, type OptionChecks } from '../arguments.js';
import { UnreadableImageError } from '../errors.js';
import { DEFAULTS } from '../service/limits.js';
import type { ImageSource } from './image-source.js';
import { readImage } from './read-image.js';

/** What every reading of an image takes. */
export interface ReadOptions {
  /** Gives it up: rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Most pixels that an image may have; one with more is refused by its header, before it is decoded.
   *
   * @default 134_217_728
   */
  limitInputPixels?: number | undefined;
}

export const READ_OPTIONS: OptionChecks<ReadOptions> = { signal: checkSignal, limitInputPixels: checkCount };

/** Decoded pixels: red, green and blue of 0 to 255, row by row, `width · height · 3` bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A photo with a slip that other programs overlook is taken; one that ends too early is not. */
const TOLERANCE: SharpOptions = { failOn: 'error' };

/**
 * What the header of an image says; `autoOrient` has the width and height of the upright image.
 *
 * @param name what errors call the image
 * @throws UnreadableImageError
 */
export async function readHeader(
  name: string,
  bytes: Uint8Array,
  limitInputPixels: number = DEFAULTS.limitInputPixels,
): Promise<Metadata> {
  checkCount('options.limitInputPixels', limitInputPixels);
  if (bytes.length === 0) throw new UnreadableImageError(name, 'NOT_AN_IMAGE', 'it is empty.');
  // The limit is checked here and not by sharp, so that the error can tell it from damage and say the numbers.
  const header = await sharp(bytes, { ...TOLERANCE, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(name, bytes, error);
    });
  const { width, height } = header;
  if (width * height > limitInputPixels) {
    throw new UnreadableImageError(
      name,
      'TOO_MANY_PIXELS',
      `it has ${width} × ${height} pixels, more than limitInputPixels (${limitInputPixels}). Shrink it, or raise the limit.`,
    );
  }
  return header;
}

/**
 * The pixels of an image source: read, looked at, and decoded. They take 36 MB for 12 megapixels.
 *
 * @throws UnreadableImageError
 */
export async function readPixels(
  source: ImageSource,
  { signal, limitInputPixels }: ReadOptions = {},
): Promise<RgbImage> {
  const bytes = await readImage(source, signal);
  await readHeader(source.name, bytes, limitInputPixels);
  signal?.throwIfAborted();
  const image = await decode(source.name, bytes);
  signal?.throwIfAborted();
  return image;
}

export interface DecodeOptions {
  /** Shrinks the upright image to this size, in pixels. A JPEG is then decoded small, which takes less memory. */
  size?: { width: number; height: number };
  /** Takes colours as they are stored, whatever their profile says, which takes half the time. */
  ignoreProfile?: boolean;
}

/**
 * Decodes an image whose header was read: the first frame, upright whatever its EXIF orientation, in sRGB, on white
 * where it is transparent.
 *
 * @throws UnreadableImageError when it is damaged, cut short, or of a format that only the header can be read of
 */
export async function decode(
  name: string,
  bytes: Uint8Array,
  { size, ignoreProfile = false }: DecodeOptions = {},
): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(bytes, {
      ...TOLERANCE,
      limitInputPixels: false,
      ignoreIcc: ignoreProfile,
    })
      .autoOrient()
      .resize({ ...size, fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    throw unreadable(name, bytes, error);
  }
}

/** Pixels in memory as the start of a pipeline of sharp. */
export function toSharp({ data, width, height }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** Formats that people try and sharp's own build does not decode, by how a file begins. */
const UNSUPPORTED_FORMATS: readonly { name: string; signature: RegExp }[] = [
  { name: 'HEIC', signature: /^.{4}ftyp(hei|hev|mif1|msf1)/s },
  { name: 'JPEG XL', signature: /^(\xff\n|.{4}JXL )/s },
  { name: 'JPEG 2000', signature: /^(\xff\x4f\xff\x51|.{4}jP {2})/s },
  { name: 'BMP', signature: /^BM/ },
];

function unreadable(name: string, bytes: Uint8Array, cause: unknown): UnreadableImageError {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const format = UNSUPPORTED_FORMATS.find(({ signature }) => signature.test(start));
  if (format) {
    const message = `${format.name} images cannot be decoded here. Convert it to JPEG first.`;
    return new UnreadableImageError(name, 'UNSUPPORTED_FORMAT', message, { cause });
  }
  const message = 'it cannot be decoded: it is no image, cut short or damaged.';
  return new UnreadableImageError(name, 'NOT_AN_IMAGE', message, { cause });
}
