import { widen } from '../../../images/bounding-box.js';
import type { Alignment } from '../align/align.js';
import { distanceBetween, meanPoint, type Point, scaleOf } from '../align/similarity-transform.js';
import type { PixelBox } from '../pixels/pixel-box.js';

/** Landmarks 17 to 26. */
const BROWS = { from: 17, to: 27 };
const CHIN = 8;
/**
 * From the brows up to where the box begins, in ratio to brows down to chin. In AWS's published answers it is .39
 * and .46 (DetectFaces examples of the CLI and of the API).
 */
const FOREHEAD = 0.43;

/**
 * The box of a face without landmarks: width in ratio to height, as of a face from the front, and room on each side. In
 * profile the detector's box is narrow and cuts off nose and ear, and in a crop of it no face is detected any more. Much
 * more room would make a profile in the background the largest face.
 */
const WIDTH_WITHOUT_LANDMARKS = 0.75;
const ROOM_WITHOUT_LANDMARKS = 0.2;

/**
 * The face from forehead to chin and from ear to ear, upright even when the head is not. May reach past the image.
 *
 * @param detected the detector's box, which it is when there are no landmarks
 */
export function faceBox({ chip, fit }: Alignment, detected: PixelBox): PixelBox {
  if (!fit) return detected;
  const { landmarks } = fit;
  const brows = landmarks.slice(BROWS.from, BROWS.to);
  const browToChin = distanceBetween(meanPoint(brows), landmarks[CHIN]!);
  const rise = (FOREHEAD * browToChin) / scaleOf(chip);
  const forehead = brows.map(({ x, y }) => ({ x: x + chip.b * rise, y: y - chip.a * rise }));
  return boxAround([...landmarks, ...forehead]);
}

/** The box to answer for a face: such that the face is found again in a crop of just that. */
export function boxToAnswer({ fit }: Alignment, box: PixelBox): PixelBox {
  if (fit) return box;
  const width = Math.max(box.width, WIDTH_WITHOUT_LANDMARKS * box.height);
  return widen({ ...box, left: box.left - (width - box.width) / 2, width }, ROOM_WITHOUT_LANDMARKS);
}

/** The smallest box that holds all points. */
export function boxAround(points: readonly Point[]): PixelBox {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}
