import { area, intersection } from '../../../images/bounding-box.js';
import type { RgbImage } from '../../../images/decode.js';
import { type Alignment, alignFace } from '../align/align.js';
import { centerOf, squareAround } from '../align/similarity-transform.js';
import { laplacianVariance } from '../pixels/laplacian-variance.js';
import type { PixelBox } from '../pixels/pixel-box.js';
import { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { detectFaces } from './detect-faces.js';
import { type DetectedBox, isSameFace } from './detected-box.js';
import { faceBox } from './face-box.js';
import { refineBox, verifyFace } from './refine-detection.js';
import { type QuarterTurns, turnImage } from './turned-photo.js';

/** A face in an image, in pixels. */
export interface LocatedFace {
  readonly pyramid: Pyramid;
  readonly detected: DetectedBox;
  readonly alignment: Alignment;
  /** From forehead to chin and ear to ear where there are landmarks, else the detector's box. */
  readonly box: PixelBox;
}

/** The faces of a photo, turned so that they are upright. */
export interface LocatedFaces {
  image: RgbImage;
  /** How the image was turned to be this one. */
  turns: QuarterTurns;
  found: LocatedFace[];
}

/** Above this the detector has little doubt that there is a face. */
const SURE_SCORE = 0.8;
/** Of faces that lie on their side or stand on their head most have a higher residual, or no landmarks at all. */
const MAX_UPRIGHT_RESIDUAL = 0.045;
/** A face that lies upright for certain has a lower residual, or the detector has next to no doubt about it. */
const SURELY_UPRIGHT = [
  { score: SURE_SCORE, residual: 0.025 },
  { score: 0.95, residual: MAX_UPRIGHT_RESIDUAL },
];

/** Pixels of a side at which texture is measured: coarse, so that small and blurred faces show their eyes too. */
const TEXTURE_SIZE = 32;
/**
 * Variance of the Laplacian below which a box shows no face: the detector takes smooth gradients, of less than 1, for
 * faces. Faces blurred by 15 pixels still have 19, and others from 100 to several thousand.
 */
const MIN_TEXTURE = 4;
/** Nothing is a face of which less than this share lies inside the photo. */
const MIN_INSIDE = 0.5;

/** What a face scores at least when it is shown alone. Of 225 faces of people none had less than .82. */
const MIN_SCORE = 0.6;

/**
 * The faces of a photo. Cameras do not always say how they were held: where no face is surely upright, the photo is
 * turned too, and the turn that shows faces best is taken (`bench/hard-faces.ts` counts what that brings back).
 */
export async function locateFaces(nets: Nets, image: RgbImage): Promise<LocatedFaces> {
  const upright = { image, turns: 0 as QuarterTurns, found: await locateIn(nets, image, true) };
  if (upright.found.some(isSurelyUpright)) return upright;
  let best: LocatedFaces = upright;
  for (const turns of [1, 2, 3] as const) {
    const turned = await turnImage(image, turns);
    const found = await locateIn(nets, turned, false);
    const isBetter =
      uprightness(found) > uprightness(best.found) && bestScore(found) > bestScore(upright.found);
    if (isBetter) best = { image: turned, turns, found };
  }
  return best === upright ? upright : { ...best, found: await locateIn(nets, best.image, true) };
}

/** @param thorough as `detectFaces` takes it */
async function locateIn(nets: Nets, image: RgbImage, thorough: boolean): Promise<LocatedFace[]> {
  const pyramid = new Pyramid(image);
  const located: LocatedFace[] = [];
  const isKnown = (box: PixelBox) => located.some(({ detected }) => isSameFace(detected.box, box));
  // The best come first. What turns out to be no face keeps no other box from being one: in a photo that was enlarged,
  // an ear may score more than the face that it belongs to.
  for (const detected of await detectFaces(nets, pyramid, thorough)) {
    if (isKnown(detected.box) || !isMostlyInside(detected.box, image)) continue;
    if (textureOf(pyramid, detected.box) < MIN_TEXTURE) continue;
    const box = await refineBox(nets, pyramid, detected.box);
    if (isKnown(box)) continue;
    const alignment = await alignFace(nets, pyramid, box);
    const score = await verifyFace(nets, pyramid, box, alignment);
    if (score > MIN_SCORE)
      located.push({ detected: { box, score }, pyramid, alignment, box: faceBox(alignment, box) });
  }
  return located;
}

function isMostlyInside(box: PixelBox, { width, height }: RgbImage): boolean {
  return area(intersection(box, { left: 0, top: 0, width, height })) > MIN_INSIDE * area(box);
}

/** In the largest square in the middle of what lies inside the image. */
function textureOf(pyramid: Pyramid, box: PixelBox): number {
  const { width, height } = pyramid.image;
  const inside = intersection(box, { left: 0, top: 0, width, height });
  const square = squareAround(centerOf(inside), Math.min(inside.width, inside.height), 0, TEXTURE_SIZE);
  return laplacianVariance(pyramid.sample(square, TEXTURE_SIZE), TEXTURE_SIZE);
}

function isSurelyUpright({ detected, alignment: { fit } }: LocatedFace): boolean {
  return (
    fit !== undefined &&
    SURELY_UPRIGHT.some(({ score, residual }) => detected.score > score && fit.residual < residual)
  );
}

/** How many faces are upright, and how surely: the better their landmarks fit, the more. */
function uprightness(found: readonly LocatedFace[]): number {
  const sure = found.filter(({ detected }) => detected.score > SURE_SCORE);
  return sure.reduce(
    (sum, { alignment: { fit } }) => sum + (fit ? Math.max(0, MAX_UPRIGHT_RESIDUAL - fit.residual) : 0),
    0,
  );
}

function bestScore(found: readonly LocatedFace[]): number {
  return Math.max(0, ...found.map(({ detected }) => detected.score));
}
