/**
 * Distances between face vectors and the similarity that each stands for; straight lines between.
 *
 * Fitted with bench/fit-similarity.ts on 682 faces of 104 people: 2,328 comparisons of a person with themselves and
 * 229,893 with strangers. 80 let 233 strangers pass (1 in 1,000) and 97 % of the comparisons of a person with
 * themselves; 90 let 27 pass (1 in 8,500) and 92 %. 99 is where 1 in 100,000 would pass by extrapolation; it let 8
 * pass, all of them comparisons of the same two look-alikes, and 76 %.
 */
const KNOTS: readonly { distance: number; similarity: number }[] = [
  { distance: 0, similarity: 100 },
  { distance: 0.37, similarity: 99 },
  { distance: 0.44, similarity: 90 },
  { distance: 0.51, similarity: 80 },
  { distance: 0.58, similarity: 50 },
  { distance: 0.68, similarity: 20 },
  { distance: 0.8, similarity: 5 },
  { distance: 1.2, similarity: 0 },
];

/**
 * The mean of several faces lies closer to strangers than one face does, so its distances are stretched: by the
 * ratio of the thresholds at which one stranger in a thousand passes, fitted with the same script.
 */
const STRETCH: readonly { faces: number; factor: number }[] = [
  { faces: 1, factor: 1 },
  { faces: 2, factor: 1.02 },
  { faces: 3, factor: 1.032 },
  { faces: 5, factor: 1.053 },
  { faces: 9, factor: 1.065 },
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
