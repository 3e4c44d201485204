import { containment, intersectionOverUnion } from '../../../images/bounding-box.js';
import type { PixelBox } from '../pixels/pixel-box.js';

/** A box that the detector drew, and how sure it is that it shows a face, 0 to 1. */
export interface DetectedBox {
  readonly box: PixelBox;
  readonly score: number;
}

/** How alike two boxes may be before they count as one face: one of two faces often lies half behind the other. */
const SAME = { intersectionOverUnion: 0.35, containment: 0.55 };

/** Whether two boxes show one face. */
export function isSameFace(a: PixelBox, b: PixelBox): boolean {
  return intersectionOverUnion(a, b) > SAME.intersectionOverUnion || containment(a, b) > SAME.containment;
}

/** Non-maximum suppression: of boxes that show one face, keeps the one with the best score. The best come first. */
export function suppressNonMaxima(boxes: readonly DetectedBox[]): DetectedBox[] {
  const kept: DetectedBox[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => isSameFace(box, candidate.box))) kept.push(candidate);
  return kept;
}
