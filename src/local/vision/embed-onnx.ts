import { InvalidArgumentError } from '../../errors.js';
import type { LocatedFace } from './embed.js';
import type { Nets } from './inference.js';
import { alignmentPoints, type OnnxDescriptor } from './onnx-descriptor.js';
import { fitSimilarity, type SimilarityTransform, squareAroundBox } from './similarity-transform.js';
import { lengthOne } from './unit-vector.js';
import type { FaceVector } from './vision.js';

/** The side of the square around a face without alignment, in ratio to the longer side of its box. */
const MARGIN = 1.2;

/**
 * Describes a face by a net of the caller's own.
 *
 * @throws InvalidArgumentError when the net answers another number of numbers than was said
 */
export async function describeByOnnxFile(
  nets: Nets,
  face: LocatedFace,
  descriptor: OnnxDescriptor,
): Promise<FaceVector> {
  const { size, layout } = descriptor.input;
  const patch = face.pyramid.sample(toPatch(face, descriptor), size);
  const shape = layout === 'NCHW' ? [1, 3, size, size] : [1, size, size, 3];
  const vector = await nets.runFile(descriptor.file, toFloats(patch, descriptor.input), shape);
  if (vector.length !== descriptor.length)
    throw new InvalidArgumentError(
      'options.descriptors.length',
      descriptor.length,
      `${vector.length}, as the net has it`,
    );
  return descriptor.scaleToLengthOne ? lengthOne(vector) : vector;
}

function toPatch({ alignment, box }: LocatedFace, descriptor: OnnxDescriptor): SimilarityTransform {
  const { size } = descriptor.input;
  if (!descriptor.alignment || !alignment.fit) return squareAroundBox(box, MARGIN, size);
  const template = descriptor.alignment.map(([x, y]) => ({ x, y }));
  return fitSimilarity(template, alignmentPoints(alignment.fit.landmarks));
}

/** Bytes of red, green and blue, pixel by pixel, as the net wants them. */
function toFloats(
  patch: Uint8Array,
  { layout, colors, mean, divisor }: OnnxDescriptor['input'],
): Float32Array {
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
