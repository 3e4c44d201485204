import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUncopied, encodeRecord } from '../../src/local/store/record-encoding.js';
import type { Store, StoredRecord, Transaction } from '../../src/local/store/store.js';
import { STORES } from '../support/stores.js';

const all = (store: Pick<Store, 'keys' | 'get'>) =>
  Object.fromEntries(Array.from(store.keys(''), (key) => [key, store.get(key)]));

describe.each(STORES)('a store %s', (_, open) => {
  it('gives back what was put, as it was', async () => {
    const store = await open();
    const records: Record<string, StoredRecord> = {
      plain: { text: 'Ådå "…" \u0000 \ud83d\ude00', list: [1, 0.1, -1e-9, null, [{}]], yes: true },
      proto: JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'),
      numbers: {
        vector: new Float32Array([1, -0, 1e-45, 3.4e38, Number.NaN]),
        of: 'ada',
        more: new Float32Array(3),
        bytes: new Int8Array([1, -128, 127]),
        after: new Float32Array([2 ** 24]),
      },
      none: { empty: new Float32Array(0) },
      claim: true,
    };
    await store.write((transaction) => {
      for (const [key, record] of Object.entries(records)) transaction.put(key, record);
    });
    expect(all(store)).toEqual(records);
    expect(store.get('missing')).toBeUndefined();
  });

  it('gives it without copying too, until the next read', async () => {
    const store = await open();
    const record = (n: number) => ({ name: 'é'.repeat(n), numbers: new Float32Array(1000).fill(n) });
    await store.write((transaction) => {
      for (const n of [1, 2, 3]) transaction.put(String(n), record(n));
    });
    const snapshot = store.snapshot();
    await store.write((transaction) => {
      transaction.put('2', record(5));
      expect(transaction.getUncopied('2')).toEqual(record(5));
      expect(transaction.getUncopied('missing')).toBeUndefined();
    });
    expect([1, 2, 3].map((n) => structuredClone(store.getUncopied(String(n))))).toEqual(
      [1, 5, 3].map(record),
    );
    expect([1, 2, 3].map((n) => structuredClone(snapshot.getUncopied(String(n))))).toEqual(
      [1, 2, 3].map(record),
    );
    snapshot.release();

    // A copy lasts.
    const got = store.get('1');
    store.getUncopied('3');
    expect(got).toEqual(record(1));
  });

  it('undoes a change that fails, as a whole', async () => {
    const store = await open();
    await store.write((transaction) => {
      transaction.put('a', { n: 1 });
      transaction.put('b', { n: 2 });
    });
    const before = all(store);
    const failing = store.write((transaction: Transaction) => {
      transaction.put('a', { n: 3 });
      transaction.remove('b');
      transaction.put('c', { n: 4 });
      transaction.put('a', { n: 5 });
      expect(transaction.get('a')).toEqual({ n: 5 });
      expect([...transaction.keys('')]).toEqual(['a', 'c']);
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(all(store)).toEqual(before);
  });

  it('keeps changes that were asked for together apart', async () => {
    const store = await open();
    const count = (by: number) =>
      store.write((transaction) => {
        const { n } = transaction.get<{ n: number }>('count') ?? { n: 0 };
        transaction.put('count', { n: n + by });
        if (by === 0) throw new Error('for nothing');
        return n + by;
      });
    const counted = await Promise.allSettled([1, 2, 0, 3].map(count));
    expect(counted.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'undone'))).toEqual([
      1,
      3,
      'undone',
      6,
    ]);
    expect(all(store)).toEqual({ count: { n: 6 } });
  });

  it('answers changes in their order, and shows them when it has', async () => {
    const store = await open();
    const order: number[] = [];
    const change = async (n: number) => {
      await store.write((transaction) => transaction.put(String(n), { n }));
      order.push(n);
      expect(store.get(String(n))).toEqual({ n });
    };
    await Promise.all([1, 2, 3, 4, 5].map(change));
    expect(order).toEqual([1, 2, 3, 4, 5]);
  });

  it('lists what begins with a prefix, from behind a key on, whether that exists or not', async () => {
    const store = await open();
    await store.write((transaction) => {
      for (const key of ['a/1', 'b/1', 'b/3', 'b/5', 'b0', 'c/1']) transaction.put(key, { key });
    });
    const keys = (prefix: string, after?: string) => [...store.keys(prefix, after)];
    expect(keys('b/')).toEqual(['b/1', 'b/3', 'b/5']);
    expect(keys('b/', 'b/3')).toEqual(['b/5']);
    expect(keys('b/', 'b/2')).toEqual(['b/3', 'b/5']);
    expect(keys('d/')).toEqual([]);
    expect(keys('')).toHaveLength(6);
  });

  it('takes the longest keys there are', async () => {
    const store = await open();
    const id = (length: number) => 'x'.repeat(length);
    const key = `token-expiry/${id(15)}/token/${id(255)}/DisassociateFaces/${id(64)}/${id(128)}`;
    await store.write((transaction) => transaction.put(key, { key }));
    expect(all(store)).toEqual({ [key]: { key } });
  });

  it('keeps a moment for as long as it is wanted', async () => {
    const store = await open();
    await store.write((transaction) => {
      for (const key of ['a', 'b', 'c']) transaction.put(key, { was: 'before' });
    });
    const snapshot = store.snapshot();
    const before = all(store);
    await store.write((transaction) => {
      transaction.put('a', { is: 'after' });
      transaction.remove('b');
      transaction.put('d', { is: 'after' });
    });
    expect(all(snapshot)).toEqual(before);
    snapshot.release();
    expect(Object.keys(all(store))).toEqual(['a', 'c', 'd']);
  });

  it('holds what a map holds, in the order of the keys', async () => {
    const aKey = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '/', '-', '~') });
    const changes = fc.array(fc.array(fc.record({ key: aKey, n: fc.option(fc.nat()) }), { maxLength: 9 }), {
      maxLength: 9,
    });
    await fc.assert(
      fc.asyncProperty(changes, aKey, async (steps, prefix) => {
        const store = await open();
        const expected = new Map<string, object>();
        for (const step of steps) {
          await store.write((transaction) => {
            for (const { key, n } of step) {
              if (n === null) transaction.remove(key);
              else transaction.put(key, { n });
              if (n === null) expected.delete(key);
              else expected.set(key, { n });
            }
          });
        }
        const sorted = [...expected.keys()].sort();
        expect([...store.keys('')]).toEqual(sorted);
        expect([...store.keys(prefix)]).toEqual(sorted.filter((k) => k.startsWith(prefix) && k !== prefix));
        for (const key of sorted) expect(store.get(key)).toEqual(expected.get(key));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a record', () => {
  it('can be read without copying wherever its bytes are', () => {
    const record = {
      numbers: new Float32Array([1, 2]),
      bytes: new Int8Array([3]),
      more: new Float32Array([4]),
    };
    const bytes = encodeRecord('key', record);
    for (const at of [0, 1, 2, 4]) {
      const there = Buffer.alloc(at + bytes.length);
      there.set(bytes, at);
      expect(decodeUncopied('key', there.subarray(at))).toEqual(record);
    }
  });
});
