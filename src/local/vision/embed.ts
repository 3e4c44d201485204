import type { Alignment } from './align.js';
import { type Descriptors, FUSED } from './descriptors.js';
import { describeByDlib } from './embed-dlib.js';
import { describeByFaceres } from './embed-faceres.js';
import { describeByOnnxFile } from './embed-onnx.js';
import type { FacePyramid } from './face-pyramid.js';
import type { Nets } from './inference.js';
import type { PixelBox } from './pixel-box.js';
import type { FaceVector } from './vision.js';

/** A face to describe, in the pixels of its image. */
export interface LocatedFace {
  readonly pyramid: FacePyramid;
  /** The detector's. */
  readonly box: PixelBox;
  readonly alignment: Alignment;
}

/** A face vector, and how far the face's mirror image is from it: a face seen well is nearly its own mirror image. */
export interface Embedding {
  vector: FaceVector;
  /** Euclidean distance between dlib's descriptors of the chip and its mirror image; 0 and up. */
  mirrorDistance?: number;
}

/** Describes a face by the descriptors that were chosen: their numbers one after the other. */
export async function embed(nets: Nets, face: LocatedFace, descriptors: Descriptors): Promise<Embedding> {
  if (typeof descriptors === 'object') return { vector: await describeByOnnxFile(nets, face, descriptors) };
  const dlib = await describeByDlib(nets, face);
  if (descriptors !== FUSED) return dlib;
  const faceres = await describeByFaceres(nets, face);
  const vector = new Float32Array(dlib.vector.length + faceres.length);
  // In profile the chip shows a cheek, and its descriptor somebody else: the zeros stand for a part not seen.
  if (face.alignment.fit) vector.set(dlib.vector);
  vector.set(faceres, dlib.vector.length);
  return { ...dlib, vector };
}
