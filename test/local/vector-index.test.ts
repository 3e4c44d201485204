import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/local/search/distances.js';
import { quantizeVectors } from '../../src/local/search/quantized-vectors.js';
import { VectorIndex } from '../../src/local/search/vector-index.js';
import { bellCurve, IndexedVectors } from '../support/indexed-vectors.js';

const SHORT = { length: 3, metric: 'euclidean' } as const;
const SEVEN = { length: 7, metric: 'euclidean' } as const;
const SEVEN_BY_COSINE = { length: 7, metric: 'cosine' } as const;
const LONG = { length: 320, metric: 'cosine' } as const;
const numbers = (...values: number[]) => Float32Array.from(values);

/** The same direction, of length 1. */
function scaled(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

describe('the distance of two vectors', () => {
  it('is Euclidean, or 1 less their cosine', () => {
    expect(distance('euclidean', numbers(0, 3, 1, 1, 1), numbers(4, 0, 1, 1, 1))).toBe(5);
    expect(distance('cosine', numbers(1, 0), numbers(0, 1))).toBe(1);
    expect(distance('cosine', numbers(1, 0), numbers(-1, 0))).toBe(2);
    expect(distance('cosine', numbers(1, 0), numbers(0.6, 0.8))).toBeCloseTo(0.4, 6);
    expect(distance('cosine', numbers(0.6, 0.8), numbers(0.6, 0.8))).toBe(0);
  });
});

describe('a vector index', () => {
  const aNumber = fc.oneof(
    { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
    // The largest and smallest there are, and none at all.
    { weight: 1, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, 2 ** -149, 3e38, -3e38, Number.NaN, Number.POSITIVE_INFINITY),
    },
  );
  const aTameVector = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 7, maxLength: 7 });
  const aWildVector = fc.array(aNumber, { minLength: 7, maxLength: 7 });
  const aVector = fc.oneof(aTameVector, aWildVector).map((values) => numbers(...values));
  // Few keys, so that they are replaced and deleted often; few different vectors, so that there are ties.
  const aKey = fc.integer({ min: 0, max: 100 }).map((n) => `face ${n}`);
  const aChange = fc.oneof(
    { weight: 3, arbitrary: fc.record({ key: aKey, vector: aVector }) },
    fc.record({
      key: aKey,
      vector: fc.constantFrom(undefined, new Float32Array(7), new Float32Array(7).fill(1)),
    }),
  );
  type Search = {
    vector: Float32Array;
    limit: number;
    within?: number | undefined;
    except?: string | undefined;
  };
  const aSearch: fc.Arbitrary<Search> = fc.record({
    vector: fc.oneof(aVector, fc.constantFrom(new Float32Array(7), new Float32Array(7).fill(1))),
    limit: fc.integer({ min: 1, max: 50 }),
    within: fc.option(fc.constantFrom(0, 1, 2.5, 1e38), { nil: undefined }),
    except: fc.option(aKey, { nil: undefined }),
  });

  /** Where cosines count, vectors have length 1, as far as that is possible. */
  const aSpace = fc.constantFrom(
    { space: SEVEN, prepared: (vector: Float32Array) => vector },
    { space: SEVEN_BY_COSINE, prepared: scaled },
  );
  type Prepare = (vector: Float32Array) => Float32Array;
  const apply = (
    indexed: IndexedVectors,
    prepared: Prepare,
    { key, vector }: { key: string; vector: Float32Array | undefined },
  ) => (vector ? indexed.set(key, prepared(vector)) : indexed.delete(key));
  /** Holds a search against measuring all that is there when it is called. */
  const expectExact = async (
    indexed: IndexedVectors,
    prepared: Prepare,
    { vector, limit, within, except }: Search,
  ) => {
    const searched = prepared(vector);
    const expected = indexed.nearestOfAll(searched, { limit, within, except });
    const isNear = within === undefined ? undefined : (distance: number) => distance <= within;
    expect(await indexed.index.nearest(searched, { limit, except, isNear })).toEqual(expected);
  };

  it('finds just what measuring every vector finds, whatever was added, replaced and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpace,
        fc.array(aChange, { maxLength: 200 }),
        aSearch,
        async ({ space, prepared }, changes, search) => {
          const indexed = new IndexedVectors(space);
          for (const change of changes) apply(indexed, prepared, change);
          expect(indexed.index.size).toBe(indexed.vectors.size);
          await expectExact(indexed, prepared, search);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds just that in a thread too, while vectors come and go', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpace,
        fc.array(fc.oneof(aChange, aSearch), { minLength: 20, maxLength: 200 }),
        async ({ space, prepared }, steps) => {
          const indexed = new IndexedVectors(space, { threadAbove: 0 });
          for (const step of steps) {
            if ('limit' in step) await expectExact(indexed, prepared, step);
            else apply(indexed, prepared, step);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('finds what came and went during a search in the next one', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpace,
        fc.constantFrom(0, 100_000),
        fc.array(aChange, { maxLength: 100 }),
        fc.array(aChange, { maxLength: 50 }),
        aSearch,
        async ({ space, prepared }, threadAbove, before, meanwhile, search) => {
          const indexed = new IndexedVectors(space, { threadAbove });
          for (const change of before) apply(indexed, prepared, change);
          const searching = indexed.index.nearest(prepared(search.vector), { limit: search.limit });
          for (const change of meanwhile) apply(indexed, prepared, change);
          await searching;
          await expectExact(indexed, prepared, search);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is filled with many vectors at one go, whichever rows are free', async () => {
    const aBatch = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 });
    const next = bellCurve(2);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(3, 16),
        // Memory is got beforehand by the thread, or bit by bit.
        fc.constantFrom({}, { expected: 2000, threadAbove: 100 }),
        fc.array(aBatch, { minLength: 2, maxLength: 6 }),
        async (length, options, batches) => {
          const indexed = new IndexedVectors({ length, metric: 'euclidean' }, options);
          const aVector = () => Float32Array.from({ length }, next);
          for (const batch of batches) {
            const vectors = batch.map((n) => (n % 50 === 7 ? aVector().fill(Number.NaN) : aVector()));
            for (const [i, n] of batch.entries()) indexed.vectors.set(`face ${n}`, vectors[i]!);
            indexed.index.load({ ids: batch.map((n) => `face ${n}`), ...quantizeVectors(vectors) });
            for (const n of new Set(batch.filter((n) => n % 3 === 0))) indexed.delete(`face ${n}`);
            indexed.set('face 0', aVector());
          }
          expect(indexed.index.size).toBe(indexed.vectors.size);
          const vector = aVector();
          expect(await indexed.index.nearest(vector, { limit: 500 })).toEqual(
            indexed.nearestOfAll(vector, { limit: 500 }),
          );
        },
      ),
      { numRuns: 50 },
    );
    const index = new IndexedVectors(SHORT).index;
    const short = quantizeVectors([new Float32Array(2), new Float32Array(2)]);
    expect(() => index.load({ ids: ['a', 'b'], ...short })).toThrow(RangeError);
  });

  it('finds what it was filled with, whatever the vectors, as if each had been measured', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aVector, { minLength: 1, maxLength: 40 }),
        aVector,
        fc.integer({ min: 1, max: 20 }),
        async (vectors, searched, limit) => {
          const indexed = new IndexedVectors(SEVEN);
          for (const [i, vector] of vectors.entries()) indexed.vectors.set(`face ${i}`, vector);
          indexed.index.load({ ids: vectors.map((_, i) => `face ${i}`), ...quantizeVectors(vectors) });
          expect(await indexed.index.nearest(searched, { limit })).toEqual(
            indexed.nearestOfAll(searched, { limit }),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps the nearest of thousands, also when each is nearer than the one before', async () => {
    const indexed = new IndexedVectors(SHORT);
    for (let i = 0; i < 5000; i++) indexed.set(String(i), numbers(5000 - i, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 3 })).toEqual([
      { key: '4999', distance: 1 },
      { key: '4998', distance: 2 },
      { key: '4997', distance: 3 },
    ]);
  });

  it('answers as many as there are when asked for more, and none when asked for none', async () => {
    const indexed = new IndexedVectors(SHORT);
    for (let i = 0; i < 70; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 100 })).toHaveLength(70);
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 0 })).toEqual([]);
    expect(await new IndexedVectors(SHORT).index.nearest(numbers(0, 0, 0), { limit: 5 })).toEqual([]);
  });

  it('stays exact for vectors of next to the same distance, and for some that are unlike all others', async () => {
    const indexed = new IndexedVectors(LONG);
    const next = bellCurve(1);
    const aFace = () => scaled(Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50))));
    for (let i = 0; i < 4200; i++) indexed.set(`face ${i}`, aFace());
    const vector = aFace();
    for (let i = 0; i < 200; i++)
      indexed.set(`alike ${i}`, scaled(vector.map((value) => value + 1e-5 * next())));
    const strange = [
      scaled(new Float32Array(320).fill(1)),
      scaled(Float32Array.from({ length: 320 }, (_, i) => (i === 7 ? 1 : 1e-6))),
      new Float32Array(320),
    ];
    for (const [i, vector] of strange.entries()) indexed.set(`strange ${i}`, vector);
    for (let i = 0; i < 30; i++) indexed.delete(`face ${i * 3}`);
    for (const searched of [...strange, vector, aFace()])
      for (const limit of [1, 20, 190])
        expect(await indexed.index.nearest(searched, { limit })).toEqual(
          indexed.nearestOfAll(searched, { limit }),
        );
  });

  it('measures only a few of many vectors, and none that cannot be near enough', async () => {
    const indexed = new IndexedVectors(LONG);
    const next = bellCurve(2);
    const aFace = () => scaled(Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50))));
    for (let i = 0; i < 5000; i++) indexed.set(`face ${i}`, aFace());
    const vector = aFace();
    const found = await indexed.index.nearest(vector, { limit: 5 });
    expect(found).toEqual(indexed.nearestOfAll(vector, { limit: 5 }));
    expect(indexed.asked).toBeLessThan(50);

    indexed.asked = 0;
    const isNear = (distance: number) => distance < found[0]!.distance / 2;
    expect(await indexed.index.nearest(vector, { limit: 1000, isNear })).toEqual([]);
    expect(indexed.asked).toBe(0);
  });

  it('lets others have their turn while it measures many, and does not answer what they delete', async () => {
    const indexed = new IndexedVectors(SHORT);
    for (let i = 0; i < 1000; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 990 });
    await nextTurn();
    expect(indexed.asked).toBeLessThan(500);
    indexed.delete('face 800');
    indexed.set('in its row', numbers(5000, 0, 0));
    expect(await search).toEqual(indexed.nearestOfAll(numbers(0, 0, 0), { limit: 990 }));
  });

  it('keeps what it is given, not the array it came in', async () => {
    const indexed = new IndexedVectors(SHORT);
    const vector = numbers(1, 0, 0);
    indexed.set('a', vector);
    vector.fill(9);
    expect(await indexed.index.nearest(numbers(1, 0, 0), { limit: 1 })).toEqual([{ key: 'a', distance: 0 }]);
  });

  it('never counts a vector that is no number as near', async () => {
    const indexed = new IndexedVectors(SHORT);
    indexed.set('a', numbers(Number.NaN, 0, 0));
    indexed.set('b', numbers(1, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 5 })).toEqual([{ key: 'b', distance: 1 }]);
    expect(await indexed.index.nearest(numbers(0, Number.NaN, 0), { limit: 5 })).toEqual([]);
  });

  it('refuses vectors of another space', async () => {
    const { index } = new IndexedVectors(SHORT);
    expect(() => index.set('a', numbers(1, 2))).toThrow('has 3 numbers, not 2');
    await expect(index.nearest(numbers(1), { limit: 1 })).rejects.toThrow(RangeError);
    expect(index.size).toBe(0);
  });

  it('looks again when a vector turns out to be gone, so that the next one takes its place', async () => {
    const indexed = new IndexedVectors(SHORT);
    for (let i = 0; i < 500; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    for (let i = 0; i < 10; i++) indexed.vectors.delete(`face ${i}`);
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 2 })).toEqual([
      { key: 'face 10', distance: 10 },
      { key: 'face 11', distance: 11 },
    ]);
    for (let i = 10; i < 100; i++) indexed.vectors.delete(`face ${i}`);
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 1 })).toEqual([
      { key: 'face 100', distance: 100 },
    ]);
  });
});

