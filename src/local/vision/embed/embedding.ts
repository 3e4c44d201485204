import type { FaceVector } from '../vision.js';

/** A face vector, and what its net tells of how good it is. */
export interface Embedding {
  vector: FaceVector;
  /** The cosine of the vectors of the face and of its mirror image: a face seen well is nearly its own mirror image. */
  mirrorCosine?: number;
  /** The vector's length before it was scaled to 1: the less like a face a picture is, the shorter. */
  norm?: number;
}
