import { intersectionOverUnion } from '../../../images/bounding-box.js';
import { centerOf, squareAround } from '../align/similarity-transform.js';
import type { FacePyramid } from '../pixels/face-pyramid.js';
import type { PixelBox } from '../pixels/pixel-box.js';
import type { Nets } from '../runtime/inference.js';
import type { DetectedBox } from './detected-box.js';
import { detectIn } from './detection-pass.js';

/** Pixels that the longer side of the box has in each look. */
const FACE_SIDES = [24, 40, 64, 96];
/** The side of the square around the face that is shown, in ratio to the box's. */
const SURROUNDINGS = 2.5;
/** A box of a look that overlaps the face less than this shows something else, intersection over union. */
const MIN_OVERLAP = 0.35;

/**
 * How sure the detector is of a face when it is shown nothing but the face, at several sizes: 0 to 1, the mean of what
 * it says. What looks like a face at one size only is none.
 */
export async function verifyFace(nets: Nets, pyramid: FacePyramid, { box }: DetectedBox): Promise<number> {
  let sum = 0;
  for (const faceSide of FACE_SIDES) {
    const side = Math.round(SURROUNDINGS * faceSide);
    const scale = faceSide / Math.max(box.width, box.height);
    const data = pyramid.sample(squareAround(centerOf(box), side / scale, 0, side), side);
    const seen = await detectIn(
      nets,
      { data, width: side, height: side },
      { side, border: 0, largest: side },
    );
    const place: PixelBox = {
      left: (side - box.width * scale) / 2,
      top: (side - box.height * scale) / 2,
      width: box.width * scale,
      height: box.height * scale,
    };
    const scores = seen
      .filter((other) => intersectionOverUnion(other.box, place) > MIN_OVERLAP)
      .map(({ score }) => score);
    sum += Math.max(0, ...scores);
  }
  return sum / FACE_SIDES.length;
}
