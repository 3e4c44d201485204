import type { Quantized } from './quantize.js';
import type { Segment } from './segment.js';

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
