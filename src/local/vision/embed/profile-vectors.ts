import { squareAroundBox } from '../align/similarity-transform.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import type { Nets } from '../runtime/inference.js';
import { MODELS } from '../runtime/models.js';
import type { FaceVector } from '../vision.js';
import { lengthOne } from './unit-vector.js';

/** The side of the square around a face, in ratio to the longer side of its box: hair and chin belong to it. */
const MARGIN = 1.2;

/**
 * Describes faces by the faceres net: 1024 numbers from a square around the box, scaled to length 1. It needs no
 * landmarks, so it works in profile too. Averaging with the mirror image gained nothing.
 */
export async function embedProfiles(nets: Nets, faces: readonly LocatedFace[]): Promise<FaceVector[]> {
  const [size] = MODELS.faceres.input;
  const patches = faces.map(({ pyramid, detected }) =>
    pyramid.sample(squareAroundBox(detected.box, MARGIN, size), size),
  );
  const outputs = await nets.runEach('faceres', patches);
  return outputs.map(({ descriptor }) => lengthOne(descriptor!));
}
