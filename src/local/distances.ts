import type { FaceVector, VectorSpace } from './vision/vision.js';

/**
 * The distance of two vectors of a space: `Σ weight · ‖a − b‖` over its parts, or over those after the first by their
 * `weightAlone` where the first is missing in one of the two.
 */
export function distance(parts: VectorSpace['parts'], a: FaceVector, b: FaceVector): number {
  return distancesToRows(parts, a, b, 1)[0]!;
}

/**
 * The distances from one vector to many.
 *
 * @param vector as many numbers as the parts have together
 * @param numbers that many numbers for each row, row after row
 * @param rows how many rows to measure, 0 and up
 * @returns one distance for each row
 */
export function distancesToRows(
  parts: VectorSpace['parts'],
  vector: FaceVector,
  numbers: Float32Array,
  rows: number,
): Float64Array {
  const distances = new Float64Array(rows);
  let start = 0;
  for (const { length, weight } of parts) {
    addEuclidean(distances, vector.subarray(start, start + length), numbers, vector.length, start, weight);
    start += length;
  }
  if (!mayLackFirst(parts)) return distances;
  const isQueryWithout = lacksFirst(parts, vector, 0);
  for (let row = 0; row < rows; row++)
    if (isQueryWithout || lacksFirst(parts, numbers, row * vector.length))
      distances[row] = distanceWithoutFirst(parts, vector, numbers, row * vector.length);
  return distances;
}

/** Whether vectors of a space may be without its first part. */
export function mayLackFirst(parts: VectorSpace['parts']): boolean {
  return parts.some(({ weightAlone }) => weightAlone !== undefined);
}

/** Whether the vector that starts at `start` is without its first part: all of that is 0, as no net makes it. */
export function lacksFirst(
  parts: readonly { length: number }[],
  numbers: Float32Array,
  start: number,
): boolean {
  const end = start + (parts[0]?.length ?? 0);
  for (let at = start; at < end; at++) if (numbers[at] !== 0) return false;
  return true;
}

function distanceWithoutFirst(
  parts: VectorSpace['parts'],
  vector: Float32Array,
  numbers: Float32Array,
  rowStart: number,
): number {
  let distance = 0;
  let start = parts[0]?.length ?? 0;
  for (const { length, weightAlone = 0 } of parts.slice(1)) {
    let squares = 0;
    for (let i = start; i < start + length; i++) squares += (vector[i]! - numbers[rowStart + i]!) ** 2;
    distance += weightAlone * Math.sqrt(squares);
    start += length;
  }
  return distance;
}

/**
 * One part of all rows. This loop is where a search spends its time: four sums side by side do not wait for each
 * other, and all that it touches is at hand.
 */
function addEuclidean(
  distances: Float64Array,
  part: Float32Array,
  numbers: Float32Array,
  rowLength: number,
  start: number,
  weight: number,
): void {
  const length = part.length;
  const inFours = length - (length % 4);
  for (let row = 0, at = start; row < distances.length; row++, at += rowLength) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let i = 0; i < inFours; i += 4) {
      const d0 = part[i]! - numbers[at + i]!;
      const d1 = part[i + 1]! - numbers[at + i + 1]!;
      const d2 = part[i + 2]! - numbers[at + i + 2]!;
      const d3 = part[i + 3]! - numbers[at + i + 3]!;
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
    }
    for (let i = inFours; i < length; i++) {
      const d = part[i]! - numbers[at + i]!;
      sum0 += d * d;
    }
    distances[row]! += weight * Math.sqrt(sum0 + sum1 + (sum2 + sum3));
  }
}
