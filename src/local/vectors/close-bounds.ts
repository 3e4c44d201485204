import type { Segment, Table } from './segment.js';
import type { Stretch, TableQuery } from './stretch.js';

/** One part of a query, with all that is needed to hold it against rows. */
class PartBounds {
  readonly weight: number;
  readonly error: number;
  readonly #table: Table;
  readonly #dot: Segment['kernel']['dot'];
  readonly #query: number;
  readonly #norm: number;
  readonly #twiceScale: number;

  constructor({ kernel, tables }: Segment, { table, weight, query }: TableQuery) {
    this.#table = tables[table]!;
    this.#dot = kernel.dot;
    this.weight = weight;
    this.error = query.error;
    this.#query = this.#table.query.byteOffset;
    this.#norm = query.scale ** 2 * query.norm;
    this.#twiceScale = 2 * query.scale;
  }

  /** How far the bytes of a row are off at most; -∞ when there are none. */
  errorOf(row: number): number {
    return this.#table.errors[row]!;
  }

  distanceTo(row: number): number {
    const { length, codes, scales, norms } = this.#table;
    const dot = this.#dot(codes.byteOffset + row * length, this.#query, length);
    const scale = scales[row]!;
    return Math.sqrt(Math.max(0, this.#norm + scale * (scale * norms[row]! - this.#twiceScale * dot)));
  }
}

/**
 * Bounds of the distances to single rows, from both sides: the closest that can be had. A search asks for thousands,
 * so what they have in common is made ready once, and they are told in fields.
 */
export class CloseBounds {
  lower = 0;
  upper = 0;
  #stretch: Stretch | undefined;
  #first: PartBounds[] = [];
  #then: PartBounds[] = [];

  /** @returns itself */
  measure(stretch: Stretch, row: number): this {
    if (stretch !== this.#stretch) this.#prepare(stretch);
    let lower = 0;
    let upper = 0;
    for (let i = 0; i < this.#then.length; i++) {
      let part = this.#then[i]!;
      let error = part.errorOf(row);
      if (error === Number.NEGATIVE_INFINITY) {
        // It has not been written there yet.
        part = this.#first[i]!;
        error = part.errorOf(row);
        upper = Number.POSITIVE_INFINITY;
      }
      const distance = part.distanceTo(row);
      lower += part.weight * Math.max(0, distance - error - part.error);
      upper += part.weight * (distance + error + part.error);
    }
    this.lower = lower;
    this.upper = upper;
    return this;
  }

  #prepare(stretch: Stretch): void {
    this.#stretch = stretch;
    const { segment, first, then } = stretch;
    this.#first = first.map((query) => new PartBounds(segment, query));
    this.#then = then.map((query) => new PartBounds(segment, query));
  }
}
