import type { LocatedFace } from '../detect/locate-faces.js';
import type { Nets } from '../runtime/inference.js';
import type { Embedding } from './embedding.js';
import { type FaceVectorModel, MOBILE_FACE_NET } from './face-vector-model.js';
import { embedByMobileFaceNet } from './mobile-face-net.js';
import { embedByOnnxFile } from './onnx-vectors.js';

/** Whether a model can describe a face: most need to know where eyes, nose and mouth are, which is unknown in profile. */
export function canEmbed({ alignment }: LocatedFace, model: FaceVectorModel): boolean {
  const isAligned = model === MOBILE_FACE_NET || model.alignment !== undefined;
  return alignment.fit !== undefined || !isAligned;
}

/** Describes faces by the model that was chosen; all of them have to be such as it can describe. */
export function embed(
  nets: Nets,
  faces: readonly LocatedFace[],
  model: FaceVectorModel,
): Promise<Embedding[]> {
  return model === MOBILE_FACE_NET ? embedByMobileFaceNet(nets, faces) : embedByOnnxFile(nets, faces, model);
}
