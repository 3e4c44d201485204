import { area } from '../../../images/bounding-box.js';
import type { PixelBox } from '../pixels/pixel-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import { CHIP_SIZE, CHIP_TEMPLATE, stillLandmarks } from './mean-face.js';
import {
  centerOf,
  fitResidual,
  fitSimilarity,
  type Point,
  type SimilarityTransform,
  scaleOf,
  squareAround,
  transformPoint,
  turnOf,
} from './similarity-transform.js';

/** How a face lies in the image. */
export interface Alignment {
  /** From the chip of 150 x 150 pixels, on which the face is upright and of standard size, to the image. */
  chip: SimilarityTransform;
  /** Absent when the landmarks that were found fit no face, as happens in profile; `chip` then goes by the box. */
  fit?: LandmarkFit;
}

export interface LandmarkFit {
  /** The 68 landmarks in pixels of the image: jaw 0 to 16, then brows, nose, eyes, mouth, as in the 300-W set. */
  landmarks: readonly Point[];
  /** Root mean square distance of the still ones from those of an average face, as a ratio of the chip's side. */
  residual: number;
}

/**
 * What fits of real faces look like: the chip's side in ratio to the box (root of its area), and the turn in
 * degrees. Landmarks collapse on a profile and give far smaller and wilder ones.
 */
const PLAUSIBLE = { minSize: 0.7, maxSize: 1.5, maxTurn: 60 };

/** The chip's side in ratio to the root of the box's area, for faces whose landmarks cannot be used: a median of others. */
const CHIP_OF_BOX = 1.1;

/**
 * Finds landmarks in the box of a face, then again, more exactly, on the face turned upright, as the net was trained on
 * upright faces.
 */
export async function alignFace(nets: Nets, pyramid: Pyramid, box: PixelBox): Promise<Alignment> {
  const first = alignTo(await findLandmarks(nets, pyramid, box, 0, true), box);
  const turn = first ? turnOf(first.chip) : 0;
  const second = alignTo(await findLandmarks(nets, pyramid, box, turn, false), box);
  const chip = squareAround(centerOf(box), CHIP_OF_BOX * Math.sqrt(area(box)), 0, CHIP_SIZE);
  return second ?? first ?? { chip };
}

/**
 * The 68 landmarks in a square around a box, in the image's pixels.
 *
 * @param turn of the square, in degrees clockwise
 * @param isMasked blackens what of the square lies outside the box
 */
async function findLandmarks(
  nets: Nets,
  pyramid: Pyramid,
  box: PixelBox,
  turn: number,
  isMasked: boolean,
): Promise<Point[]> {
  const [size] = MODELS.landmarks.input;
  const side = Math.max(box.width, box.height);
  const toImage = squareAround(centerOf(box), side, turn, size);
  const patch = pyramid.sample(toImage, size);
  if (isMasked) blacken(patch, size, { x: box.width / side, y: box.height / side });
  const [outputs] = await nets.runEach('landmarks', [patch]);
  const { points } = outputs!;
  return Array.from({ length: 68 }, (_, i) =>
    transformPoint(toImage, { x: points![i * 2]! * size, y: points![i * 2 + 1]! * size }),
  );
}

/** Blackens what lies outside a centred part of a square patch; `shown` gives the part's size as ratios. */
function blacken(patch: Uint8Array, size: number, shown: { x: number; y: number }): void {
  const left = Math.round((size * (1 - shown.x)) / 2);
  const top = Math.round((size * (1 - shown.y)) / 2);
  for (let row = 0; row < size; row++) {
    const start = row * size * 3;
    if (row < top || row >= size - top) {
      patch.fill(0, start, start + size * 3);
    } else {
      patch.fill(0, start, start + left * 3);
      patch.fill(0, start + (size - left) * 3, start + size * 3);
    }
  }
}

/** Puts a chip on the landmarks; nothing when no face has such landmarks. */
function alignTo(landmarks: readonly Point[], box: PixelBox): Alignment | undefined {
  const still = stillLandmarks(landmarks);
  const chip = fitSimilarity(CHIP_TEMPLATE, still);
  const side = scaleOf(chip) * CHIP_SIZE;
  const size = side / Math.sqrt(area(box));
  const { minSize, maxSize, maxTurn } = PLAUSIBLE;
  if (size < minSize || size > maxSize || Math.abs(turnOf(chip)) > maxTurn) return undefined;
  return { chip, fit: { landmarks, residual: fitResidual(chip, CHIP_TEMPLATE, still) / side } };
}
