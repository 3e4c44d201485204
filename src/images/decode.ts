import type { Sharp } from 'sharp';
import { checkCount, checkSignal, type OptionChecks } from '../arguments.js';
import { UnreadableImageError } from '../errors.js';
import { underSignal } from '../signals.js';
import { decodeApart } from './decode-apart.js';
import {
  type DecodedImage,
  type DecodeSettings,
  decodeHere,
  type RgbImage,
  readHeader,
} from './decode-here.js';
import type { JpegEncoder } from './encode-within-limit.js';
import { formatOf } from './formats.js';
import type { ImageSource } from './image-source.js';
import { loadSharp } from './load-sharp.js';
import type { PixelSize } from './pixel-box.js';
import { readImage } from './read-image.js';

export type { RgbImage } from './decode-here.js';

/** What every reading of an image takes. */
export interface ReadOptions {
  /** Gives it up: rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Most pixels that an image may have, of four bytes each; one with more is refused by its header, before it is
   * decoded.
   *
   * @default 134_217_728
   */
  limitInputPixels?: number | undefined;
}

export const READ_OPTIONS: OptionChecks<ReadOptions> = { signal: checkSignal, limitInputPixels: checkCount };

/**
 * The pixels of an image source: read, checked and decoded. They take 36 MB for 12 megapixels.
 *
 * @throws UnreadableImageError
 */
export async function readPixels(source: ImageSource, options: ReadOptions = {}): Promise<RgbImage> {
  const { signal } = options;
  const bytes = await readImage(source, signal);
  return underSignal(signal, (own) => decode(source.name, bytes, { ...options, signal: own }));
}

/**
 * Decodes the first frame of an image, upright whatever its EXIF orientation, in sRGB, on white where it is
 * transparent. Settles only when nothing works on it any more: at once when the signal aborts where it is decoded in
 * a process of its own, else when it is decoded, which takes some seconds at most.
 *
 * @param name what errors call the image
 * @throws UnreadableImageError when it is damaged, cut short, too large, too costly, or of a format that is not decoded
 */
export async function decode(
  name: string,
  bytes: Uint8Array,
  { signal, ...settings }: DecodeSettings & ReadOptions = {},
): Promise<DecodedImage> {
  if (settings.limitInputPixels !== undefined)
    checkCount('options.limitInputPixels', settings.limitInputPixels);
  if (bytes.length === 0) throw new UnreadableImageError(name, 'NOT_AN_IMAGE', 'it is empty.');
  const format = formatOf(bytes);
  if (!format) throw new UnreadableImageError(name, 'NOT_AN_IMAGE', 'it is no image of a known format.');
  signal?.throwIfAborted();
  if (format.decoding === 'here') return decodeHere(name, bytes, settings);
  if (format.decoding === 'apart') return decodeApart(name, bytes, settings, signal);
  const message = `${format.name} are not decoded here. Convert it to JPEG first.`;
  throw new UnreadableImageError(name, 'UNSUPPORTED_FORMAT', message);
}

/**
 * The size of the upright image, in pixels, from its header where the format has one that is read here.
 *
 * @throws UnreadableImageError
 */
export async function readSize(source: ImageSource, options: ReadOptions = {}): Promise<PixelSize> {
  const { signal } = options;
  const bytes = await readImage(source, signal);
  return underSignal(signal, async (own) => {
    if (formatOf(bytes)?.decoding !== 'here') return decode(source.name, bytes, { ...options, signal: own });
    return (await readHeader(source.name, bytes, options.limitInputPixels)).autoOrient;
  });
}

/** Pixels in memory as the start of a pipeline of sharp. */
export async function toSharp({ data, width, height }: RgbImage): Promise<Sharp> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** Encodes pixels in memory. */
export function jpegOf(image: RgbImage): JpegEncoder {
  return async ({ width, height }, quality) =>
    (await toSharp(image)).resize(width, height, { fit: 'fill' }).jpeg({ quality }).toBuffer();
}
