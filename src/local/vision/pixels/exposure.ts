import type { RgbImage } from '../../../images/decode.js';
import { lumaOf } from './luma.js';

/** A photo is dark when 99 of 100 pixels have a luma below this, of 255. */
const DARK = 128;
/** More gain than this only shows noise. */
const MAX_GAIN_OF_DARK = 8;
/** A photo is pale when its lumas, but for one in a hundred at either end, lie closer together than this, … */
const PALE = 100;
/** … and the darkest of them is above this: there is nothing dark in it. */
const PALE_BLACK = 20;
const MAX_GAIN_OF_PALE = 4;
/** So many pixels make a good enough histogram. */
const SAMPLES = 20_000;

/** What was done to every byte of a photo: `(byte − black) · gain`. */
export interface Exposure {
  /** 0 to 255. */
  readonly black: number;
  /** 1 and up. */
  readonly gain: number;
}

const AS_THEY_ARE: Exposure = { black: 0, gain: 1 };

/**
 * Normalizes the exposure of photos in which the detector misses faces: raises that of a dark one until its lights are
 * white, and the contrast of a pale one, as through fog or glass, from black to white. Others are returned as they are.
 */
export function adjustExposure(image: RgbImage): { image: RgbImage; exposure: Exposure } {
  const exposure = exposureFor(image);
  if (exposure === AS_THEY_ARE) return { image, exposure };
  const table = Uint8ClampedArray.from({ length: 256 }, (_, byte) => (byte - exposure.black) * exposure.gain);
  return { image: { ...image, data: image.data.map((byte) => table[byte]!) }, exposure };
}

function exposureFor(image: RgbImage): Exposure {
  const luma = histogramOf(image, lumaOf);
  const black = quantile(luma, 0.01);
  const white = quantile(luma, 0.99);
  const isPale = black > PALE_BLACK && white - black < PALE;
  if (!isPale && white >= DARK) return AS_THEY_ARE;
  // In coloured light one colour may be bright where all together are not, and is not to be lost.
  const brightest = quantile(histogramOf(image, largestOf), 0.99);
  return isPale
    ? { black, gain: gainTo(brightest - black, MAX_GAIN_OF_PALE) }
    : { black: 0, gain: gainTo(brightest, MAX_GAIN_OF_DARK) };
}

function gainTo(range: number, most: number): number {
  return Math.max(1, Math.min(most, 255 / range));
}

/** How many of some pixels, all over the photo, have each value of 0 to 255. */
function histogramOf({ data }: RgbImage, read: (rgb: Uint8Array, offset: number) => number): Uint32Array {
  const pixels = data.length / 3;
  const step = Math.max(1, Math.floor(pixels / SAMPLES));
  const histogram = new Uint32Array(256);
  for (let pixel = 0; pixel < pixels; pixel += step) histogram[Math.round(read(data, pixel * 3))]! += 1;
  return histogram;
}

function largestOf(rgb: Uint8Array, offset: number): number {
  return Math.max(rgb[offset]!, rgb[offset + 1]!, rgb[offset + 2]!);
}

/** The value that this share of the pixels lie below, or at. */
function quantile(histogram: Uint32Array, share: number): number {
  const all = histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return histogram.findIndex((count) => {
    below += count;
    return below > all * share;
  });
}
