import { InvalidArgumentError } from '../../errors.js';
import { checkOnnxDescriptor, type OnnxDescriptor } from './onnx-descriptor.js';
import { DLIB_SCALE, FUSED_SCALE, type SimilarityScale, similarityOn } from './similarity-scale.js';
import type { VectorSpace } from './vision.js';

/**
 * What face vectors are made by.
 *
 * - `'dlib+faceres'`: dlib's descriptor and the faceres net of `@vladmandic/human` together. The most accurate, and
 *   the only one of the two that knows people in profile.
 * - `'dlib'`: dlib's descriptor alone. Public domain, a ninth of the numbers, and quicker; needs no
 *   `@vladmandic/human`.
 * - an ONNX file of your own.
 */
export type Descriptors = 'dlib+faceres' | 'dlib' | OnnxDescriptor;

export const FUSED = 'dlib+faceres';

const DLIB = { name: 'dlib', length: 128, weight: 1 } as const;
/**
 * Any weight from .4 to .6 tells people apart equally well. In profile there is no dlib part, and faceres alone counts
 * as much more as the distances lie lower at which one stranger in a hundred or in a thousand passes.
 */
const FACERES = { name: 'faceres', length: 1024, weight: 0.5, weightAlone: 1.15 } as const;

/** How the vectors of some descriptors are compared. */
export function spaceOf(descriptors: Descriptors): VectorSpace {
  if (descriptors === FUSED) return space('dlib-resnet-1+faceres-1', [DLIB, FACERES], FUSED_SCALE);
  if (descriptors === 'dlib') return space('dlib-resnet-1', [DLIB], DLIB_SCALE);
  const { version, length, similarity } = descriptors;
  return space(version, [{ name: 'onnx', length, weight: 1 }], { knots: similarity, stretch: [] });
}

/** @throws InvalidArgumentError */
export function checkDescriptors(value: unknown): asserts value is Descriptors {
  if (value === FUSED || value === 'dlib') return;
  if (typeof value !== 'object' || value === null)
    throw new InvalidArgumentError('options.descriptors', value, `'${FUSED}', 'dlib' or an ONNX descriptor`);
  checkOnnxDescriptor(value);
}

function space(version: string, parts: VectorSpace['parts'], scale: SimilarityScale): VectorSpace {
  return { version, parts, similarity: (distance, faces) => similarityOn(scale, distance, faces) };
}
