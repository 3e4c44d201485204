import { toSharp } from '../../src/images/decode.js';
import { gaussian } from './gaussian.js';
import { encode } from './light.js';
import { type HardKind, inPlace } from './variant.js';

/** Pictures that lost what they showed. */
export const DAMAGE: readonly HardKind[] = [
  {
    name: 'JPEG of quality 10',
    make: async ({ image }) => inPlace(await (await toSharp(image)).jpeg({ quality: 10 }).toBuffer(), image),
  },
  ...[2, 4].map(blurred),
  ...[15, 40].map(noisy),
];

/** @param percent of the face's width: the standard deviation of the blur */
function blurred(percent: number): HardKind {
  return {
    name: `blurred by ${percent} % of the face's width`,
    async make({ image, boxes: [face] }) {
      // sharp takes no weaker blur than .3 pixels.
      const sigma = Math.max(0.3, (percent / 100) * face!.width);
      return inPlace(await (await toSharp(image)).blur(sigma).png().toBuffer(), image);
    },
  };
}

/** @param deviation standard deviation of each colour, of 255 */
function noisy(deviation: number): HardKind {
  return {
    name: `noisy: ${deviation} of 255`,
    make: async ({ image }, random) =>
      inPlace(await encode(image, (value) => value + deviation * gaussian(random)), image),
  };
}
