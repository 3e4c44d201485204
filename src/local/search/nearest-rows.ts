import type { QuantizedQuery } from './quantize.js';
import type { Segment } from './segment.js';

/** Rows that lie one behind the other. */
export interface Rows<Where = Segment> {
  readonly segment: Where;
  /** The number of the segment's first row. */
  readonly firstRow: number;
  readonly count: number;
}

/** A row that may be among the nearest. */
export interface Candidate {
  readonly row: number;
  /** It is no nearer than this, and no farther away. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Rows among which the nearest are for certain, whatever the vectors: distances to quantised vectors have bounds, and a
 * row is dropped only when its lower bound is beyond the upper bounds of as many others as are wanted.
 *
 * @param limit how many rows are wanted, 1 and up
 * @param within rows that are certainly farther away than this are of no use
 * @returns a few more than those, the one with the least bound first
 */
export function nearestRows(
  all: readonly Rows[],
  query: QuantizedQuery,
  limit: number,
  within = Number.POSITIVE_INFINITY,
): Candidate[] {
  let farthest = within;
  let candidates: Candidate[] = [];
  let room = 0;
  const dropFarther = () => {
    const upperBounds = Float64Array.from(candidates, ({ upper }) => upper).sort();
    farthest = Math.min(farthest, upperBounds[limit - 1] ?? farthest);
    candidates = candidates.filter(({ lower }) => lower <= farthest);
    // So much more that it is seldom done, and so little that it is done early: it spares all that comes after it.
    room = 2 * candidates.length + 4 * limit + 64;
  };
  dropFarther();
  for (const { segment, firstRow, count } of all)
    segment.scan(
      query,
      count,
      () => farthest,
      (row, lower, upper) => {
        candidates.push({ row: firstRow + row, lower, upper });
        if (candidates.length >= room) dropFarther();
      },
    );
  dropFarther();
  return candidates.sort((a, b) => a.lower - b.lower);
}
