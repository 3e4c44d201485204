import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { checkCount } from '../arguments.js';
import { UnreadableImageError } from '../errors.js';
import { DEFAULTS } from '../limits.js';
import { checkSize, defuse } from './decoding-cost.js';
import { loadSharp } from './load-sharp.js';

/** Decoded pixels: red, green and blue of 0 to 255, row by row, `width · height · 3` bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface DecodedImage extends RgbImage {
  /** Pixels of the upright image for each pixel of this one: 1, or a power of two when it was shrunk. */
  readonly shrunkBy: number;
}

/** How an image is decoded. All of it can be sent to another process. */
export interface DecodeSettings {
  /** Most pixels that it may have. @default 134_217_728 */
  limitInputPixels?: number | undefined;
  /**
   * Halves the upright image while it has at least the area of a square of this side, in pixels. A JPEG is then decoded
   * small, which takes less memory.
   */
  halveFrom?: number;
  /** Takes colours as they are stored, whatever their profile says, which takes half the time. */
  ignoreProfile?: boolean;
}

/** Seconds that decoding may take. */
export const TIME_LIMIT = 20;

/** Small damage that other programs overlook is tolerated; an image that is cut short is not. */
const TOLERANCE: SharpOptions = { failOn: 'error', limitInputPixels: false };

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
  const sharp = await loadSharp();
  const header = await sharp(defuse(name, bytes), TOLERANCE)
    .metadata()
    .catch((error: unknown) => {
      throw damaged(name, error);
    });
  // The limit is checked here and not by sharp, so that the error can tell it from damage and say the numbers.
  checkSize(name, header, limitInputPixels);
  return header;
}

/**
 * Decodes the first frame, upright whatever its EXIF orientation, in sRGB, on white where it is transparent. Settles
 * only when nothing works on it any more.
 *
 * @throws UnreadableImageError when it is damaged, cut short, too large or takes too long
 */
export async function decodeHere(
  name: string,
  bytes: Uint8Array,
  settings: DecodeSettings,
): Promise<DecodedImage> {
  const header = await readHeader(name, bytes, settings.limitInputPixels);
  const sharp = await loadSharp();
  const image = sharp(defuse(name, bytes), { ...TOLERANCE, ignoreIcc: settings.ignoreProfile ?? false });
  return toPixels(name, image, header.autoOrient, settings);
}

/** @param upright the size of the upright image, in pixels */
export async function toPixels(
  name: string,
  image: Sharp,
  upright: { width: number; height: number },
  { halveFrom = Number.POSITIVE_INFINITY }: DecodeSettings,
): Promise<DecodedImage> {
  const area = upright.width * upright.height;
  const shrunkBy = 2 ** Math.max(0, Math.floor(Math.log2(Math.sqrt(area) / halveFrom)));
  const size = { width: Math.ceil(upright.width / shrunkBy), height: Math.ceil(upright.height / shrunkBy) };
  try {
    const { data, info } = await image
      .timeout({ seconds: TIME_LIMIT })
      .autoOrient()
      .resize({ ...size, fit: 'fill' })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data, shrunkBy };
  } catch (error) {
    throw isTimeout(error) ? tooSlow(name) : damaged(name, error);
  }
}

export function tooSlow(name: string): UnreadableImageError {
  return new UnreadableImageError(name, 'TOO_COSTLY', `it was not decoded within ${TIME_LIMIT} seconds.`);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout: ');
}

function damaged(name: string, cause: unknown): UnreadableImageError {
  const message = 'it cannot be decoded: it is no image, cut short or damaged.';
  return new UnreadableImageError(name, 'NOT_AN_IMAGE', message, { cause });
}
