import { KSmallest } from './k-smallest.js';
import type { Quantized } from './quantize.js';
import { ROWS_AT_A_TIME, type Segment } from './segment.js';

/** What one table is searched for, and how much its distance weighs. */
export interface TableQuery {
  readonly table: number;
  readonly weight: number;
  readonly query: Quantized;
}

/** Rows that lie one behind the other, and what to hold against them. */
export interface Stretch {
  readonly segment: Segment;
  /** The number of the segment's first row. */
  readonly firstRow: number;
  readonly count: number;
  /** Bounds from below, cheap ones, for every row. */
  readonly first: readonly TableQuery[];
  /** Close bounds from both sides, for rows that the first ones do not rule out. */
  readonly then: readonly TableQuery[];
}

export interface RowSearch {
  /** How many rows are wanted, 1 and up. */
  readonly limit: number;
  /** Rows farther away are not wanted. */
  readonly within: number;
  /** Leave this row out. */
  readonly except: number | undefined;
}

/** A row that may be among the nearest. */
export interface CandidateRow {
  readonly row: number;
  /** It is no nearer than this. */
  readonly bound: number;
}

/**
 * Finds rows among which the nearest are for certain, whatever the vectors: distances to quantised vectors have
 * bounds, and a row is dropped only when its lower bound is beyond the upper bounds of as many others as are wanted.
 *
 * @returns candidates, the one with the least bound first: a few more than are wanted
 */
export function nearestRows(stretches: readonly Stretch[], search: RowSearch): CandidateRow[] {
  const { limit, within, except } = search;
  const upperBounds = new KSmallest(limit);
  // Empty rows are infinitely far, and must not pass.
  let farthest = Math.min(within, Number.MAX_VALUE);
  let candidates: CandidateRow[] = [];

  for (const { segment, firstRow, count, first, then } of stretches) {
    for (const { table, query } of [...first, ...then]) segment.tables[table]!.query.set(query.codes);
    // Begins with a few rows: they rule out most of the next ones.
    for (let at = 0, step = 64; at < count; at += step, step = Math.min(2 * step, ROWS_AT_A_TIME)) {
      const scanned = Math.min(step, count - at);
      if (scan(segment, at, scanned, first) > farthest) continue;
      for (let i = 0; i < scanned; i++) {
        const row = firstRow + at + i;
        if (segment.bounds[i]! > farthest || row === except) continue;
        const { lower, upper } = measure(segment, at + i, then);
        if (lower > farthest) continue;
        candidates.push({ row, bound: lower });
        upperBounds.offer(upper);
        farthest = Math.min(farthest, upperBounds.largest);
      }
      if (candidates.length > 4 * limit + 1024)
        candidates = candidates.filter(({ bound }) => bound <= farthest);
    }
  }
  return candidates.filter(({ bound }) => bound <= farthest).sort((a, b) => a.bound - b.bound);
}

/** Writes the bounds of some rows to the segment's own, and returns the least. */
function scan(segment: Segment, row: number, count: number, queries: readonly TableQuery[]): number {
  let least = 0;
  for (const [i, { table, weight, query }] of queries.entries()) {
    const { length, codes, scales, norms, errors, query: queryCodes } = segment.tables[table]!;
    least = segment.kernel.scan(
      codes.byteOffset + row * length,
      scales.byteOffset + row * scales.BYTES_PER_ELEMENT,
      norms.byteOffset + row * norms.BYTES_PER_ELEMENT,
      errors.byteOffset + row * errors.BYTES_PER_ELEMENT,
      Math.ceil(count / 4) * 4,
      length,
      queryCodes.byteOffset,
      query.scale,
      query.scale ** 2 * query.norm,
      query.error,
      weight,
      segment.bounds.byteOffset,
      i > 0 ? 1 : 0,
    );
  }
  return least;
}

/** Bounds of the distance to one row. */
function measure(
  segment: Segment,
  row: number,
  queries: readonly TableQuery[],
): { lower: number; upper: number } {
  let lower = 0;
  let upper = 0;
  for (const { table, weight, query } of queries) {
    const { length, codes, scales, norms, errors, query: queryCodes } = segment.tables[table]!;
    const dot = segment.kernel.dot(codes.byteOffset + row * length, queryCodes.byteOffset, length);
    const scale = scales[row]!;
    const squared = query.scale ** 2 * query.norm + scale * (scale * norms[row]! - 2 * query.scale * dot);
    const distance = Math.sqrt(Math.max(0, squared));
    const error = errors[row]! + query.error;
    lower += weight * Math.max(0, distance - error);
    upper += weight * (distance + error);
  }
  return { lower, upper };
}
