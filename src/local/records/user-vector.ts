import type { FaceVector, VectorSpace } from '../vision/vision.js';

/**
 * One vector that stands for all faces of a user: the mean of theirs, scaled to length 1 where only directions count.
 * It lies nearer to a person's next face than most single faces do, because what is peculiar to one photo averages out.
 *
 * @param vectors one or more, all of one space
 */
export function userVector(metric: VectorSpace['metric'], vectors: readonly FaceVector[]): FaceVector {
  const sums = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let i = 0; i < sums.length; i++) sums[i]! += vector[i]!;
  // Vectors that cancel each other out have no direction.
  const scale = metric === 'cosine' ? Math.hypot(...sums) || 1 : vectors.length;
  return Float32Array.from(sums, (sum) => sum / scale);
}
