import type { Reason } from '@aws-sdk/client-rekognition';
import { UnreadableImageError } from '../errors.js';
import { LIMITS } from '../service/limits.js';
import type { QualityFilter } from '../types.js';
import { qualityReasons } from './quality-filter.js';
import { refusal } from './refusals.js';
import { invalidFormat } from './request-image.js';
import type { FaceVector, SeenFace, Vision, VisionRequest } from './vision/vision.js';

/** A face with the vector that describes it. */
export type DescribedFace = SeenFace & { vector: FaceVector };

/** A face that was seen and not used. */
export interface SetAside {
  readonly face: SeenFace;
  readonly reasons: readonly Reason[];
}

/** The faces of an image, each list with the largest first. */
export interface DescribedFaces {
  readonly described: readonly DescribedFace[];
  readonly setAside: readonly SetAside[];
}

/** Which faces of an image to describe. */
export interface DescriptionRequest {
  readonly filter: QualityFilter;
  /** No more than these: the largest of those that pass the filter. */
  readonly maxFaces: number;
  readonly attributes?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The faces of an image that pass a quality filter, with their vectors, and why the others were set aside. */
export async function describeFaces(
  vision: Vision,
  image: Uint8Array,
  { filter, maxFaces, attributes = false, signal }: DescriptionRequest,
): Promise<DescribedFaces> {
  const look = (most: number) =>
    seeFaces(vision, image, { vectors: true, attributes, maxFaces: most, signal });

  // Most often the largest faces pass. When one does not, a smaller one takes its place, which has no vector yet.
  const first = choose(await look(maxFaces), filter, maxFaces);
  const { chosen, setAside } = first.chosen.every(hasVector)
    ? first
    : choose(await look(LIMITS.facesPerImage), filter, maxFaces);
  const length = vision.space.parts.reduce((sum, part) => sum + part.length, 0);
  return { described: chosen.map((face) => withVector(face, length)), setAside };
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
): Promise<SeenFace[]> {
  try {
    const faces = await vision.analyze(image, request);
    request.signal?.throwIfAborted();
    return faces.slice(0, LIMITS.facesPerImage);
  } catch (error) {
    if (!(error instanceof UnreadableImageError)) throw error;
    if (error.problem === 'TOO_MANY_PIXELS')
      throw refusal('ImageTooLargeException', 'Image size is too large.', error);
    throw invalidFormat(error);
  }
}

function choose(faces: readonly SeenFace[], filter: QualityFilter, maxFaces: number) {
  const chosen: SeenFace[] = [];
  const setAside: SetAside[] = [];
  for (const face of faces) {
    const reasons = qualityReasons(face, filter);
    if (reasons.length > 0) setAside.push({ face, reasons });
    else if (chosen.length < maxFaces) chosen.push(face);
    else setAside.push({ face, reasons: ['EXCEEDS_MAX_FACES'] });
  }
  return { chosen, setAside };
}

function hasVector(face: SeenFace): face is DescribedFace {
  return face.vector !== undefined;
}

/** A vector that is no good is found out before it is stored, where it would spoil searches and user vectors. */
function withVector(face: SeenFace, length: number): DescribedFace {
  if (hasVector(face) && face.vector.length === length && face.vector.every(Number.isFinite)) return face;
  throw new TypeError(`A Vision has to describe each face by ${length} numbers, as its space says.`);
}
