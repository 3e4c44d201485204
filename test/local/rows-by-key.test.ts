import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packIds } from '../../src/local/search/packed-ids.js';
import { RowsByKey } from '../../src/local/search/rows-by-key.js';

/** What an index does with it: rows are numbered as they come. */
class NumberedKeys {
  readonly rows: RowsByKey;
  #count = 0;

  constructor(expected?: number) {
    this.rows = new RowsByKey(expected);
  }

  add(key: string): number {
    return this.rows.getOrSet(key, () => this.#count++);
  }

  addAll(keys: readonly string[]): number[] {
    return [...this.rows.getOrSetAll(packIds(keys), () => this.#count++)];
  }

  delete(key: string): void {
    this.rows.delete(key);
  }
}

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('rows by key', () => {
  it('holds what a map holds, whatever is added and deleted', () => {
    // Few keys, so that they come and go often.
    const aKey = fc.oneof(
      fc.nat({ max: 75 }).map((n) => `face ${n}`),
      fc.nat({ max: 75 }).map(uuid),
      fc.constantFrom('', 'ä', '\ud83d\ude00', '__proto__', '00000000-0000-0000-0000-000000000000'),
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
        const keys = new Map([...map].map(([key, row]) => [row, key]));
        for (let row = 0; row < changes.length; row++) expect(numbered.rows.keyOf(row)).toBe(keys.get(row));
      }),
      { numRuns: 200 },
    );
  });

  it('finds each of many, and none that was deleted', () => {
    const numbered = new NumberedKeys();
    for (let n = 0; n < 20_000; n++) expect(numbered.add(uuid(n))).toBe(n);
    for (let n = 0; n < 20_000; n += 2) numbered.delete(uuid(n));
    expect(numbered.rows.size).toBe(10_000);
    for (let n = 0; n < 20_000; n++) {
      expect(numbered.rows.get(uuid(n))).toBe(n % 2 === 0 ? undefined : n);
      expect(numbered.rows.keyOf(n)).toBe(n % 2 === 0 ? undefined : uuid(n));
    }
  });

  it('takes several at once, whether they are UUIDs or not, and knows those that it has', () => {
    const numbered = new NumberedKeys();
    expect(numbered.addAll([uuid(1), uuid(2)])).toEqual([0, 1]);
    expect(numbered.addAll(['ada', uuid(2), uuid(3)])).toEqual([2, 1, 3]);
    expect(numbered.addAll([uuid(3), uuid(4), uuid(1)])).toEqual([3, 4, 0]);
    expect([0, 1, 2, 3, 4, 5].map((row) => numbered.rows.keyOf(row))).toEqual([
      uuid(1),
      uuid(2),
      'ada',
      uuid(3),
      uuid(4),
      undefined,
    ]);
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
