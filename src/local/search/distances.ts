import type { FaceVector, VectorSpace } from '../vision/vision.js';

type Metric = VectorSpace['metric'];

/**
 * The distance of two vectors of a space, 0 and up. `1 − cosine` of vectors of length 1 is half the square of their
 * Euclidean distance, which keeps its digits where two of them are next to the same.
 */
export function distance(metric: Metric, a: FaceVector, b: FaceVector): number {
  // Four sums side by side do not wait for each other.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const inFours = a.length - (a.length % 4);
  for (let i = 0; i < inFours; i += 4) {
    const d0 = a[i]! - b[i]!;
    const d1 = a[i + 1]! - b[i + 1]!;
    const d2 = a[i + 2]! - b[i + 2]!;
    const d3 = a[i + 3]! - b[i + 3]!;
    sum0 += d0 * d0;
    sum1 += d1 * d1;
    sum2 += d2 * d2;
    sum3 += d3 * d3;
  }
  for (let i = inFours; i < a.length; i++) sum0 += (a[i]! - b[i]!) ** 2;
  return distanceOfSquare(metric, sum0 + sum1 + (sum2 + sum3));
}

/** What is measured in a space where the square of the Euclidean distance is this much. Grows with it. */
export function distanceOfSquare(metric: Metric, square: number): number {
  return metric === 'cosine' ? square / 2 : Math.sqrt(square);
}
