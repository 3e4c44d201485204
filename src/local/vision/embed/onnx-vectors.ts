import { InvalidArgumentError } from '../../../errors.js';
import { fiveLandmarks } from '../align/five-landmarks.js';
import { fitSimilarity, type SimilarityTransform, squareAroundBox } from '../align/similarity-transform.js';
import type { LocatedFace } from '../detect/locate-faces.js';
import type { Nets } from '../runtime/inference.js';
import type { Embedding } from './embedding.js';
import type { OnnxModel } from './onnx-model.js';
import { lengthOne } from './unit-vector.js';

/** The side of the square around a face without alignment, in ratio to the longer side of its box. */
const MARGIN = 1.2;

/**
 * Describes faces by a net of the caller's own, which takes one at a time.
 *
 * @throws InvalidArgumentError when the net answers another number of numbers than was said
 */
export async function embedByOnnxFile(
  nets: Nets,
  faces: readonly LocatedFace[],
  model: OnnxModel,
): Promise<Embedding[]> {
  const { file, length, metric } = model;
  const { size, layout } = model.input;
  const shape = layout === 'NCHW' ? [1, 3, size, size] : [1, size, size, 3];
  const embeddings: Embedding[] = [];
  for (const face of faces) {
    const patch = face.pyramid.sample(toPatch(face, model), size);
    const vector = await nets.runFile(file, toFloats(patch, model.input), shape);
    if (vector.length !== length)
      throw new InvalidArgumentError('options.model.length', length, `${vector.length}, as the net has it`);
    embeddings.push({ vector: metric === 'cosine' ? lengthOne(vector) : vector });
  }
  return embeddings;
}

function toPatch(
  { alignment, detected }: LocatedFace,
  { alignment: template, input }: OnnxModel,
): SimilarityTransform {
  if (!template || !alignment.fit) return squareAroundBox(detected.box, MARGIN, input.size);
  return fitSimilarity(
    template.map(([x, y]) => ({ x, y })),
    fiveLandmarks(alignment.fit.landmarks),
  );
}

/** Bytes of red, green and blue, pixel by pixel, as the net wants them. */
function toFloats(patch: Uint8Array, { layout, colors, mean, divisor }: OnnxModel['input']): Float32Array {
  const floats = new Float32Array(patch.length);
  const pixels = patch.length / 3;
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < 3; channel++) {
      const byte = patch[pixel * 3 + (colors === 'RGB' ? channel : 2 - channel)]!;
      const at = layout === 'NCHW' ? channel * pixels + pixel : pixel * 3 + channel;
      floats[at] = (byte - mean[channel]!) / divisor;
    }
  return floats;
}
