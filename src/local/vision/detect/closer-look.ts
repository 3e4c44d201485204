import { intersectionOverUnion } from '../../../images/bounding-box.js';
import type { Alignment } from '../align/align.js';
import { centerOf, squareAround, turnOf } from '../align/similarity-transform.js';
import { type PixelBox, scaleBox } from '../pixels/pixel-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import type { DetectedBox } from './detected-box.js';
import { detectAsShown } from './detection-pass.js';

/** Pixels that the longer side of a face's box has when it is shown alone: to draw the box anew, and to verify it. */
const REFINED_SIDE = 40;
const VERIFIED_SIDES = [32, 40, 64];
/** The side of the square around the face that is shown, in ratio to the box's. */
const SURROUNDINGS = 2.5;
/** A box that overlaps the face less than this shows something else, intersection over union. */
const MIN_OVERLAP = 0.35;

/**
 * The box of a face as the detector draws it when it is shown nothing but the face, in the size that it is best at:
 * passes over the whole photo may miss by half a face. The box as it is where nothing is seen.
 */
export async function refineBox(nets: Nets, pyramid: Pyramid, box: PixelBox): Promise<PixelBox> {
  const [best] = (await lookAt(nets, pyramid, box, 0, REFINED_SIDE)).sort((a, b) => b.score - a.score);
  return best?.box ?? box;
}

/**
 * How sure the detector is of a face when it is shown nothing but the face, upright and at several sizes: 0 to 1, the
 * mean of what it says. What looks like a face at one size only is none.
 */
export async function verifyFace(
  nets: Nets,
  pyramid: Pyramid,
  box: PixelBox,
  { chip, fit }: Alignment,
): Promise<number> {
  const turn = fit ? turnOf(chip) : 0;
  let sum = 0;
  for (const side of VERIFIED_SIDES) {
    const seen = await lookAt(nets, pyramid, box, turn, side);
    sum += Math.max(0, ...seen.map(({ score }) => score));
  }
  return sum / VERIFIED_SIDES.length;
}

/**
 * What the detector sees at the place of a face in its surroundings alone.
 *
 * @param turn of what it is shown, in degrees clockwise
 * @param faceSide pixels that the longer side of the box has then
 * @returns boxes in the image's pixels; exact only without a turn
 */
async function lookAt(
  nets: Nets,
  pyramid: Pyramid,
  box: PixelBox,
  turn: number,
  faceSide: number,
): Promise<DetectedBox[]> {
  const side = Math.round(SURROUNDINGS * faceSide);
  const scale = Math.max(box.width, box.height) / faceSide;
  const center = centerOf(box);
  const data = pyramid.sample(squareAround(center, side * scale, turn, side), side);
  const seen = await detectAsShown(nets, { data, width: side, height: side });
  return seen
    .map(({ box: inPatch, score }) => {
      const { left, top, ...size } = scaleBox(inPatch, scale);
      const corner = (side * scale) / 2;
      return { box: { ...size, left: left + center.x - corner, top: top + center.y - corner }, score };
    })
    .filter((other) => intersectionOverUnion(other.box, box) > MIN_OVERLAP);
}
