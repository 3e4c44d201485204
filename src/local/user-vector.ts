import type { FaceVector } from './vision/vision.js';

/**
 * One vector that stands for all faces of a user: the mean of their raw vectors. It lies nearer to a person's next
 * face than most single faces do, because what is peculiar to one photo averages out.
 *
 * Zeros at the beginning of a vector are a part that was not seen; the mean of that part is made of the other faces.
 *
 * @param vectors one or more, all of one length
 */
export function userVector(vectors: readonly FaceVector[]): FaceVector {
  const length = vectors[0]?.length ?? 0;
  const sums = new Float64Array(length);
  const counts = new Uint32Array(length);
  for (const vector of vectors) {
    let i = 0;
    while (vector[i] === 0) i++;
    for (; i < length; i++) {
      sums[i]! += vector[i]!;
      counts[i]! += 1;
    }
  }
  return Float32Array.from(sums, (sum, i) => sum / Math.max(1, counts[i]!));
}
