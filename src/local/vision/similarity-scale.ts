/**
 * Distances between face vectors and the similarity that each stands for; straight lines between.
 *
 * Fitted with bench/fit-similarity.ts on 697 faces of 104 people, 2,388 comparisons of a person with themselves and
 * 240,000 with strangers.
 */
const KNOTS: readonly { distance: number; similarity: number }[] = [
  { distance: 0, similarity: 100 },
  { distance: 0.38, similarity: 99 },
  { distance: 0.44, similarity: 90 },
  { distance: 0.51, similarity: 80 },
  { distance: 0.58, similarity: 50 },
  { distance: 0.68, similarity: 20 },
  { distance: 0.8, similarity: 5 },
  { distance: 1.2, similarity: 0 },
];

/**
 * The mean of several faces lies closer to strangers than one face does, so its distances are stretched: by the
 * ratio of the thresholds at which one stranger in a thousand passes.
 */
const STRETCH: readonly { faces: number; factor: number }[] = [
  { faces: 1, factor: 1 },
  { faces: 3, factor: 0.507 / 0.495 },
  { faces: 5, factor: 0.507 / 0.482 },
];

/**
 * The similarity, 0 to 100, of two face vectors, or of a face vector and a user vector.
 *
 * @param distance Euclidean, 0 and up
 * @param faces how many faces the vector that was searched against is made of, 1 and up
 */
export function similarityOfDistance(distance: number, faces: number): number {
  const factor = interpolate(STRETCH, faces, 'faces', 'factor');
  return interpolate(KNOTS, distance * factor, 'distance', 'similarity');
}

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
