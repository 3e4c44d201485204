import { area } from '../images/bounding-box.js';
import type { IndexedFace, IndexedImage } from '../service/faces.js';
import type { DetectedFace } from '../types.js';
import type { RejectionReason, SeveralFaces } from './enrollment.js';

/** The faces of an image that are meant, or why there are none. */
export type Choice = { faces: readonly IndexedFace[] } | { reasons: readonly RejectionReason[] };

/**
 * Picks the faces to enroll. When the largest face of the image was too poor to be indexed, the image is rejected for
 * that face's reasons: the one that was indexed in its place is somebody in the background.
 */
export function chooseFaces({ faces, unindexed }: IndexedImage, severalFaces: SeveralFaces): Choice {
  const largest = byArea(faces);
  const largestUnindexed = byArea(unindexed);
  if (!largest) return { reasons: orNoFace(largestUnindexed?.reasons) };
  if (severalFaces === 'all') return { faces };
  if (severalFaces === 'reject' && faces.length > 1) return { reasons: ['SEVERAL_FACES'] };
  if (largestUnindexed && areaOf(largestUnindexed) > areaOf(largest)) {
    return { reasons: orNoFace(largestUnindexed.reasons) };
  }
  return { faces: [largest] };
}

function byArea<Seen extends { detail: DetectedFace }>(seen: readonly Seen[]): Seen | undefined {
  return [...seen].sort((a, b) => areaOf(b) - areaOf(a))[0];
}

function areaOf(seen: { detail: DetectedFace }): number {
  return area(seen.detail.boundingBox);
}

function orNoFace(reasons: readonly RejectionReason[] | undefined): readonly RejectionReason[] {
  return reasons && reasons.length > 0 ? reasons : ['NO_FACE'];
}
