import type { Sharp } from 'sharp';
import { randomNumbers } from '../../src/evaluation/random.js';
import { type Canvas, paint, randomColor } from './canvas.js';
import { drawText } from './lines-of-text.js';
import { drawAbstract, drawLandscape } from './scenes.js';
import { drawGradient, drawNoise, drawTexture } from './surfaces.js';

/** Pictures of one kind, without a face. */
export interface FacelessKind {
  name: string;
  pictures: () => Promise<Uint8Array[]>;
}

/** The sizes of drawn pictures, in pixels, by turns. */
const SIZES = [
  { width: 480, height: 360 },
  { width: 360, height: 480 },
  { width: 900, height: 600 },
  { width: 512, height: 512 },
] as const;

const ODD_SIZES = [
  { width: 1, height: 1 },
  { width: 2, height: 1 },
  { width: 1, height: 500 },
  { width: 16, height: 16 },
  { width: 20000, height: 20 },
  { width: 20, height: 20000 },
  { width: 20000, height: 1 },
  { width: 5000, height: 100 },
] as const;

/** Everything that is drawn; `many` pictures of each kind. */
export function drawings(many: number): FacelessKind[] {
  const inSizes = Array.from({ length: many }, (_, i) => SIZES[i % SIZES.length]!);
  return [
    kind('textures: stripes, checks, bricks, dots, cells, rings', inSizes, drawTexture),
    kind('gradients', inSizes, drawGradient),
    kind('noise, fine to cloudy', inSizes, drawNoise),
    kind('pages of text', inSizes, drawText),
    kind('landscapes with houses and trees', inSizes, drawLandscape),
    kind('abstract paintings: strokes and blots', inSizes, drawAbstract),
    kind('odd sizes of noise: 1 × 1, 20000 × 20, 20 × 20000, …', ODD_SIZES, (canvas) =>
      paint(canvas, () => randomColor(canvas.random)),
    ),
  ];
}

function kind(
  name: string,
  sizes: readonly Omit<Canvas, 'random'>[],
  draw: (canvas: Canvas) => Sharp | Promise<Sharp>,
): FacelessKind {
  return {
    name,
    pictures: () =>
      Promise.all(
        sizes.map(async (size, i) => (await draw({ ...size, random: randomNumbers(i) })).png().toBuffer()),
      ),
  };
}
