/**
 * What distances between vectors of one space mean: rows of a distance and the similarity that it stands for, with
 * straight lines between. Distance 0 is 100 without a row; beyond the last row similarity stays.
 */
export type SimilarityScale = readonly { readonly distance: number; readonly similarity: number }[];

/** Of MobileFaceNet, by `1 − cosine`. */
export const MOBILE_FACE_NET_SCALE: SimilarityScale = [
  { distance: 0.35, similarity: 99 },
  { distance: 0.43, similarity: 90 },
  { distance: 0.52, similarity: 80 },
  { distance: 0.65, similarity: 50 },
  { distance: 0.8, similarity: 10 },
  { distance: 1, similarity: 0 },
];

/** Of faceres, by `1 − cosine`. */
export const FACERES_SCALE: SimilarityScale = [
  { distance: 0.36, similarity: 99 },
  { distance: 0.41, similarity: 90 },
  { distance: 0.46, similarity: 80 },
  { distance: 0.5, similarity: 50 },
  { distance: 0.6, similarity: 10 },
  { distance: 1, similarity: 0 },
];

const SAME = { distance: 0, similarity: 100 };

/** The similarity, 0 to 100, of a distance, 0 and up. */
export function similarityOn(scale: SimilarityScale, distance: number): number {
  const rows = [SAME, ...scale];
  const next = rows.findIndex((row) => row.distance >= distance);
  if (next <= 0) return rows.at(next)!.similarity;
  const from = rows[next - 1]!;
  const to = rows[next]!;
  const share = (distance - from.distance) / (to.distance - from.distance);
  return from.similarity + share * (to.similarity - from.similarity);
}
