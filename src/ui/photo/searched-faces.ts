import type { FaceCollection } from '../../face-collection.js';
import { intersectionOverUnion } from '../../images/bounding-box.js';
import type { ImageSource } from '../../images/image-source.js';
import type { FaceSearch } from '../../photo-search/face-search.js';
import { outcomeOf } from '../../service/outcomes.js';
import type { FaceMatch, UserMatch } from '../../types.js';

type Match = FaceMatch | UserMatch;

/** A face of the photo, searched both ways. One way may have seen it, and the other not. */
export interface SearchedFace {
  byUsers?: FaceSearch;
  byFaces?: FaceSearch;
}

/** Most people to be told of for each face. */
const LIMIT = 10;

/** The same face, found in two searches of a photo. */
const SAME_FACE = 0.5;

/** Searches a photo for users and for single faces, down to no likeness at all, so that any threshold can be tried. */
export async function searchBothWays(
  collection: FaceCollection,
  photo: ImageSource,
  signal: AbortSignal,
): Promise<SearchedFace[]> {
  const options = { threshold: 0, limit: LIMIT, signal };
  const [users, faces] = await Promise.all([
    collection.searchPhoto(photo, { ...options, by: 'users' }),
    collection.searchPhoto(photo, { ...options, by: 'faces' }),
  ]);
  const left = new Set<FaceSearch>(faces.faces);
  const pairs = users.faces.map((byUsers): SearchedFace => {
    const [byFaces] = [...left]
      .filter((other) => overlap(other, byUsers) >= SAME_FACE)
      .sort((a, b) => overlap(b, byUsers) - overlap(a, byUsers));
    if (byFaces) left.delete(byFaces);
    return { byUsers, ...(byFaces && { byFaces }) };
  });
  return [...pairs, ...[...left].map((byFaces) => ({ byFaces }))];
}

/** What the search of a face comes to at a threshold, as the library itself judges. */
export function atThreshold(search: FaceSearch, threshold: number): FaceSearch {
  if (search.status === 'unsearchable' || search.status === 'failed') return search;
  const outcome = outcomeOf<Match>(matchesOf(search), { threshold, margin: 0, limit: LIMIT, best: true });
  const { face } = search;
  return outcome.status === 'unmatched' ? { face, ...outcome, reason: 'NOBODY_ALIKE' } : { face, ...outcome };
}

/** Everybody whom the face is like at all, the most alike first. */
export function matchesOf(search: FaceSearch): readonly Match[] {
  if (search.status === 'matched') return search.matches;
  return search.status === 'ambiguous' ? search.between : [];
}

function overlap(one: FaceSearch, other: FaceSearch): number {
  return intersectionOverUnion(one.face.boundingBox, other.face.boundingBox);
}
