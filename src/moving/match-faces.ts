import { intersectionOverUnion } from '../images/bounding-box.js';
import type { BoundingBox } from '../types.js';

/** The boxes that two face models draw around one face agree at least so well (intersection over union). */
const SAME_FACE = 0.3;

/** Finds each of the faces among those that were seen in the same photo, by their boxes: the best agreement first. */
export function matchFaces<
  Face extends { boundingBox?: BoundingBox },
  Seen extends { boundingBox?: BoundingBox },
>(faces: readonly Face[], seen: readonly Seen[]): Map<Face, Seen> {
  const pairs = faces.flatMap((face) =>
    seen.flatMap((other) => {
      if (!face.boundingBox || !other.boundingBox) return [];
      const agreement = intersectionOverUnion(face.boundingBox, other.boundingBox);
      return agreement >= SAME_FACE ? { face, other, agreement } : [];
    }),
  );
  const matches = new Map<Face, Seen>();
  const taken = new Set<Seen>();
  for (const { face, other } of pairs.sort((a, b) => b.agreement - a.agreement)) {
    if (matches.has(face) || taken.has(other)) continue;
    matches.set(face, other);
    taken.add(other);
  }
  return matches;
}
