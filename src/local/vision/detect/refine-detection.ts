import { intersectionOverUnion } from '../../../images/bounding-box.js';
import type { Alignment } from '../align/align.js';
import { centerOf, squareAround, turnOf } from '../align/similarity-transform.js';
import { type PixelBox, scaleBox } from '../pixels/pixel-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import type { DetectedBox } from './detected-box.js';
import { detectInImage } from './detection-pass.js';

/** Pixels of the longer side of a face's box in the detector's input: to refine the box, and to verify the face. */
const REFINED_SIDE = 40;
const VERIFIED_SIDES = [32, 40, 64];
/** The side of the square around a face that is the detector's input, in ratio to the box's longer side. */
const SURROUNDINGS = 2.5;
/** Boxes that overlap the face less than this, as intersection over union, are of something else. */
const MIN_OVERLAP = 0.35;

/**
 * Detects a face again in its surroundings alone, at the size that the detector is best at: boxes of passes over the
 * whole photo may be off by half a face.
 *
 * @returns the box as it was where the detector finds none this time
 */
export async function refineBox(nets: Nets, pyramid: Pyramid, box: PixelBox): Promise<PixelBox> {
  const [best] = (await detectAround(nets, pyramid, box, 0, REFINED_SIDE)).sort((a, b) => b.score - a.score);
  return best?.box ?? box;
}

/**
 * The mean score, 0 to 1, of a face that is detected in its surroundings alone, upright and at several sizes: false
 * detections have a high score at one size only.
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
    const detected = await detectAround(nets, pyramid, box, turn, side);
    sum += Math.max(0, ...detected.map(({ score }) => score));
  }
  return sum / VERIFIED_SIDES.length;
}

/**
 * Detects in a square around a box what overlaps it.
 *
 * @param turn of the square, in degrees clockwise
 * @param faceSide pixels that the longer side of the box has in the detector's input
 * @returns boxes in the image's pixels; exact only without a turn
 */
async function detectAround(
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
  const detected = await detectInImage(nets, { data, width: side, height: side });
  return detected
    .map(({ box: inPatch, score }) => {
      const { left, top, ...size } = scaleBox(inPatch, scale);
      const corner = (side * scale) / 2;
      return { box: { ...size, left: left + center.x - corner, top: top + center.y - corner }, score };
    })
    .filter((other) => intersectionOverUnion(other.box, box) > MIN_OVERLAP);
}
