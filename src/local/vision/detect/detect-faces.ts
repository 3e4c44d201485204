import { area } from '../../../images/bounding-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { type DetectedBox, suppressNonMaxima } from './detected-box.js';
import { type DetectionPass, detectIn } from './detection-pass.js';

/** Weaker boxes are not worth verifying. */
const MIN_SCORE = 0.3;
/** Where no box has more, the detector is unsure of the whole photo. */
const SURE_SCORE = 0.8;
/** As `DetectionPass.largest`. */
const LARGEST = 320;

/** For small faces, for most, and for those that fill the photo. */
const PASSES: readonly [DetectionPass, ...DetectionPass[]] = [
  { side: 512, border: 0, largest: LARGEST },
  { side: 256, border: 0, largest: LARGEST },
  { side: 96, border: 0.25, largest: LARGEST },
];
/** For the smallest faces, where another pass hints at some. Otherwise it would only add parts of larger things. */
const FINE_PASS: DetectionPass = { side: 1024, border: 0, largest: 64 };
/** A faint box is a hint when it is as small as this, in ratio to the side of a square with the photo's area. */
const HINT = { size: 16 / 512, score: 0.1 };

/** For photos in which the detector is unsure: faces that fill them are detected at one size and missed at the next. */
const MORE_PASSES: readonly DetectionPass[] = [
  { side: 384, border: 0.1, largest: LARGEST },
  { side: 160, border: 0.25, largest: LARGEST },
  { side: 64, border: 0.5, largest: LARGEST },
];

/**
 * Everything in a photo that may be a face, the best score first, in the photo's pixels; most faces several times.
 *
 * @param thorough adds passes for the smallest faces where there are hints at some, and where the detector is unsure
 */
export async function detectFaces(nets: Nets, pyramid: Pyramid, thorough = true): Promise<DetectedBox[]> {
  const detected: DetectedBox[] = [];
  const run = async (pass: DetectionPass) => {
    detected.push(...suppressNonMaxima(await detectIn(nets, pyramid, pass)));
  };
  for (const pass of PASSES) await run(pass);
  const { width, height } = pyramid.image;
  const photoSide = Math.sqrt(width * height);
  const hintsAtSmallFaces = ({ box, score }: DetectedBox) =>
    score > HINT.score && Math.sqrt(area(box)) < HINT.size * photoSide;
  if (thorough && photoSide > PASSES[0].side && detected.some(hintsAtSmallFaces)) await run(FINE_PASS);
  if (thorough && !detected.some(({ score }) => score > SURE_SCORE))
    for (const pass of MORE_PASSES) await run(pass);
  return detected.filter(({ score }) => score > MIN_SCORE).sort((a, b) => b.score - a.score);
}
