import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowsByKey } from '../../src/local/vectors/rows-by-key.js';

/** What an index does with it: rows are numbered as they come, and know their keys. */
class NumberedKeys {
  readonly keys: (string | undefined)[] = [];
  readonly rows: RowsByKey;

  constructor(expected?: number) {
    this.rows = new RowsByKey((row) => this.keys[row], expected);
  }

  add(key: string): number {
    return this.rows.getOrSet(key, () => this.keys.push(key) - 1);
  }

  delete(key: string): void {
    const row = this.rows.get(key);
    this.rows.delete(key);
    if (row !== undefined) this.keys[row] = undefined;
  }
}

describe('rows by key', () => {
  it('holds what a map holds, whatever is added and deleted', () => {
    // Few keys, so that they come and go often.
    const aKey = fc.oneof(
      fc.nat({ max: 150 }).map((n) => `face ${n}`),
      fc.constantFrom('', 'ä', '\ud83d\ude00', '__proto__'),
    );
    const aChange = fc.record({ key: aKey, isDeleted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 1000 }), fc.nat({ max: 500 }), (changes, expected) => {
        const numbered = new NumberedKeys(expected);
        const map = new Map<string, number>();
        for (const { key, isDeleted } of changes) {
          if (isDeleted) {
            numbered.delete(key);
            map.delete(key);
          } else {
            const isNew = !map.has(key);
            const row = numbered.add(key);
            if (isNew) map.set(key, row);
            expect(row).toBe(map.get(key));
          }
          expect(numbered.rows.size).toBe(map.size);
        }
        for (const { key } of changes) expect(numbered.rows.get(key)).toBe(map.get(key));
      }),
      { numRuns: 200 },
    );
  });

  it('finds each of many, and none that was deleted', () => {
    const numbered = new NumberedKeys();
    const key = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    for (let n = 0; n < 20_000; n++) expect(numbered.add(key(n))).toBe(n);
    for (let n = 0; n < 20_000; n += 2) numbered.delete(key(n));
    expect(numbered.rows.size).toBe(10_000);
    for (let n = 0; n < 20_000; n++) expect(numbered.rows.get(key(n))).toBe(n % 2 === 0 ? undefined : n);
  });

  it('has room for as many keys as come and go, one after the other', () => {
    const numbered = new NumberedKeys();
    numbered.add('stays');
    for (let n = 0; n < 100_000; n++) {
      numbered.add(`goes ${n}`);
      numbered.delete(`goes ${n}`);
    }
    expect(numbered.rows.size).toBe(1);
    expect(numbered.rows.get('stays')).toBe(0);
    expect(numbered.rows.get('goes 99999')).toBeUndefined();
  });
});
