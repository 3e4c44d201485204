import type { FaceVector } from './vision/vision.js';

/**
 * One vector that stands for all faces of a user: the mean of their raw vectors. It lies nearer to a person's next
 * face than most single faces do, because what is peculiar to one photo averages out.
 *
 * @param vectors one or more, all of one length
 */
export function userVector(vectors: readonly FaceVector[]): FaceVector {
  const length = vectors[0]?.length ?? 0;
  const sums = new Float64Array(length);
  for (const vector of vectors) for (let i = 0; i < length; i++) sums[i]! += vector[i]!;
  return Float32Array.from(sums, (sum) => sum / vectors.length);
}
