import type { LocatedFace } from './embed.js';
import type { Nets } from './inference.js';
import { MODELS } from './models.js';
import { squareAroundBox } from './similarity-transform.js';
import { lengthOne } from './unit-vector.js';
import type { FaceVector } from './vision.js';

/** The side of the square around a face, in ratio to the longer side of its box: hair and chin belong to it. */
const MARGIN = 1.2;

/**
 * Describes a face by the faceres net: 1024 numbers from a square around its box, scaled to length 1. It needs no
 * landmarks, so it works in profile too. Averaging with the mirror image, as for dlib's descriptor, gained nothing.
 */
export async function describeByFaceres(nets: Nets, { pyramid, box }: LocatedFace): Promise<FaceVector> {
  const [size] = MODELS.faceres.input;
  const patch = pyramid.sample(squareAroundBox(box, MARGIN, size), size);
  const { descriptor } = await nets.run('faceres', patch);
  return lengthOne(descriptor!);
}
