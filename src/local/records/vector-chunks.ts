import type { View } from '../search/face-vectors.js';
import { indexOfId, type PackedIds, packIds, UUID_BYTES, unpackIds } from '../search/packed-ids.js';
import { type QuantizedRows, quantizeVectors } from '../search/quantized-vectors.js';
import type { Reading, Transaction } from '../store/store.js';
import type { FaceVector } from '../vision/vision.js';
import { type ChunkChange, changed } from './chunk-change.js';
import { groupBy } from './group-by.js';
import { bytesOfVector, type PackedVectors, pack, unpack, unpackOne } from './packed-vectors.js';
import { recordsUnder } from './records-under.js';

/**
 * More vectors in a chunk would make every change rewrite more, and every search read more: at 28 KiB, 36 vectors of
 * 192 numbers, a change takes no longer than one of a small record. Seven pages of a disk store hold them, with what
 * is around them, and two hold them quantized.
 */
const CHUNK_BYTES = 7 * 4096 - 256;
/** Of short vectors the ids take more room than the numbers. */
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
export type VectorChunk = PackedVectors & { readonly ids: PackedIds };

/** Where vectors of one view are kept. */
export interface ChunkPrefixes {
  readonly vectors: string;
  /**
   * Of the same chunks quantized, so that an index is filled from a quarter of the bytes. Those of profiles are kept
   * quantized only, and then both prefixes are the same.
   */
  readonly quantized: string;
}

/**
 * The vectors of one view kept under a prefix, in chunks numbered from 0 on, apart from what else is known of faces and
 * users. The record of a face or a user says which chunk its vectors are in.
 */
export class VectorChunks {
  readonly #source: Reading;
  protected readonly view: View;
  protected readonly prefixes: ChunkPrefixes;

  constructor(source: Reading, view: View, prefixes: ChunkPrefixes) {
    this.#source = source;
    this.view = view;
    this.prefixes = prefixes;
  }

  /**
   * The vectors of each chunk, as they are when it is reached: chunks may be changed in between. The next read may
   * overwrite the vectors.
   */
  *all(): Generator<StoredVectors, void, void> {
    const read = (key: string) => this.#source.getUncopied<VectorChunk>(key);
    for (const [, chunk] of recordsUnder(this.#source, this.prefixes.vectors, read))
      yield { ids: unpackIds(chunk.ids), vectors: unpack(chunk) };
  }

  /** The same, quantized. The next read may overwrite all of it. */
  *allQuantized(): Generator<QuantizedRows, void, void> {
    const read = (key: string) => this.#source.getUncopied<QuantizedRows>(key);
    for (const [, chunk] of recordsUnder(this.#source, this.prefixes.quantized, read)) yield chunk;
  }

  find(chunk: number, id: string): FaceVector | undefined {
    const found = this.#source.getUncopied<VectorChunk>(this.prefixes.vectors + nameOf(chunk));
    const at = found ? indexOfId(found.ids, id) : -1;
    return found && at >= 0 ? unpackOne(found, countOf(found), at).slice() : undefined;
  }

  protected read(chunk: number): StoredVector[] {
    const found = this.#source.get<VectorChunk>(this.prefixes.vectors + nameOf(chunk));
    if (!found) return [];
    return unpackIds(found.ids).map((id, i) => ({ id, vector: unpackOne(found, countOf(found), i) }));
  }
}

/** The same, to change them within one transaction. */
export class ChangingVectorChunks extends VectorChunks {
  readonly #transaction: Transaction;

  constructor(transaction: Transaction, view: View, prefixes: ChunkPrefixes) {
    super(transaction, view, prefixes);
    this.#transaction = transaction;
  }

  /**
   * Where new vectors go, one after the other: to the last chunk until it is full, then to new ones.
   *
   * @param last the chunk that was added to last
   * @param length how many numbers a vector has
   */
  *places(last: number, length: number): Generator<number, never, void> {
    const perChunk = Math.floor(CHUNK_BYTES / (bytesOfVector(this.view, length) + UUID_BYTES));
    const most = Math.min(MOST_PER_CHUNK, Math.max(1, perChunk));
    for (let taken = this.read(last).length; ; taken++) yield last + Math.floor(taken / most);
  }

  change(changes: readonly ChunkChange<StoredVector>[]): void {
    const { vectors, quantized } = this.prefixes;
    const chunks = Array.from(
      groupBy(changes, ({ chunk }) => chunk),
      ([chunk, ofChunk]) => ({
        name: nameOf(chunk),
        items: changed(this.read(chunk), ofChunk),
      }),
    );
    this.#keep(vectors, chunks, (items) => pack(this.view, items));
    // In a loop of their own, so that they lie behind each other on disk and are read faster.
    if (quantized !== vectors) this.#keep(quantized, chunks, quantizeVectors);
  }

  #keep(
    prefix: string,
    chunks: readonly { readonly name: string; readonly items: readonly StoredVector[] }[],
    packed: (vectors: readonly FaceVector[]) => PackedVectors,
  ): void {
    for (const { name, items } of chunks) {
      const ids = packIds(items.map(({ id }) => id));
      if (items.length === 0) this.#transaction.remove(prefix + name);
      else
        this.#transaction.put(prefix + name, {
          ids,
          ...packed(items.map(({ vector }) => vector)),
        } satisfies VectorChunk);
    }
  }
}

/** Numbers of equally many digits sort as numbers do. */
function nameOf(chunk: number): string {
  return String(chunk).padStart(8, '0');
}

function countOf({ ids }: VectorChunk): number {
  return ids instanceof Uint8Array ? ids.length / UUID_BYTES : ids.length;
}
