import type { Reason } from '@aws-sdk/client-rekognition';
import { LIMITS } from '../../limits.js';
import type { QualityFilter } from '../../types.js';
import { spacesOf, VIEWS, vectorsOf } from '../search/face-vectors.js';
import type { AnalyzedFace, FaceVector, VectorSpace, Vision, VisionRequest } from '../vision/vision.js';
import { qualityReasons } from './quality-filter.js';
import { refusalOf } from './request-image.js';

/** How far from 1 lengths may be: far more than single precision brings about, and too little to matter. */
const LENGTH_TOLERANCE = 1e-3;

/** A face that was seen and not used. */
export interface SetAside {
  readonly face: AnalyzedFace;
  readonly reasons: readonly Reason[];
}

/** The faces of an image, each list with the largest first. */
export interface DescribedFaces {
  /** With their vectors, as far as they have any. */
  readonly described: readonly AnalyzedFace[];
  readonly setAside: readonly SetAside[];
}

/** Which faces of an image to describe. */
export interface DescriptionRequest {
  readonly filter: QualityFilter;
  /** No more than these: the largest of those that pass the filter. */
  readonly maxFaces: number;
  readonly vectors: 'to-search' | 'to-keep';
  /** Set faces aside that have no vector: those in profile, where no model knows profiles. @default false */
  readonly mustBeRecognisable?: boolean;
  /** @default false */
  readonly attributes?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The faces of an image that pass a quality filter, with their vectors, and why the others were set aside. */
export async function describeFaces(
  vision: Vision,
  image: Uint8Array,
  { filter, maxFaces, vectors, mustBeRecognisable = false, attributes = false, signal }: DescriptionRequest,
): Promise<DescribedFaces> {
  const describe = async (most: number): Promise<DescribedFaces & { isComplete: boolean }> => {
    const faces = await seeFaces(vision, image, { vectors, attributes, maxFaces: most, signal });
    const described: AnalyzedFace[] = [];
    const setAside: SetAside[] = [];
    let isComplete = true;
    for (const [rank, face] of faces.entries()) {
      const isDescribed = rank < most;
      const reasons = qualityReasons(face, filter);
      if (reasons.length === 0 && mustBeRecognisable && isDescribed && !isRecognisable(face))
        reasons.push('EXTREME_POSE');
      if (reasons.length === 0 && described.length === maxFaces) reasons.push('EXCEEDS_MAX_FACES');
      if (reasons.length > 0) setAside.push({ face, reasons });
      else {
        described.push(face);
        isComplete &&= isDescribed;
      }
    }
    return { described, setAside, isComplete };
  };

  // Most often the largest faces pass. When one does not, a smaller one takes its place, which has no vector yet.
  const first = await describe(maxFaces);
  const { described, setAside } = first.isComplete ? first : await describe(LIMITS.facesPerImage);
  for (const face of described) checkVectors(vision, face);
  return { described, setAside };
}

/**
 * The faces of an image that the service would look at: the 100 largest.
 *
 * @throws InvalidImageFormatException, ImageTooLargeException when the image cannot be decoded
 */
export async function seeFaces(
  vision: Vision,
  image: Uint8Array,
  request: VisionRequest,
): Promise<AnalyzedFace[]> {
  try {
    const faces = await vision.analyze(image, request);
    request.signal?.throwIfAborted();
    return faces.slice(0, LIMITS.facesPerImage);
  } catch (error) {
    throw refusalOf(error);
  }
}

function isRecognisable(face: AnalyzedFace): boolean {
  return face.vector !== undefined || face.profileVector !== undefined;
}

/** A vector that is no good is found out before it is stored, where it would spoil searches and user vectors. */
function checkVectors(vision: Vision, face: AnalyzedFace): void {
  const spaces = spacesOf(vision);
  const vectors = vectorsOf(face);
  for (const view of VIEWS) {
    const vector = vectors[view];
    if (vector && !isOf(spaces[view], vector))
      throw new TypeError(
        'A Vision has to describe faces by finite numbers, as many as its space says, of length 1 where cosines count.',
      );
  }
}

function isOf(space: VectorSpace | undefined, vector: FaceVector): boolean {
  if (vector.length !== space?.length || !vector.every(Number.isFinite)) return false;
  return space.metric !== 'cosine' || Math.abs(Math.hypot(...vector) - 1) < LENGTH_TOLERANCE;
}
