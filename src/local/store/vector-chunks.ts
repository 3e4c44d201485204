import type { FaceVector } from '../vision/vision.js';
import type { Reading, Transaction } from './store.js';

/**
 * Vectors are kept apart from what else is known of faces and users, and many to a record, so that a search index
 * is filled by reading a few long records. More in one would make every change rewrite more: at 32 KiB, 64 vectors
 * of 128 numbers, a change takes no longer than one of a small record.
 */
const CHUNK_BYTES = 32_768;

/** Chunks whose keys are looked up together. */
const KEYS_AT_A_TIME = 64;

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

/** The vectors kept under a prefix, in chunks numbered from 0 on. An id does not know its chunk: whoever asks does. */
export class VectorChunks {
  constructor(
    private readonly source: Reading,
    private readonly prefix: string,
  ) {}

  /** All chunks, each as it is when it is asked for: they may be changed in between. */
  *all(): Generator<VectorChunk, void, void> {
    for (let keys = this.#keysAfter(); keys.length > 0; keys = this.#keysAfter(keys.at(-1))) {
      for (const key of keys) {
        const chunk = this.source.get<VectorChunk>(key);
        if (chunk) yield chunk;
      }
    }
  }

  find(chunk: number, id: string): FaceVector | undefined {
    const { ids, numbers } = this.read(chunk);
    const at = ids.indexOf(id);
    const length = numbers.length / ids.length;
    return at < 0 ? undefined : numbers.slice(at * length, (at + 1) * length);
  }

  #keysAfter(after?: string): string[] {
    const keys: string[] = [];
    for (const key of this.source.keys(this.prefix, after)) if (keys.push(key) === KEYS_AT_A_TIME) break;
    return keys;
  }

  protected read(chunk: number): VectorChunk {
    return this.source.get<VectorChunk>(this.key(chunk)) ?? EMPTY;
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
    prefix: string,
  ) {
    super(transaction, prefix);
  }

  /**
   * Adds vectors, all of one length, to the last chunk and as many new ones as it takes.
   *
   * @param last the chunk that was added to last
   * @returns for each vector, which chunk it went to; the last of them is the last chunk now
   */
  add(last: number, vectors: readonly StoredVector[]): number[] {
    const chunks: number[] = [];
    let chunk = last;
    while (chunks.length < vectors.length) {
      const before = this.read(chunk);
      const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / vectors[0]!.vector.byteLength));
      const added = vectors.slice(chunks.length, chunks.length + Math.max(0, perChunk - before.ids.length));
      if (added.length > 0) this.#put(chunk, [...unpacked(before), ...added]);
      for (const _ of added) chunks.push(chunk);
      if (chunks.length < vectors.length) chunk++;
    }
    return chunks;
  }

  replace(chunk: number, vector: StoredVector): void {
    this.#put(
      chunk,
      unpacked(this.read(chunk)).map((stored) => (stored.id === vector.id ? vector : stored)),
    );
  }

  remove(chunk: number, id: string): void {
    this.#put(
      chunk,
      unpacked(this.read(chunk)).filter((stored) => stored.id !== id),
    );
  }

  #put(chunk: number, vectors: readonly StoredVector[]): void {
    if (vectors.length === 0) {
      this.transaction.remove(this.key(chunk));
      return;
    }
    const length = vectors[0]!.vector.length;
    const numbers = new Float32Array(vectors.length * length);
    for (const [i, { vector }] of vectors.entries()) numbers.set(vector, i * length);
    this.transaction.put(this.key(chunk), {
      ids: vectors.map(({ id }) => id),
      faces: vectors.map(({ faces }) => faces),
      numbers,
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
