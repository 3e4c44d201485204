import { groupBy } from '../group-by.js';
import type { Sketcher } from '../vectors/sketch.js';
import type { FaceVector } from '../vision/vision.js';
import { vectorsPerChunk } from './chunk-sizes.js';
import { type Edit, edited } from './edit.js';
import { peek } from './peek.js';
import { recordsUnder } from './records-under.js';
import type { Reading, Transaction } from './store.js';
import type { ChangingVectorSketches, SketchEntry } from './vector-sketches.js';

/** A vector, and whose it is. */
export interface StoredVector {
  /** Of a face or a user. */
  readonly id: string;
  readonly vector: FaceVector;
  /** How many faces it is made of: 1 for a face, 1 and up for a user. */
  readonly faces: number;
}

/** Several vectors, as they are stored. All lists are in the same order. */
export interface VectorChunk {
  readonly ids: readonly string[];
  readonly faces: readonly number[];
  /** One vector after the other. */
  readonly numbers: Float32Array;
}

const EMPTY: VectorChunk = { ids: [], faces: [], numbers: new Float32Array(0) };

/**
 * The vectors kept under a prefix, in chunks numbered from 0 on, apart from what else is known of faces and users. An
 * id does not know its chunk: whoever asks does.
 */
export class VectorChunks {
  constructor(
    private readonly source: Reading,
    private readonly prefix: string,
  ) {}

  /** All chunks, each as it is when it is asked for: they may be changed in between. */
  *all(): Generator<VectorChunk, void, void> {
    for (const [, chunk] of this.numbered()) yield chunk;
  }

  /** The same, with their numbers. */
  *numbered(): Generator<[number, VectorChunk], void, void> {
    for (const [key, chunk] of recordsUnder<VectorChunk>(this.source, this.prefix))
      yield [Number(key.slice(this.prefix.length)), chunk];
  }

  find(chunk: number, id: string): FaceVector | undefined {
    const { ids, numbers } = peek<VectorChunk>(this.source, this.key(chunk)) ?? EMPTY;
    const at = ids.indexOf(id);
    const length = numbers.length / ids.length;
    return at < 0 ? undefined : numbers.slice(at * length, (at + 1) * length);
  }

  protected read(chunk: number): VectorChunk {
    return this.source.get<VectorChunk>(this.key(chunk)) ?? EMPTY;
  }

  /** Numbers of equally many digits sort as numbers do. */
  protected key(chunk: number): string {
    return this.prefix + String(chunk).padStart(8, '0');
  }
}

/** The same, to change them within one transaction. Their sketches follow. */
export class ChangingVectorChunks extends VectorChunks {
  constructor(
    private readonly transaction: Transaction,
    prefix: string,
    private readonly sketcher: Sketcher,
    private readonly sketches: readonly ChangingVectorSketches[],
  ) {
    super(transaction, prefix);
  }

  /**
   * Adds vectors to the last chunk and as many new ones as it takes.
   *
   * @param last the chunk that was added to last
   * @returns for each vector, which chunk it went to; the last of them is the last chunk now
   */
  add(last: number, vectors: readonly StoredVector[]): number[] {
    const perChunk = vectorsPerChunk(this.sketcher.tables.vectorLength);
    const taken = this.read(last).ids.length;
    const chunks = vectors.map((_, i) => last + Math.floor((taken + i) / perChunk));
    this.#edit(vectors.map((vector, i) => ({ chunk: chunks[i]!, id: vector.id, now: vector })));
    return chunks;
  }

  replace(chunk: number, vector: StoredVector): void {
    this.#edit([{ chunk, id: vector.id, now: vector }]);
  }

  remove(places: readonly { chunk: number; id: string }[]): void {
    this.#edit(places);
  }

  /** Makes all sketches anew. */
  sketchAll(): void {
    for (const sketches of this.sketches) sketches.clear();
    const all = Array.from(this.numbered(), ([chunk, vectors]) =>
      unpacked(vectors).map((vector) => ({ chunk, id: vector.id, now: vector })),
    );
    this.#editSketches(all.flat());
  }

  #edit(edits: readonly Edit<StoredVector>[]): void {
    for (const [chunk, ofChunk] of groupBy(edits, (edit) => edit.chunk))
      this.#put(chunk, edited(unpacked(this.read(chunk)), ofChunk));
    this.#editSketches(edits);
  }

  #editSketches(edits: readonly Edit<StoredVector>[]): void {
    const vectors = edits.flatMap(({ now }) => now ?? []);
    const sketch = this.sketcher.sketch(oneAfterTheOther(vectors));
    let row = 0;
    const ofRows = edits.map(({ chunk, id, now }): Edit<SketchEntry> => {
      return { chunk, id, now: now && { id, faces: now.faces, sketch, row: row++ } };
    });
    for (const sketches of this.sketches) sketches.edit(ofRows);
  }

  #put(chunk: number, vectors: readonly StoredVector[]): void {
    if (vectors.length === 0) {
      this.transaction.remove(this.key(chunk));
      return;
    }
    this.transaction.put(this.key(chunk), {
      ids: vectors.map(({ id }) => id),
      faces: vectors.map(({ faces }) => faces),
      numbers: oneAfterTheOther(vectors),
    } satisfies VectorChunk);
  }
}

/** The vectors of a chunk one by one, each a window on the chunk's numbers. */
export function unpacked({ ids, faces, numbers }: VectorChunk): StoredVector[] {
  const length = numbers.length / ids.length;
  return ids.map((id, i) => ({
    id,
    vector: numbers.subarray(i * length, (i + 1) * length),
    faces: faces[i]!,
  }));
}

function oneAfterTheOther(vectors: readonly StoredVector[]): Float32Array {
  const length = vectors[0]?.vector.length ?? 0;
  const numbers = new Float32Array(vectors.length * length);
  for (const [i, { vector }] of vectors.entries()) numbers.set(vector, i * length);
  return numbers;
}
