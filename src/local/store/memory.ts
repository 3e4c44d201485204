import { OrderedMap } from './ordered-map.js';
import type { Store, StoredRecord, Transaction } from './store.js';

/** Keeps records in this process: gone when it ends. */
export class MemoryStore implements Store {
  readonly #records = new OrderedMap<StoredRecord>();

  get<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#records.get(key) as Stored | undefined;
  }

  *entries<Stored extends StoredRecord>(
    prefix: string,
    after = prefix,
  ): Generator<[string, Stored], void, void> {
    for (const [key, record] of this.#records.entriesFrom(after)) {
      if (key === after) continue;
      if (!key.startsWith(prefix)) return;
      yield [key, record as Stored];
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
        entries: (prefix, after) => this.entries(prefix, after),
        put: replace,
        remove: (key) => replace(key, undefined),
      });
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  async close(): Promise<void> {}

  #set(key: string, record: StoredRecord | undefined): void {
    if (record === undefined) this.#records.delete(key);
    else this.#records.set(key, record);
  }
}
