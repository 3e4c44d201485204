import { lacksFirst } from '../distances.js';
import type { Projection } from './projection.js';
import { copyQuantizedRows, type QuantizedRows } from './quantized-rows.js';
import { ROWS_WRITTEN_AT_A_TIME, Segment } from './segment.js';
import type { VectorTables } from './tables.js';

/**
 * Vectors as a search looks at them before it measures any: quantised, in rows. All rows of one table come before those
 * of the next. Sketches are what a stored collection is opened from: they are much shorter than the vectors, and leave
 * nothing to compute.
 */
export interface Sketch extends QuantizedRows {
  /** How many rows there are. */
  readonly count: number;
  /** Which tables there are, by their numbers, in ascending order. */
  readonly tables: readonly number[];
  /** The rows whose vectors are without their first part, in ascending order. */
  readonly withoutFirst: readonly number[];
}

/** Rows of several tables, by the numbers of the tables; `undefined` for those that are missing. */
export type RowsByTable = readonly (QuantizedRows | undefined)[];

/** A row of a sketch. */
export interface SketchRow {
  readonly sketch: Sketch;
  readonly row: number;
}

/** So many that WebAssembly serves them. */
const SCRATCH_ROWS = 1024;

/** One for each space that is in use, to quantise vectors in. */
const scratches = new Map<string, Segment>();

/** Makes sketches of vectors, with all tables there can be. */
export class Sketcher {
  readonly tables: VectorTables;
  readonly #projections: readonly Projection[];
  readonly #held: readonly number[];
  readonly #scratch: Segment;
  readonly #scratchRows: RowsByTable;

  /** @param projections one for each long part, or none while nothing was learned */
  constructor(tables: VectorTables, projections: readonly Projection[]) {
    this.tables = tables;
    this.#projections = projections;
    const { lengths, parts } = tables;
    this.#held = Array.from((projections.length > 0 ? lengths : parts).keys());
    this.#scratch = scratchFor(tables);
    this.#scratchRows = this.#scratch.tables.slice(0, this.#held.length);
  }

  /**
   * @param numbers of the vectors, one behind the other. One with numbers that are not finite leaves its row empty: it
   *   is never near anything
   */
  sketch(numbers: Float32Array): Sketch {
    const { tables } = this;
    const count = numbers.length / tables.vectorLength;
    const isWithoutFirst = (row: number) => lacksFirst(tables.parts, numbers, row * tables.vectorLength);
    const rows = Array.from({ length: count }, (_, row) => row);
    const sketch = blank(tables, this.#held, count, rows.filter(isWithoutFirst));
    const to = rowsByTable(tables, sketch);
    for (let row = 0; row < count; row += ROWS_WRITTEN_AT_A_TIME) {
      const rows = Math.min(ROWS_WRITTEN_AT_A_TIME, count - row);
      this.#quantize(numbers, row * tables.vectorLength, rows);
      for (const table of this.#held) this.#scratch.save(table, 0, rows, to[table]!, row);
    }
    return sketch;
  }

  /**
   * One vector alone, with less ado.
   *
   * @returns its row, number 0, which the next vector overwrites
   */
  quantize(vector: Float32Array): RowsByTable {
    this.#quantize(vector, 0, 1);
    return this.#scratchRows;
  }

  /** Writes vectors to the first rows of the scratch. */
  #quantize(numbers: Float32Array, first: number, count: number): void {
    const { parts, longParts, vectorLength: stride } = this.tables;
    const scratch = this.#scratch;
    let leavesEmpty = false;
    for (const { table, start, length } of parts)
      if (scratch.write(table, 0, { numbers, start: first + start, stride, length, count }))
        leavesEmpty = true;
    // A row that is empty in one table is to be so in all.
    for (let row = 0; leavesEmpty && row < count; row++)
      if (parts.some(({ table }) => scratch.isEmpty(row, table)))
        for (const { table } of parts) scratch.clear(table, row, 1);
    for (const [i, projection] of this.#projections.entries())
      scratch.project(projection, longParts[i]!.table, longParts[i]!.short, 0, count);
  }
}

/**
 * Rows of sketches as one sketch.
 *
 * @param held which tables to take: all of the sketches have them
 */
export function pickRows(tables: VectorTables, held: readonly number[], rows: readonly SketchRow[]): Sketch {
  const withoutFirst = rows.flatMap(({ sketch, row }, i) => (sketch.withoutFirst.includes(row) ? i : []));
  const picked = blank(tables, held, rows.length, withoutFirst);
  const to = rowsByTable(tables, picked);
  const from = new Map<Sketch, RowsByTable>();
  for (const [i, { sketch, row }] of rows.entries()) {
    const ofSketch = from.get(sketch) ?? rowsByTable(tables, sketch);
    from.set(sketch, ofSketch);
    for (const table of held)
      copyQuantizedRows(ofSketch[table]!, row, to[table]!, i, 1, tables.lengths[table]!);
  }
  return picked;
}

export function copyOf<Some extends Sketch>(sketch: Some): Some {
  const { codes, scales, norms, errors } = sketch;
  return {
    ...sketch,
    codes: codes.slice(),
    scales: scales.slice(),
    norms: norms.slice(),
    errors: errors.slice(),
  };
}

/** The rows of each table of a sketch. */
export function rowsByTable({ lengths }: VectorTables, sketch: Sketch): RowsByTable {
  const { count, codes, scales, norms, errors } = sketch;
  const rows: (QuantizedRows | undefined)[] = lengths.map(() => undefined);
  let start = 0;
  for (let place = 0; place < sketch.tables.length; place++) {
    const table = sketch.tables[place]!;
    const end = start + count * lengths[table]!;
    const [from, to] = [place * count, (place + 1) * count];
    rows[table] = {
      codes: codes.subarray(start, end),
      scales: scales.subarray(from, to),
      norms: norms.subarray(from, to),
      errors: errors.subarray(from, to),
    };
    start = end;
  }
  return rows;
}

/** Whether a sketch is one of vectors that are kept in these tables. */
export function isSketchOf({ lengths }: VectorTables, { count, tables, codes }: Sketch): boolean {
  return codes.length === count * sum(tables.map((table) => lengths[table] ?? Number.NaN));
}

function blank(
  { lengths }: VectorTables,
  tables: readonly number[],
  count: number,
  withoutFirst: readonly number[],
): Sketch {
  const places = count * tables.length;
  return {
    count,
    tables,
    withoutFirst,
    codes: new Int8Array(count * sum(tables.map((table) => lengths[table]!))),
    scales: new Float32Array(places),
    norms: new Int32Array(places),
    errors: new Float32Array(places),
  };
}

function scratchFor({ lengths }: VectorTables): Segment {
  const name = lengths.join();
  const scratch = scratches.get(name) ?? new Segment(lengths, SCRATCH_ROWS);
  scratches.set(name, scratch);
  return scratch;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
