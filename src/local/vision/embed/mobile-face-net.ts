import { fiveLandmarks } from '../align/five-landmarks.js';
import { fitSimilarity } from '../align/similarity-transform.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import { mirror } from '../pixels/mirror.js';
import type { Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import type { Embedding } from './embedding.js';
import { cosineOf, lengthOf, lengthOne } from './unit-vector.js';

/**
 * Where the middles of the eyes, the tip of the nose and the corners of the mouth lie in its input, in pixels: where
 * ArcFace's authors put them, and all who train on their aligned photos
 * (`src1` in github.com/deepinsight/insightface, python-package/insightface/utils/face_align.py).
 */
const TEMPLATE = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];

/**
 * Describes faces by MobileFaceNet: 192 numbers, the sum of those of the aligned face and of its mirror image, scaled
 * to length 1.
 */
export async function embedByMobileFaceNet(nets: Nets, faces: readonly LocatedFace[]): Promise<Embedding[]> {
  const [size] = MODELS.faceVector.input;
  const patches = faces.flatMap(({ pyramid, alignment }) => {
    const patch = pyramid.sample(fitSimilarity(TEMPLATE, fiveLandmarks(alignment.fit!.landmarks)), size);
    return [patch, mirror(patch, size)];
  });
  const outputs = await nets.runEach('faceVector', patches);
  return faces.map((_, i) => {
    const straight = outputs[2 * i]!.vector!;
    const mirrored = outputs[2 * i + 1]!.vector!;
    const mean = straight.map((number, n) => (number + mirrored[n]!) / 2);
    return { vector: lengthOne(mean), mirrorCosine: cosineOf(straight, mirrored), norm: lengthOf(mean) };
  });
}
