/**
 * What a record may be: plain data as JSON takes it, with arrays of numbers at its top level as `Float32Array`,
 * `Int8Array`, `Uint8Array` or `Int32Array`.
 */
export type StoredRecord = object | true;

/** Looking things up. Everything read without an `await` in between belongs to one moment. */
export interface Reading {
  /** The record under a key, of the type that it was written with. Records are never changed, only replaced. */
  get<Stored extends StoredRecord>(key: string): Stored | undefined;
  /** The same without copying its arrays of numbers: the next read may overwrite them. */
  getUncopied<Stored extends StoredRecord>(key: string): Stored | undefined;
  /** Announces which records are looked up next. A store may have a thread fetch them from disk. */
  readAhead?(keys: readonly string[]): void;
  /**
   * Keys that begin with a prefix, in ascending order. Change nothing while walking them.
   *
   * @param after begin behind this key, which need not exist (any more); without it, at the first
   */
  keys(prefix: string, after?: string): Iterable<string>;
}

/** Looking things up and changing them, as one step. */
export interface Transaction extends Reading {
  put(key: string, record: StoredRecord): void;
  /** Does nothing when there is no such key. */
  remove(key: string): void;
}

/** All records as they are at one moment, whatever is changed meanwhile. */
export interface Snapshot extends Reading {
  /** Ends it. Until then, what is changed takes more room. */
  release(): void;
}

/**
 * Where the engine keeps its records: an ordered map that changes in transactions. Keys are printable ASCII.
 *
 * `change` runs without interruption and sees its own changes. It either happens as a whole or, when it throws,
 * not at all; and it is over before the next one begins. So it cannot wait for anything: what takes time (models,
 * downloads) is done before it, and the records that this relied on are looked up in it once more.
 */
export interface Store extends Reading {
  /** @returns what `change` returned, once the change is safe */
  write<Result>(change: (transaction: Transaction) => Result): Promise<Result>;
  snapshot(): Snapshot;
  /** Finishes what was written. Nothing can be looked up from then on. */
  close(): Promise<void>;
}
