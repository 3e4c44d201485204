/** What distances between vectors of one space mean. Both tables are read on straight lines between their rows. */
export interface SimilarityScale {
  /** Distances, and the similarity that each stands for. Distance 0 is 100 without a row. */
  readonly knots: readonly { readonly distance: number; readonly similarity: number }[];
  /**
   * The mean of several faces lies closer to strangers than one face does, so its distances are stretched: by the
   * ratio of the distances at which one stranger in a thousand passes. No rows: not at all.
   */
  readonly stretch: readonly { readonly faces: number; readonly factor: number }[];
}

/** Of dlib's descriptor alone. */
export const DLIB_SCALE: SimilarityScale = {
  knots: [
    { distance: 0.37, similarity: 99 },
    { distance: 0.44, similarity: 90 },
    { distance: 0.51, similarity: 80 },
    { distance: 0.58, similarity: 50 },
    { distance: 0.68, similarity: 20 },
    { distance: 0.8, similarity: 5 },
    { distance: 1.2, similarity: 0 },
  ],
  stretch: [
    { faces: 1, factor: 1 },
    { faces: 2, factor: 1.02 },
    { faces: 3, factor: 1.032 },
    { faces: 5, factor: 1.053 },
    { faces: 9, factor: 1.065 },
  ],
};

/** Of dlib's descriptor and faceres together. */
export const FUSED_SCALE: SimilarityScale = {
  knots: [
    { distance: 0.71, similarity: 99 },
    { distance: 0.82, similarity: 90 },
    { distance: 0.955, similarity: 80 },
    { distance: 1.065, similarity: 50 },
    { distance: 1.2, similarity: 20 },
    { distance: 1.4, similarity: 5 },
    { distance: 2, similarity: 0 },
  ],
  stretch: [
    { faces: 1, factor: 1 },
    { faces: 2, factor: 1.035 },
    { faces: 3, factor: 1.045 },
    { faces: 5, factor: 1.06 },
    { faces: 9, factor: 1.065 },
  ],
};

/**
 * The similarity, 0 to 100, of two face vectors, or of a face vector and a user vector.
 *
 * @param distance as their space measures it, 0 and up
 * @param faces how many faces the vector that was searched against is made of, 1 and up
 */
export function similarityOn({ knots, stretch }: SimilarityScale, distance: number, faces: number): number {
  const factor = stretch.length > 0 ? interpolate(stretch, faces, 'faces', 'factor') : 1;
  return interpolate([SAME, ...knots], distance * factor, 'distance', 'similarity');
}

const SAME = { distance: 0, similarity: 100 };

/** Reads a table whose `x` column rises, on straight lines between its rows and level beyond its ends. */
function interpolate<X extends string, Y extends string>(
  table: readonly Record<X | Y, number>[],
  value: number,
  x: X,
  y: Y,
): number {
  const next = table.findIndex((row) => row[x] >= value);
  if (next === 0) return table[0]![y];
  if (next === -1) return table.at(-1)![y];
  const from = table[next - 1]!;
  const to = table[next]!;
  return from[y] + ((value - from[x]) / (to[x] - from[x])) * (to[y] - from[y]);
}
