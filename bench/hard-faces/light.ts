import { type RgbImage, toSharp } from '../../src/images/decode.js';
import { gaussian } from './gaussian.js';
import { type HardKind, inPlace } from './variant.js';

/**
 * Photos with too little, too much or too even light. Light is what falls on the sensor; the numbers of a pixel are
 * not proportional to it, but follow the curve of sRGB (IEC 61966-2-1). 1/256 of the light leaves 12 of 255.
 */
export const LIGHT: readonly HardKind[] = [
  {
    name: 'grey',
    make: async ({ image }) => inPlace(await (await toSharp(image)).greyscale().png().toBuffer(), image),
  },
  ...[4, 8, 16, 64, 256].map((times) => relit(`dark: 1/${times} of the light`, 1 / times, 1)),
  ...[2, 4, 8].map((times) => relit(`overexposed: ${times} times the light`, times, 0)),
  {
    name: 'low contrast: a quarter of it',
    make: async ({ image }) => inPlace(await encode(image, (value) => 128 + (value - 128) / 4), image),
  },
];

/** @param noise standard deviation of what a sensor adds in the dark, of 255 */
function relit(name: string, light: number, noise: number): HardKind {
  const table = Array.from({ length: 256 }, (_, value) => 255 * fromLinear(toLinear(value / 255) * light));
  return {
    name,
    make: async ({ image }, random) =>
      inPlace(await encode(image, (value) => table[value]! + noise * gaussian(random)), image),
  };
}

/** Changes each number of an image; what is out of range is clipped. */
export async function encode(image: RgbImage, change: (value: number) => number): Promise<Uint8Array> {
  const data = new Uint8ClampedArray(image.data.length);
  image.data.forEach((value, i) => {
    data[i] = change(value);
  });
  return (await toSharp({ ...image, data: new Uint8Array(data.buffer) })).png().toBuffer();
}

/** @param value of sRGB, 0 to 1 */
function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The number of sRGB, 0 and up. */
function fromLinear(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
