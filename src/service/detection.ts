import {
  type ComparedFace,
  CompareFacesCommand,
  type CompareFacesCommandOutput,
  DetectFacesCommand,
} from '@aws-sdk/client-rekognition';
import type { SendableImage } from '../sendable-image.js';
import type { DetectedFace, FaceAttribute, QualityFilter } from '../types.js';
import { type CommandClient, isServiceError, send } from './client.js';
import { toBoundingBox, toDetectedFace, toImage } from './shapes.js';

/** A face of the second image, and how alike it is to the face of the first: 0 to 100. */
export interface ComparedMatch {
  similarity: number;
  face: DetectedFace;
}

/** How alike the largest face of one image is to the faces of another. */
export interface Comparison {
  /** The face of the first image that was compared: its largest. Absent when `reason` says so. */
  sourceFace?: DetectedFace;
  /** At or above the threshold, the most alike first. */
  matches: readonly ComparedMatch[];
  /** The other faces of the second image. */
  unmatched: readonly DetectedFace[];
  /** Why nothing could be compared: this image has no face (that passes the quality filter). */
  reason?: 'NO_FACE_IN_SOURCE' | 'NO_FACE_IN_TARGET';
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
    // The service says "invalid parameters" when an image has no face, and not which one. Looking tells.
    const reason = await faceless(client, source, target, signal);
    if (!reason) throw error;
    return { matches: [], unmatched: [], reason };
  }
  const sourceFace = answer.SourceImageFace;
  return {
    ...(sourceFace && {
      sourceFace: {
        boundingBox: toBoundingBox(sourceFace.BoundingBox) ?? { left: 0, top: 0, width: 0, height: 0 },
        ...(sourceFace.Confidence !== undefined && { confidence: sourceFace.Confidence }),
      },
    }),
    matches: (answer.FaceMatches ?? []).map((match) => ({
      similarity: match.Similarity ?? 0,
      face: toDetectedFace(match.Face ?? ({} as ComparedFace)),
    })),
    unmatched: (answer.UnmatchedFaces ?? []).map(toDetectedFace),
  };
}

async function faceless(
  client: CommandClient,
  source: SendableImage,
  target: SendableImage,
  signal?: AbortSignal,
): Promise<Comparison['reason']> {
  if ((await detectFaces(client, source, undefined, signal)).length === 0) return 'NO_FACE_IN_SOURCE';
  if ((await detectFaces(client, target, undefined, signal)).length === 0) return 'NO_FACE_IN_TARGET';
  return undefined;
}
