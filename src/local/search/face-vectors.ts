import type { AnalyzedFace, FaceVector, VectorSpace, Vision } from '../vision/vision.js';
import { distance } from './distances.js';

/** What a face is recognised by: as it is seen from the front, by one model, and in profile, by another. */
export const VIEWS = ['front', 'profile'] as const;
export type View = (typeof VIEWS)[number];

/** Something of each view, as far as there is any. */
export type ByView<Value> = { readonly [view in View]?: Value | undefined };

/** The vectors of a face, or of a user. Both are missing where nothing is known that it could be recognised by. */
export type FaceVectors = ByView<FaceVector>;

export function vectorsOf({ vector, profileVector }: AnalyzedFace): FaceVectors {
  return { ...(vector && { front: vector }), ...(profileVector && { profile: profileVector }) };
}

/** How vectors of each view are compared, as far as there are models for them. */
export function spacesOf({ space, profileSpace }: Vision): ByView<VectorSpace> {
  return { front: space, profile: profileSpace };
}

/** How alike two faces are, or a face and a user, 0 to 100: by the first view that both have a vector of, or else 0. */
export function similarityOf(spaces: ByView<VectorSpace>, a: FaceVectors, b: FaceVectors): number {
  for (const view of VIEWS) {
    const [space, one, other] = [spaces[view], a[view], b[view]];
    if (space && one && other) return space.similarity(distance(space.metric, one, other));
  }
  return 0;
}
