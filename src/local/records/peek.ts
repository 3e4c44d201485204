import type { Reading, StoredRecord } from '../store/store.js';

/** A record whose arrays of numbers may be overwritten by whatever is read next. */
export function peek<Stored extends StoredRecord>(source: Reading, key: string): Stored | undefined {
  return source.peek ? source.peek<Stored>(key) : source.get<Stored>(key);
}
