import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedMap } from '../../src/local/store/ordered-map.js';

describe('an ordered map', () => {
  it('holds what a map holds, in the order of the keys, from any key on', () => {
    const aKey = fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', 'c', '/') });
    const changes = fc.array(fc.record({ key: aKey, value: fc.option(fc.nat()) }), { maxLength: 80 });
    fc.assert(
      fc.property(changes, aKey, (changed, from) => {
        const map = new OrderedMap<number>();
        const expected = new Map<string, number>();
        for (const { key, value } of changed) {
          if (value === null) expect(map.delete(key)).toBe(expected.delete(key));
          else {
            map.set(key, value);
            expected.set(key, value);
          }
        }
        const sorted = [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
        expect([...map.entriesFrom('')]).toEqual(sorted);
        expect([...map.entriesFrom(from)]).toEqual(sorted.filter(([key]) => key >= from));
        expect(map.size).toBe(expected.size);
      }),
    );
  });

  it('stays in order through tens of thousands of keys', () => {
    const map = new OrderedMap<number>();
    const keys = Array.from({ length: 20_000 }, (_, i) => String((i * 7919) % 20_000).padStart(5, '0'));
    for (const key of keys) map.set(key, 1);
    const isGone = (key: string) => (key > '03000' && key < '12000') || key.endsWith('7');
    for (const key of keys.filter(isGone)) map.delete(key);
    const left = keys.filter((key) => !isGone(key)).sort();
    expect(Array.from(map.entriesFrom(''), ([key]) => key)).toEqual(left);
    for (const from of ['02999', '07000', '12345'])
      expect(map.entriesFrom(from).next().value).toEqual([left.find((key) => key >= from), 1]);
  });
});
