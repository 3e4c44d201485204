import type { View } from '../face-vectors.js';
import { groupBy } from '../group-by.js';
import type { FaceVector } from '../vision/vision.js';
import { type Edit, edited } from './edit.js';
import { bytesOfVector, type PackedVectors, pack, unpack, unpackOne } from './packed-vectors.js';
import { peek } from './peek.js';
import { recordsUnder } from './records-under.js';
import type { Reading, Transaction } from './store.js';

/**
 * More vectors in a chunk would make every change rewrite more, and every search read more: at 32 KiB, 42 vectors of
 * 192 numbers, a change takes no longer than one of a small record.
 */
const CHUNK_BYTES = 32_768;
/** Short vectors fill it with ids rather. */
const MOST_PER_CHUNK = 256;

/** A vector, and whose it is. */
export interface StoredVector {
  /** Of a face or a user. */
  readonly id: string;
  readonly vector: FaceVector;
}

/** Several vectors, and whose they are. */
export interface StoredVectors {
  readonly ids: readonly string[];
  /** One after the other. */
  readonly vectors: Float32Array;
}

/** Several vectors, as they are stored, in the order of the ids. */
export type VectorChunk = PackedVectors & { readonly ids: readonly string[] };

/**
 * The vectors of one view kept under a prefix, in chunks numbered from 0 on, apart from what else is known of faces and
 * users: that says which chunk each is in.
 */
export class VectorChunks {
  constructor(
    private readonly source: Reading,
    protected readonly view: View,
    protected readonly prefix: string,
  ) {}

  /**
   * The vectors of each chunk, as they are when they are asked for: they may be changed in between. What is read next
   * may overwrite the vectors.
   */
  *all(): Generator<StoredVectors, void, void> {
    const read = (key: string) => peek<VectorChunk>(this.source, key);
    for (const [, chunk] of recordsUnder(this.source, this.prefix, read))
      yield { ids: chunk.ids, vectors: unpack(chunk) };
  }

  find(chunk: number, id: string): FaceVector | undefined {
    const found = peek<VectorChunk>(this.source, this.key(chunk));
    const at = found?.ids.indexOf(id) ?? -1;
    return found && at >= 0 ? unpackOne(found, found.ids.length, at).slice() : undefined;
  }

  protected read(chunk: number): StoredVector[] {
    const found = this.source.get<VectorChunk>(this.key(chunk));
    return found?.ids.map((id, i) => ({ id, vector: unpackOne(found, found.ids.length, i) })) ?? [];
  }

  /** Numbers of equally many digits sort as numbers do. */
  protected key(chunk: number): string {
    return this.prefix + String(chunk).padStart(8, '0');
  }
}

/** The same, to change them within one transaction. */
export class ChangingVectorChunks extends VectorChunks {
  constructor(
    private readonly transaction: Transaction,
    view: View,
    prefix: string,
  ) {
    super(transaction, view, prefix);
  }

  /**
   * Where new vectors go, one after the other: to the last chunk until it is full, then to new ones.
   *
   * @param last the chunk that was added to last
   * @param length how many numbers a vector has
   */
  *places(last: number, length: number): Generator<number, never, void> {
    const perChunk = Math.floor(CHUNK_BYTES / bytesOfVector(this.view, length));
    const most = Math.min(MOST_PER_CHUNK, Math.max(1, perChunk));
    for (let taken = this.read(last).length; ; taken++) yield last + Math.floor(taken / most);
  }

  edit(edits: readonly Edit<StoredVector>[]): void {
    for (const [chunk, ofChunk] of groupBy(edits, (edit) => edit.chunk)) {
      const vectors = edited(this.read(chunk), ofChunk);
      if (vectors.length === 0) this.transaction.remove(this.key(chunk));
      else
        this.transaction.put(this.key(chunk), {
          ids: vectors.map(({ id }) => id),
          ...pack(
            this.view,
            vectors.map(({ vector }) => vector),
          ),
        } satisfies VectorChunk);
    }
  }
}
