import type { VectorSpace } from './vision/vision.js';

/** Similarities are compared in single precision, which moves them by less than this. */
const ROUNDING = 1e-4;

/** Nothing is farther away than this and still counts; spaces that say otherwise have no limit. */
const FARTHEST = 2 ** 20;

/**
 * A distance beyond which nothing is as similar as `threshold`; little more than the least such distance.
 *
 * @param faces as `VectorSpace.similarity` takes it
 * @returns ∞ when similarity never falls so low
 */
export function farthestAlike(space: VectorSpace, threshold: number, faces: number): number {
  const isAlike = (distance: number) => space.similarity(distance, faces) >= threshold - ROUNDING;
  let beyond = 1;
  while (isAlike(beyond)) {
    if (beyond > FARTHEST) return Number.POSITIVE_INFINITY;
    beyond *= 2;
  }
  let alike = 0;
  for (let step = 0; step < 40; step++) {
    const middle = (alike + beyond) / 2;
    if (isAlike(middle)) alike = middle;
    else beyond = middle;
  }
  return beyond;
}
