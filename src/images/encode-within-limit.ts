import { LIMITS } from '../limits.js';
import type { PixelSize } from './pixel-box.js';

/** A JPEG that the service takes. */
export interface SendableJpeg extends PixelSize {
  bytes: Uint8Array;
}

/**
 * From a JPEG that cannot be told from the original to one whose flaws are seen when zoomed in. Below, losing pixels
 * costs a face less than losing quality.
 */
const QUALITIES = [95, 85, 75] as const;
const LOWEST_QUALITY = 75;

/** The longest side of a JPEG that the encoder makes (libjpeg's JPEG_MAX_DIMENSION). */
const LONGEST_SIDE = 65_500;

/** Sizes are guessed from the last try; aiming a little low saves another. */
const AIM = 0.96;

/** Makes a JPEG of an image, stretched to a size in pixels, with a quality of 1 to 100. */
export type JpegEncoder = (size: PixelSize, quality: number) => Promise<Uint8Array>;

/**
 * Encodes an image as a JPEG of at most 5,242,880 bytes and at least 80 pixels on each side, keeping as many pixels as
 * fit: quality is lowered first, the size only when that was not enough. Takes one encoding for nearly every photo,
 * and five or so for noise.
 *
 * @param size wanted, in pixels
 */
export async function encodeWithinLimit(
  toJpeg: JpegEncoder,
  size: PixelSize,
  signal?: AbortSignal,
): Promise<SendableJpeg> {
  let { width, height } = sendableSize(size);
  const encode = (quality: number): Promise<Uint8Array> => {
    signal?.throwIfAborted();
    return toJpeg({ width, height }, quality);
  };
  let bytes = await encode(QUALITIES[0]);
  for (const quality of QUALITIES.slice(1)) {
    if (bytes.length > LIMITS.imageBytes) bytes = await encode(quality);
  }
  while (bytes.length > LIMITS.imageBytes) {
    // A JPEG grows about as its pixels do.
    const factor = AIM * Math.sqrt(LIMITS.imageBytes / bytes.length);
    width = Math.max(LIMITS.imageSide, Math.floor(width * factor));
    height = Math.max(LIMITS.imageSide, Math.floor(height * factor));
    bytes = await encode(LOWEST_QUALITY);
  }
  signal?.throwIfAborted();
  return { bytes, width, height };
}

/**
 * The nearest size that the service takes and a JPEG can have. The proportions are kept, so boxes, being ratios, stay
 * right. Only a strip more than 800 times as long as wide is stretched; that keeps its boxes right too, and a face
 * could not be recognised in it anyway.
 */
function sendableSize({ width, height }: PixelSize): PixelSize {
  const enlarge = Math.max(1, LIMITS.imageSide / Math.min(width, height));
  const shrink = Math.min(1, LONGEST_SIDE / (Math.max(width, height) * enlarge));
  const side = (length: number) => Math.max(LIMITS.imageSide, Math.round(length * enlarge * shrink));
  return { width: side(width), height: side(height) };
}
