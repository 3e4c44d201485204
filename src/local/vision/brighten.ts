import type { RgbImage } from '../../images/decode.js';
import { lumaOf } from './luma.js';

/** A photo is dark when 99 of 100 pixels have a luma below this, of 255. */
const DARK = 128;
/** More gain than this only shows noise. */
const MAX_GAIN = 8;
/** Looking at this many pixels tells enough. */
const SAMPLES = 20_000;

/** A photo made bright enough to see faces in, and by how much: 1 for a photo that was bright enough. */
export interface BrightenedImage {
  image: RgbImage;
  /** What every pixel was multiplied by; 1 and up. */
  gain: number;
}

/**
 * Brightens a photo taken in the dark until its lights are white, as auto exposure would have: the detector misses
 * faces in such photos. Others are returned as they are.
 */
export function brighten(image: RgbImage): BrightenedImage {
  const lights = lumaOfLights(image);
  if (lights >= DARK) return { image, gain: 1 };
  const gain = Math.min(MAX_GAIN, 255 / lights);
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => value * gain);
  return { image: { ...image, data: image.data.map((value) => table[value]!) }, gain };
}

/** The luma that 99 of 100 pixels stay under. */
function lumaOfLights({ data }: RgbImage): number {
  const pixels = data.length / 3;
  const step = Math.max(1, Math.floor(pixels / SAMPLES));
  const lumas = new Float64Array(Math.ceil(pixels / step));
  for (let i = 0; i < lumas.length; i++) lumas[i] = lumaOf(data, i * step * 3);
  lumas.sort();
  return lumas[Math.floor(lumas.length * 0.99)]!;
}
