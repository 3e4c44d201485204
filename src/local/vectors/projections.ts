import { learnedLength, learnProjection, Projection } from './projection.js';
import type { VectorTables } from './tables.js';

/**
 * Learns a projection for each long part of vectors.
 *
 * @param vectors some hundreds
 * @returns what `projectionsOf` makes the projections of
 */
export function learnProjections(
  { longParts }: VectorTables,
  vectors: readonly Float32Array[],
): Float32Array {
  const learned = longParts.map(({ start, length }) =>
    learnProjection(vectors.map((vector) => vector.subarray(start, start + length))),
  );
  const numbers = new Float32Array(learned.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of learned) {
    numbers.set(part, end);
    end += part.length;
  }
  return numbers;
}

/** The projections that were learned, in the order of the long parts. */
export function projectionsOf({ longParts }: VectorTables, learned: Float32Array): Projection[] {
  let end = 0;
  return longParts.map(({ length }) => {
    const start = end;
    end += learnedLength(length);
    return new Projection(learned.subarray(start, end), length);
  });
}
