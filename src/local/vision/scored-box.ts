import type { PixelBox } from './pixel-box.js';

/** A box that the detector drew, and how sure it is that it shows a face, 0 to 1. */
export interface ScoredBox {
  box: PixelBox;
  score: number;
}

/** Of boxes that show the same, keeps the one with the best score; the best first. */
export function keepBest<Box extends ScoredBox>(
  boxes: readonly Box[],
  isSame: (a: PixelBox, b: PixelBox) => boolean,
): Box[] {
  const kept: Box[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => isSame(box, candidate.box))) kept.push(candidate);
  return kept;
}
