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
  /** Bounds from below, cheap ones, for every row: one of each part. */
  readonly first: readonly TableQuery[];
  /** Close bounds of the same parts from both sides, for rows that the first ones do not rule out. */
  readonly then: readonly TableQuery[];
}

export interface RowSearch {
  /** How many rows are wanted, 1 and up. */
  readonly limit: number;
  /** Rows farther away are not wanted. */
  readonly within: number;
  /** Leave this row out. */
  readonly except: number | undefined;
  /** How many candidates at most, by their bounds, besides those as near as the last of them. At least `limit`. */
  readonly room: number;
}

/** A row that may be among the nearest. */
export interface CandidateRow {
  readonly row: number;
  /** It is no nearer than this. */
  readonly bound: number;
}

/** Rows among which the nearest are. */
export interface Candidates {
  /** The one with the least bound first: a few more than are wanted. */
  readonly rows: readonly CandidateRow[];
  /** All rows no farther away than this are among them: ∞ unless there was no room for more. */
  readonly complete: number;
}

/**
 * Finds rows among which the nearest are for certain, whatever the vectors: distances to quantised vectors have
 * bounds, and a row is dropped only when its lower bound is beyond the upper bounds of as many others as are wanted,
 * or when there is no room.
 */
export function nearestRows(stretches: readonly Stretch[], search: RowSearch): Candidates {
  const { limit, within, except, room } = search;
  const upperBounds = new KSmallest(limit);
  const lowerBounds = new KSmallest(room);
  // Empty rows are infinitely far, and must not pass.
  let farthest = Math.min(within, Number.MAX_VALUE);
  let candidates: CandidateRow[] = [];

  for (const stretch of stretches) {
    const { segment, firstRow, count, first, then } = stretch;
    for (const { table, query } of [...first, ...then]) segment.tables[table]!.query.set(query.codes);
    // Begins with a few rows: they rule out most of the next ones.
    for (let at = 0, step = 64; at < count; at += step, step = Math.min(2 * step, ROWS_AT_A_TIME)) {
      const scanned = Math.min(step, count - at);
      if (scan(segment, at, scanned, first) > farthest) continue;
      for (let i = 0; i < scanned; i++) {
        const row = firstRow + at + i;
        if (segment.bounds[i]! > farthest || row === except) continue;
        const { lower, upper } = measure(stretch, at + i);
        // That of an empty row is no number where the query is too large for any.
        if (!(lower <= farthest)) continue;
        candidates.push({ row, bound: lower });
        upperBounds.offer(upper);
        lowerBounds.offer(lower);
        farthest = Math.min(farthest, upperBounds.largest, lowerBounds.largest);
      }
      if (candidates.length > 4 * room) candidates = candidates.filter(({ bound }) => bound <= farthest);
    }
  }
  const rows = candidates.filter(({ bound }) => bound <= farthest).sort((a, b) => a.bound - b.bound);
  // Those that were dropped for want of room have a larger bound than all that are left.
  return { rows, complete: lowerBounds.largest };
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

/** Bounds of the distance to one row: the closest that can be had. */
function measure({ segment, first, then }: Stretch, row: number): { lower: number; upper: number } {
  let lower = 0;
  let upper = 0;
  for (const [i, query] of then.entries()) {
    const { weight, table } = query;
    if (!segment.isEmpty(row, table)) {
      const { distance, error } = distanceTo(segment, row, query);
      lower += weight * Math.max(0, distance - error);
      upper += weight * (distance + error);
    } else {
      // It has not been written there yet.
      const { distance, error } = distanceTo(segment, row, first[i]!);
      lower += weight * Math.max(0, distance - error);
      upper = Number.POSITIVE_INFINITY;
    }
  }
  return { lower, upper };
}

/** The distance to a row in one table, and how far it is off at most. */
function distanceTo(
  segment: Segment,
  row: number,
  { table, query }: TableQuery,
): { distance: number; error: number } {
  const { length, codes, scales, norms, errors, query: queryCodes } = segment.tables[table]!;
  const dot = segment.kernel.dot(codes.byteOffset + row * length, queryCodes.byteOffset, length);
  const scale = scales[row]!;
  const squared = query.scale ** 2 * query.norm + scale * (scale * norms[row]! - 2 * query.scale * dot);
  return { distance: Math.sqrt(Math.max(0, squared)), error: errors[row]! + query.error };
}
