import { similarityOfDistance } from './similarity-scale.js';
import type { VectorSpace } from './vision.js';

/** The space of dlib's descriptor, averaged over an aligned face and its mirror image. */
export const DLIB_SPACE: VectorSpace = {
  version: 'dlib-resnet-1',
  parts: [{ name: 'dlib', length: 128, weight: 1 }],
  similarity: similarityOfDistance,
};
