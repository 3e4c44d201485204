import type { FacePyramid } from './face-pyramid.js';
import type { Nets } from './inference.js';
import { CHIP_SIZE, CHIP_TEMPLATE, stillLandmarks } from './mean-face.js';
import { MODELS } from './models.js';
import { area, type PixelBox } from './pixel-box.js';
import {
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
 * Finds landmarks in the face's box, then again on the face turned upright: the second look is the sharper one,
 * because the net was trained on upright faces.
 */
export async function alignFace(nets: Nets, pyramid: FacePyramid, box: PixelBox): Promise<Alignment> {
  const center = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  const side = Math.max(box.width, box.height);
  const first = alignTo(await findLandmarks(nets, pyramid, center, side, 0, box), box);
  const turn = first ? turnOf(first.chip) : 0;
  const second = alignTo(await findLandmarks(nets, pyramid, center, side, turn), box);
  return second ?? first ?? { chip: squareAround(center, CHIP_OF_BOX * Math.sqrt(area(box)), 0, CHIP_SIZE) };
}

/**
 * The 68 landmarks in a square of the image, in the image's pixels.
 *
 * @param turn of the square, in degrees clockwise
 * @param mask what to show of the square, the rest stays black; everything when left out
 */
async function findLandmarks(
  nets: Nets,
  pyramid: FacePyramid,
  center: Point,
  side: number,
  turn: number,
  mask?: PixelBox,
): Promise<Point[]> {
  const [size] = MODELS.landmarks.input;
  const toImage = squareAround(center, side, turn, size);
  const patch = pyramid.sample(toImage, size);
  if (mask) blacken(patch, size, { x: mask.width / side, y: mask.height / side });
  const { points } = await nets.run('landmarks', patch);
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
