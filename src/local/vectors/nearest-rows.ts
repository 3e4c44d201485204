import { CloseBounds } from './close-bounds.js';
import { KSmallest } from './k-smallest.js';
import { ROWS_AT_A_TIME, type Segment } from './segment.js';
import type { Stretch, TableQuery } from './stretch.js';

/** What to find among rows. */
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
  const selection = new Selection(search);
  for (const { segment, first, then } of stretches)
    for (const { table, query } of [...first, ...then]) segment.tables[table]!.query.set(query.codes);
  // Bounds that are closer than those of the scan are worth looking for where they are most likely small.
  const hasCloser = stretches.some(({ first, then }) => first.some((query, i) => query !== then[i]));
  if (hasCloser) selectTwice(stretches, selection, 4 * search.limit + NEAREST_FIRST);
  else selectAtOnce(stretches, selection);
  return selection.candidates();
}

/** Rows that are looked at before all others, besides those of many that are wanted. */
const NEAREST_FIRST = 64;

/** Looks at rows as they are scanned: once the first ones are known, few of the next pass. */
function selectAtOnce(stretches: readonly Stretch[], selection: Selection): void {
  for (const stretch of stretches) {
    const { segment, count, first } = stretch;
    // Begins with a few rows: they rule out most of the next ones.
    for (let at = 0, step = 64; at < count; at += step, step = Math.min(2 * step, ROWS_AT_A_TIME)) {
      const scanned = Math.min(step, count - at);
      if (scan(segment, at, scanned, first) > selection.farthest) continue;
      for (let i = 0; i < scanned; i++)
        if (segment.bounds[i]! <= selection.farthest) selection.consider(stretch, at + i);
    }
  }
}

/** Rows that lie one behind the other, and their bounds. */
interface ScannedBlock {
  readonly stretch: Stretch;
  /** Where the first of them is in the stretch. */
  readonly at: number;
  readonly bounds: Float64Array;
  readonly least: number;
}

/** The bounds of all rows of a search, kept from one search to the next, since new memory is slow. */
let boundsOfAll = new Float64Array(0);

/**
 * Scans all rows, then looks at those with the least bounds, and then at the others that these leave. The bounds of a
 * scan say so little here that, in the order in which they lie, about twice as many rows would pass.
 */
function selectTwice(stretches: readonly Stretch[], selection: Selection, nearestFirst: number): void {
  const rowCount = stretches.reduce((sum, { count }) => sum + count, 0);
  if (boundsOfAll.length < rowCount) boundsOfAll = new Float64Array(2 * rowCount);
  const blocks: ScannedBlock[] = [];
  const nearest = new KSmallest(nearestFirst);
  let used = 0;
  for (const stretch of stretches) {
    const { segment, count, first } = stretch;
    for (let at = 0; at < count; at += ROWS_AT_A_TIME) {
      const scanned = Math.min(ROWS_AT_A_TIME, count - at);
      const least = scan(segment, at, scanned, first);
      if (least > selection.farthest) continue;
      const bounds = boundsOfAll.subarray(used, used + scanned);
      bounds.set(segment.bounds.subarray(0, scanned));
      used += scanned;
      blocks.push({ stretch, at, bounds, least });
      offerAll(bounds, least, nearest);
    }
  }
  const near = nearest.largest;
  selectFrom(blocks, selection, Number.NEGATIVE_INFINITY, near);
  selectFrom(blocks, selection, near, Number.POSITIVE_INFINITY);
}

/** The inner loop of a search through many rows: of most it only has to see that they are not among the least. */
function offerAll(bounds: Float64Array, least: number, nearest: KSmallest): void {
  let { largest } = nearest;
  if (least >= largest) return;
  for (let i = 0; i < bounds.length; i++) {
    if (bounds[i]! >= largest) continue;
    nearest.offer(bounds[i]!);
    largest = nearest.largest;
  }
}

/** Looks at rows whose bounds are above the one and not above the other. */
function selectFrom(
  blocks: readonly ScannedBlock[],
  selection: Selection,
  above: number,
  upTo: number,
): void {
  for (const { stretch, at, bounds, least } of blocks) {
    let most = Math.min(upTo, selection.farthest);
    if (least > most) continue;
    for (let i = 0; i < bounds.length; i++) {
      const bound = bounds[i]!;
      if (bound > most || bound <= above) continue;
      selection.consider(stretch, at + i);
      most = Math.min(upTo, selection.farthest);
    }
  }
}

/** The rows of a search that may be among the nearest, as far as it has come. */
class Selection {
  readonly #except: number | undefined;
  readonly #room: number;
  readonly #bounds = new CloseBounds();
  readonly #upperBounds: KSmallest;
  readonly #lowerBounds: KSmallest;
  #farthest: number;
  #rows: CandidateRow[] = [];

  constructor({ limit, within, except, room }: RowSearch) {
    this.#except = except;
    this.#room = room;
    this.#upperBounds = new KSmallest(limit);
    this.#lowerBounds = new KSmallest(room);
    // Empty rows are infinitely far, and must not pass.
    this.#farthest = Math.min(within, Number.MAX_VALUE);
  }

  /** What is farther away is not among the nearest. */
  get farthest(): number {
    return this.#farthest;
  }

  /** Looks at a row that the scan did not rule out. */
  consider(stretch: Stretch, at: number): void {
    const row = stretch.firstRow + at;
    if (row === this.#except) return;
    const { lower, upper } = this.#bounds.measure(stretch, at);
    // That of an empty row is no number where the query is too large for any.
    if (!(lower <= this.#farthest)) return;
    this.#rows.push({ row, bound: lower });
    this.#upperBounds.offer(upper);
    this.#lowerBounds.offer(lower);
    this.#farthest = Math.min(this.#farthest, this.#upperBounds.largest, this.#lowerBounds.largest);
    if (this.#rows.length > 8 * this.#room) this.#rows = this.#left();
  }

  candidates(): Candidates {
    const rows = this.#left().sort((a, b) => a.bound - b.bound);
    // Those that were dropped for want of room have a larger bound than all that are left.
    return { rows, complete: this.#lowerBounds.largest };
  }

  #left(): CandidateRow[] {
    return this.#rows.filter(({ bound }) => bound <= this.#farthest);
  }
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
