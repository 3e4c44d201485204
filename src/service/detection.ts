import {
  CompareFacesCommand,
  type CompareFacesCommandOutput,
  DetectFacesCommand,
} from '@aws-sdk/client-rekognition';
import type { SendableImage } from '../sendable-image.js';
import type { DetectedFace, FaceAttribute, QualityFilter } from '../types.js';
import { type CommandClient, isServiceError, send } from './client.js';
import { because, type Rejection } from './reasons.js';
import { present, toDetectedFace, toImage } from './shapes.js';

/** A face of the second image, and how alike it is to the face of the first: 0 to 100. */
export interface ComparedMatch {
  similarity: number;
  face: DetectedFace;
}

/** Why nothing could be compared: this image has no face, or none that passes the quality filter. */
export type IncomparableReason = 'NO_FACE_IN_SOURCE' | 'NO_FACE_IN_TARGET';

/** How alike the largest face of one image is to the faces of another. */
export type Comparison =
  /** Faces at or above the threshold, the most alike first. */
  | (ComparedFaces & { status: 'matched'; matches: readonly [ComparedMatch, ...ComparedMatch[]] })
  | (ComparedFaces & { status: 'unmatched' })
  | ({ status: 'incomparable' } & Rejection<IncomparableReason>);

/** What was compared. */
export interface ComparedFaces {
  /** The face of the first image: its largest. */
  sourceFace?: DetectedFace;
  /** The faces of the second image that are below the threshold. */
  unmatchedFaces: readonly DetectedFace[];
}

/** Every face of an image, up to the 100 largest. */
export async function detectFaces(
  client: CommandClient,
  image: SendableImage,
  attributes: readonly FaceAttribute[] | undefined,
  signal?: AbortSignal,
): Promise<DetectedFace[]> {
  const answer = await send(
    client,
    new DetectFacesCommand({ Image: toImage(image), ...(attributes && { Attributes: [...attributes] }) }),
    signal,
  );
  return (answer.FaceDetails ?? []).map(toDetectedFace);
}

export async function compareFaces(
  client: CommandClient,
  source: SendableImage,
  target: SendableImage,
  request: { threshold: number; qualityFilter: QualityFilter },
  signal?: AbortSignal,
): Promise<Comparison> {
  let answer: CompareFacesCommandOutput;
  try {
    answer = await send(
      client,
      new CompareFacesCommand({
        SourceImage: toImage(source),
        TargetImage: toImage(target),
        SimilarityThreshold: request.threshold,
        QualityFilter: request.qualityFilter,
      }),
      signal,
    );
  } catch (error) {
    if (!isServiceError(error, 'InvalidParameterException')) throw error;
    // The service says "invalid parameters" when an image has no face, and not which one. Detecting tells.
    const reason = await faceless(client, source, target, signal);
    if (!reason) throw error;
    return { status: 'incomparable', ...because(reason) };
  }
  const { SourceImageFace: largest, FaceMatches = [], UnmatchedFaces = [] } = answer;
  const compared: ComparedFaces = present({
    sourceFace:
      largest && toDetectedFace({ BoundingBox: largest.BoundingBox, Confidence: largest.Confidence }),
    unmatchedFaces: UnmatchedFaces.map(toDetectedFace),
  });
  const [best, ...others] = FaceMatches.map((match) => ({
    similarity: match.Similarity ?? 0,
    face: toDetectedFace(match.Face ?? {}),
  }));
  return best
    ? { status: 'matched', ...compared, matches: [best, ...others] }
    : { status: 'unmatched', ...compared };
}

async function faceless(
  client: CommandClient,
  source: SendableImage,
  target: SendableImage,
  signal?: AbortSignal,
): Promise<IncomparableReason | undefined> {
  if ((await detectFaces(client, source, undefined, signal)).length === 0) return 'NO_FACE_IN_SOURCE';
  if ((await detectFaces(client, target, undefined, signal)).length === 0) return 'NO_FACE_IN_TARGET';
  return undefined;
}
