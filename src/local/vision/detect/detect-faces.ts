import { area } from '../../../images/bounding-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { type DetectedBox, suppressNonMaxima } from './detected-box.js';
import { type DetectionPass, detectIn } from './detection-pass.js';

/** Weaker boxes are not reported. */
const MIN_SCORE = 0.3;
/** Boxes above this score show faces; weaker ones count only when landmarks of a face are found in them. */
export const SURE_SCORE = 0.8;

/** For small faces, for most, and for those that fill the photo. */
const PASSES: readonly [DetectionPass, ...DetectionPass[]] = [
  { side: 512, border: 0, largest: 320 },
  { side: 256, border: 0, largest: 320 },
  { side: 96, border: 0.25, largest: 320 },
];
/** For the smallest, where a pass hints at some. */
const FINE_PASS: DetectionPass = { side: 1024, border: 0, largest: 64 };
const HINT = { size: 16 / 512, score: 0.1 };

/** Second thoughts, for a photo in which nothing is sure. */
const MORE_PASSES: readonly DetectionPass[] = [
  { side: 384, border: 0.1, largest: 320 },
  { side: 160, border: 0.25, largest: 320 },
  { side: 64, border: 0.5, largest: 320 },
];

/**
 * Everything in an image that may be a face, the best score first, in the image's pixels.
 *
 * @param thorough looks closer for small faces, and takes second thoughts when nothing is sure
 */
export async function detectFaces(nets: Nets, pyramid: Pyramid, thorough = true): Promise<DetectedBox[]> {
  const seen: DetectedBox[] = [];
  for (const pass of PASSES) seen.push(...(await detectIn(nets, pyramid, pass)));
  const { width, height } = pyramid.image;
  const photoSide = Math.sqrt(width * height);
  const hintsAtSmallFaces = ({ box, score }: DetectedBox) =>
    score > HINT.score && Math.sqrt(area(box)) < HINT.size * photoSide;
  if (thorough && photoSide > PASSES[0].side && seen.some(hintsAtSmallFaces))
    seen.push(...(await detectIn(nets, pyramid, FINE_PASS)));
  if (thorough && !seen.some(({ score }) => score > SURE_SCORE))
    for (const pass of MORE_PASSES) seen.push(...(await detectIn(nets, pyramid, pass)));
  return suppressNonMaxima(seen.filter(({ score }) => score > MIN_SCORE));
}
