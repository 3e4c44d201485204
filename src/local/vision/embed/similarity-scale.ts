/**
 * What distances between vectors of one space mean: rows of a distance and the similarity that it stands for, with
 * straight lines between. Distance 0 is 100 without a row; beyond the last row similarity stays.
 */
export type SimilarityScale = readonly { readonly distance: number; readonly similarity: number }[];

/**
 * Of MobileFaceNet, by `1 − cosine`: passed by one stranger in 1,000, 10,000 and 100,000 at 80, 90 and 99, between what
 * single faces and users of three faces ask for (`npx tsx bench/fit-similarity.ts`: .521, .423 and .335, and .484, .386
 * and .318).
 */
export const MOBILE_FACE_NET_SCALE: SimilarityScale = [
  { distance: 0.34, similarity: 99 },
  { distance: 0.415, similarity: 90 },
  { distance: 0.51, similarity: 80 },
  { distance: 0.64, similarity: 50 },
  { distance: 0.79, similarity: 10 },
  { distance: 1, similarity: 0 },
];

/**
 * Of faceres, by `1 − cosine`, where one of the two is in profile: the distances for one stranger in 1,000 of 7,630
 * comparisons with five profiles, and, on the line that rates make against their logarithm, for 10,000 and 100,000.
 */
export const FACERES_SCALE: SimilarityScale = [
  { distance: 0.36, similarity: 99 },
  { distance: 0.41, similarity: 90 },
  { distance: 0.46, similarity: 80 },
  { distance: 0.51, similarity: 50 },
  { distance: 0.59, similarity: 10 },
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
