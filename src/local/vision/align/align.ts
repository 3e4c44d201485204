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

/** A face that the detector found. */
export interface FaceToAlign {
  readonly pyramid: Pyramid;
  /** The detector's. */
  readonly box: PixelBox;
}

/**
 * Finds landmarks in the boxes of faces, then again on the faces turned upright: the second look is the sharper one,
 * because the net was trained on upright faces.
 */
export async function alignFaces(nets: Nets, faces: readonly FaceToAlign[]): Promise<Alignment[]> {
  const firstLandmarks = await findLandmarks(
    nets,
    faces.map((face) => ({ ...face, turn: 0, isMasked: true })),
  );
  const first = faces.map(({ box }, i) => alignTo(firstLandmarks[i]!, box));
  const turned = faces.map((face, i) => {
    const { chip } = first[i] ?? {};
    return { ...face, turn: chip ? turnOf(chip) : 0, isMasked: false };
  });
  const secondLandmarks = await findLandmarks(nets, turned);
  return faces.map(({ box }, i) => {
    const chip = squareAround(centerOf(box), CHIP_OF_BOX * Math.sqrt(area(box)), 0, CHIP_SIZE);
    return alignTo(secondLandmarks[i]!, box) ?? first[i] ?? { chip };
  });
}

/** Where to look for landmarks: in a square around the box, turned by so many degrees clockwise. */
interface LandmarkSearch extends FaceToAlign {
  readonly turn: number;
  /** Blackens what of the square lies outside the box. */
  readonly isMasked: boolean;
}

/** The 68 landmarks of each face, in the image's pixels. */
async function findLandmarks(nets: Nets, searches: readonly LandmarkSearch[]): Promise<Point[][]> {
  const [size] = MODELS.landmarks.input;
  const squares = searches.map(({ box, turn }) =>
    squareAround(centerOf(box), Math.max(box.width, box.height), turn, size),
  );
  const patches = searches.map(({ pyramid, box, isMasked }, i) => {
    const patch = pyramid.sample(squares[i]!, size);
    if (isMasked) {
      const side = Math.max(box.width, box.height);
      blacken(patch, size, { x: box.width / side, y: box.height / side });
    }
    return patch;
  });
  const outputs = await nets.runEach('landmarks', patches);
  return outputs.map(({ points }, i) =>
    Array.from({ length: 68 }, (_, n) =>
      transformPoint(squares[i]!, { x: points![n * 2]! * size, y: points![n * 2 + 1]! * size }),
    ),
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
