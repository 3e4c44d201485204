import { groupBy } from '../group-by.js';
import { pickRows, type Sketch, type SketchRow } from '../vectors/sketch.js';
import type { VectorTables } from '../vectors/tables.js';
import { type Edit, edited } from './edit.js';
import { peek } from './peek.js';
import { recordsUnder } from './records-under.js';
import type { Reading, Transaction } from './store.js';

/** The sketch of some vectors, as it is stored. All lists are in the same order. */
export interface StoredSketch extends Sketch {
  readonly ids: readonly string[];
  /** Of how many faces each vector is made. */
  readonly faces: readonly number[];
}

/** A row of a sketch, and whose it is. */
export interface SketchEntry extends SketchRow {
  readonly id: string;
  readonly faces: number;
}

/** Sketches of the vectors that are kept in chunks: some of their tables. They are what a search index is filled with. */
export class VectorSketches {
  constructor(
    private readonly source: Reading,
    protected readonly prefix: string,
  ) {}

  /**
   * All sketches, each as it is when it is asked for: they may be changed in between. What they hold may be
   * overwritten by whatever is read next.
   */
  *all(): Generator<StoredSketch, void, void> {
    const read = (key: string) => peek<StoredSketch>(this.source, key);
    for (const [, sketch] of recordsUnder(this.source, this.prefix, read)) yield sketch;
  }
}

/** The same, to change them within one transaction, together with the chunks. */
export class ChangingVectorSketches extends VectorSketches {
  readonly #transaction: Transaction;
  readonly #tables: VectorTables;
  readonly #held: readonly number[];
  readonly #chunksPerSketch: number;

  /**
   * @param held the tables to keep: maybe none, and then nothing is kept
   * @param chunksPerSketch several chunks share one sketch, which is that much shorter. Always as many under a prefix:
   *   else whoever reads them all would miss some when that is changed
   */
  constructor(
    transaction: Transaction,
    prefix: string,
    tables: VectorTables,
    held: readonly number[],
    chunksPerSketch: number,
  ) {
    super(transaction, prefix);
    this.#transaction = transaction;
    this.#tables = tables;
    this.#held = held;
    this.#chunksPerSketch = chunksPerSketch;
  }

  /** @param edits of vectors in the chunks: their rows now, with all tables */
  edit(edits: readonly Edit<SketchEntry>[]): void {
    if (this.#held.length === 0) return;
    for (const [key, ofSketch] of groupBy(edits, ({ chunk }) => this.#keyFor(chunk))) {
      const before = peek<StoredSketch>(this.#transaction, key);
      this.#put(key, edited(before ? entriesOf(before) : [], ofSketch));
    }
  }

  clear(): void {
    for (const key of [...this.#transaction.keys(this.prefix)]) this.#transaction.remove(key);
  }

  /** Numbers of equally many digits sort as numbers do. */
  #keyFor(chunk: number): string {
    return this.prefix + String(Math.floor(chunk / this.#chunksPerSketch)).padStart(8, '0');
  }

  #put(key: string, entries: readonly SketchEntry[]): void {
    if (entries.length === 0) {
      this.#transaction.remove(key);
      return;
    }
    this.#transaction.put(key, {
      ...pickRows(this.#tables, this.#held, entries),
      ids: entries.map(({ id }) => id),
      faces: entries.map(({ faces }) => faces),
    } satisfies StoredSketch);
  }
}

function entriesOf(sketch: StoredSketch): SketchEntry[] {
  return sketch.ids.map((id, row) => ({ id, faces: sketch.faces[row]!, sketch, row }));
}
