/** Shorter parts are scanned as they are. */
const PROJECTED_FROM = 256;

/** Numbers of a projected vector. */
export const PROJECTED_LENGTH = 64;

/** A part of a vector, and the table that it is kept in. */
export interface PartTable {
  /** Where it begins in the vector, and how many numbers it has. */
  readonly start: number;
  readonly length: number;
  readonly table: number;
}

/** A part that has a table of projected vectors too. */
export interface LongPartTable extends PartTable {
  readonly short: number;
}

/**
 * Which tables the vectors of a space are kept in, quantised: first one for each part, then one of projected vectors
 * for each long part. Once projections were learned, a search scans these instead of the long ones, which it looks at
 * only for the few rows that are left.
 */
export class VectorTables {
  readonly parts: readonly PartTable[];
  readonly longParts: readonly LongPartTable[];
  /** Numbers that a row has in each table, filled up with zeros. */
  readonly lengths: readonly number[];
  /** Numbers of a vector. */
  readonly vectorLength: number;

  /** @param partLengths how many numbers each part has */
  constructor(partLengths: readonly number[]) {
    let start = 0;
    this.parts = partLengths.map((length, table) => {
      const part = { start, length, table };
      start += length;
      return part;
    });
    this.vectorLength = start;
    this.longParts = this.parts
      .filter(({ length }) => length >= PROJECTED_FROM)
      .map((part, i) => ({ ...part, short: partLengths.length + i }));
    this.lengths = [...partLengths.map(paddedLength), ...this.longParts.map(() => PROJECTED_LENGTH)];
  }

  /** The tables that every search scans. */
  coarse(hasLearned: boolean): number[] {
    const fine = this.fine(hasLearned);
    const tables = hasLearned ? this.lengths : this.parts;
    return Array.from(tables.keys()).filter((table) => !fine.includes(table));
  }

  /** The tables that are looked at only for the rows that scanning leaves. */
  fine(hasLearned: boolean): number[] {
    return hasLearned ? this.longParts.map(({ table }) => table) : [];
  }
}

/** The length of vectors as the kernel takes them. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 16) * 16;
}
