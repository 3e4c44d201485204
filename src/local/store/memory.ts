import { OrderedMap } from './ordered-map.js';
import type { Snapshot, Store, StoredRecord, Transaction } from './store.js';

/** Keeps records in this process: gone when it ends. */
export class MemoryStore implements Store {
  readonly #records: OrderedMap<StoredRecord>;

  constructor(records = new OrderedMap<StoredRecord>()) {
    this.#records = records;
  }

  get<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#records.get(key) as Stored | undefined;
  }

  /** Records here are never overwritten. */
  getUncopied<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.get(key);
  }

  *keys(prefix: string, after = prefix): Generator<string, void, void> {
    for (const [key] of this.#records.entriesFrom(after)) {
      if (!key.startsWith(prefix)) return;
      if (key !== after) yield key;
    }
  }

  async write<Result>(change: (transaction: Transaction) => Result): Promise<Result> {
    const undo: (() => void)[] = [];
    const replace = (key: string, record: StoredRecord | undefined) => {
      const before = this.#records.get(key);
      undo.push(() => this.#set(key, before));
      this.#set(key, record);
    };
    try {
      return change({
        get: (key) => this.get(key),
        getUncopied: (key) => this.get(key),
        keys: (prefix, after) => this.keys(prefix, after),
        put: replace,
        remove: (key) => replace(key, undefined),
      });
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  snapshot(): Snapshot {
    const copy = new MemoryStore(this.#records.copy());
    return Object.assign(copy, { release() {} });
  }

  async close(): Promise<void> {}

  #set(key: string, record: StoredRecord | undefined): void {
    if (record === undefined) this.#records.delete(key);
    else this.#records.set(key, record);
  }
}
