import { area } from '../images/bounding-box.js';
import type { IndexedFace, IndexedImage } from '../service/faces.js';
import { because, type Rejection } from '../service/reasons.js';
import type { DetectedFace } from '../types.js';
import type { RejectionReason, SeveralFaces } from './enrollment.js';

/**
 * Picks the faces to enroll, or says why there are none. When the largest face of the image was too poor to be
 * indexed, the image is rejected for that face's reasons: the one that was indexed in its place is somebody in the
 * background.
 */
export function chooseFaces(
  { faces, rejected }: IndexedImage,
  severalFaces: SeveralFaces,
): readonly IndexedFace[] | Rejection<RejectionReason> {
  const [largest] = byArea(faces);
  const [largestRejected] = byArea(rejected);
  if (!largest) return largestRejected ?? because('NO_FACE');
  if (severalFaces === 'all') return faces;
  if (severalFaces === 'reject' && faces.length > 1) return because('SEVERAL_FACES');
  if (largestRejected && areaOf(largestRejected) > areaOf(largest)) return largestRejected;
  return [largest];
}

/** Every face that was seen in an image, the largest first. */
export function detectedFaces({ faces, rejected }: IndexedImage): DetectedFace[] {
  return byArea([...faces, ...rejected]).map(({ detail }) => detail);
}

function byArea<Seen extends { detail: DetectedFace }>(seen: readonly Seen[]): Seen[] {
  return [...seen].sort((a, b) => areaOf(b) - areaOf(a));
}

function areaOf({ detail }: { detail: DetectedFace }): number {
  return area(detail.boundingBox);
}
