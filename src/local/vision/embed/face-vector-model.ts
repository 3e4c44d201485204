import { InvalidArgumentError } from '../../../errors.js';
import type { VectorSpace } from '../vision.js';
import { checkOnnxModel, type OnnxModel } from './onnx-model.js';
import {
  FACERES_SCALE,
  MOBILE_FACE_NET_SCALE,
  type SimilarityScale,
  similarityOn,
} from './similarity-scale.js';

/**
 * What face vectors are made by.
 *
 * - `'mobilefacenet-1'`: MobileFaceNet, whose weights are part of this package.
 * - an ONNX file of your own.
 *
 * Collections keep the name of the model that made them. Should a later version of Rekollect have another default,
 * this one can still be named, and opens them.
 */
export type FaceVectorModel = 'mobilefacenet-1' | OnnxModel;

export const MOBILE_FACE_NET = 'mobilefacenet-1';

/** The space of the model for faces in profile, the faceres net of `@vladmandic/human`. */
export const PROFILE_SPACE = space('faceres-1', 1024, 'cosine', FACERES_SCALE);

/** How the vectors of a model are compared. */
export function spaceOf(model: FaceVectorModel): VectorSpace {
  if (model === MOBILE_FACE_NET) return space(model, 192, 'cosine', MOBILE_FACE_NET_SCALE);
  return space(model.version, model.length, model.metric, model.similarity);
}

/** @throws InvalidArgumentError */
export function checkFaceVectorModel(value: unknown): asserts value is FaceVectorModel {
  if (value === MOBILE_FACE_NET) return;
  if (typeof value !== 'object' || value === null)
    throw new InvalidArgumentError(
      'options.model',
      value,
      `'${MOBILE_FACE_NET}' or an ONNX model of your own`,
    );
  checkOnnxModel(value);
}

function space(
  version: string,
  length: number,
  metric: VectorSpace['metric'],
  scale: SimilarityScale,
): VectorSpace {
  return { version, length, metric, similarity: (distance) => similarityOn(scale, distance) };
}
