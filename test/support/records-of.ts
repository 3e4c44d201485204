import type { Reading } from '../../src/local/store/store.js';

/** What a store holds, as JSON under its keys. */
export function recordsOf(store: Reading): Record<string, string> {
  return Object.fromEntries(Array.from(store.keys(''), (key) => [key, JSON.stringify(store.get(key))]));
}