describe('a search in a thread', () => {
  const filled = () => {
    const indexed = new IndexedVectors(SHORT, { threadAbove: 0 });
    for (let i = 0; i < 3000; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    return indexed;
  };

  it('sees what was there when it was called, and nothing that came after', async () => {
    const { index, vectors, ...indexed } = filled();
    const before = index.nearest(numbers(-1, 0, 0), { limit: 1 });
    vectors.set('new', numbers(-1, 0, 0));
    index.set('new', numbers(-1, 0, 0));
    const after = index.nearest(numbers(-1, 0, 0), { limit: 1 });
    expect(index.size).toBe(3001);
    expect(await before).toEqual([{ key: 'face 0', distance: 1 }]);
    expect(await after).toEqual([{ key: 'new', distance: 0 }]);
    expect(indexed).toBeDefined();
  });

  it('never answers what was deleted meanwhile, nor what took its place', async () => {
    const indexed = filled();
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 2 });
    indexed.delete('face 0');
    indexed.set('far away', numbers(9000, 0, 0));
    expect(await search).toEqual([
      { key: 'face 1', distance: 1 },
      { key: 'face 2', distance: 2 },
    ]);
    expect(await indexed.index.nearest(numbers(9000, 0, 0), { limit: 1 })).toEqual([
      { key: 'far away', distance: 0 },
    ]);
  });

  it('looks on however many of the nearest were deleted meanwhile', async () => {
    const indexed = filled();
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 1 });
    for (let i = 0; i < 100; i++) indexed.delete(`face ${i}`);
    expect(await search).toEqual([{ key: 'face 100', distance: 100 }]);
  });

  it('answers a vector that was replaced meanwhile by its new distance, or not at all', async () => {
    const indexed = filled();
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 2 });
    indexed.set('face 0', numbers(9000, 0, 0));
    expect(await search).toEqual([
      { key: 'face 1', distance: 1 },
      { key: 'face 2', distance: 2 },
    ]);
  });

  it('grows by many vectors that come during one search', async () => {
    const indexed = filled();
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 1 });
    for (let i = 3000; i < 9000; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    await search;
    const vector = numbers(7000.25, 0, 0);
    expect(await indexed.index.nearest(vector, { limit: 9 })).toEqual(
      indexed.nearestOfAll(vector, { limit: 9 }),
    );
  });

  it('answers many at once, each its own', async () => {
    const indexed = filled();
    const places = Array.from({ length: 40 }, (_, i) => i * 70);
    const found = await Promise.all(places.map((x) => indexed.index.nearest(numbers(x, 0, 0), { limit: 1 })));
    expect(found.map(([nearest]) => nearest?.key)).toEqual(places.map((x) => `face ${x}`));
  });

  it('lets others search after one that failed', async () => {
    let works = false;
    const vectorOf = () => {
      if (works) return numbers(1, 0, 0);
      throw new Error('The store was closed.');
    };
    const index = new VectorIndex(SHORT, vectorOf, { threadAbove: 0 });
    index.set('a', numbers(1, 0, 0));
    await expect(index.nearest(numbers(0, 0, 0), { limit: 1 })).rejects.toThrow('closed');
    works = true;
    expect(await index.nearest(numbers(0, 0, 0), { limit: 1 })).toEqual([{ key: 'a', distance: 1 }]);
  });
});
