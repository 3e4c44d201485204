import type { Reading, StoredRecord } from '../store/store.js';

/** Records whose keys are looked up together. */
const KEYS_AT_A_TIME = 128;

/**
 * All records under a prefix with their keys, each as it is when it is asked for: they may be changed in between.
 *
 * @param read reads a record
 */
export function* recordsUnder<Stored extends StoredRecord>(
  source: Reading,
  prefix: string,
  read = (key: string) => source.get<Stored>(key),
): Generator<[key: string, record: Stored], void, void> {
  for (let keys = keysAfter(source, prefix); keys.length > 0; keys = keysAfter(source, prefix, keys.at(-1))) {
    source.readAhead?.(keys);
    for (const key of keys) {
      const record = read(key);
      if (record) yield [key, record];
    }
  }
}

function keysAfter(source: Reading, prefix: string, after?: string): string[] {
  const keys: string[] = [];
  for (const key of source.keys(prefix, after)) if (keys.push(key) === KEYS_AT_A_TIME) break;
  return keys;
}
