import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/local/distances.js';
import { FaceIndex } from '../../src/local/vectors/face-index.js';
import { Sketcher } from '../../src/local/vectors/sketch.js';
import { VectorTables } from '../../src/local/vectors/tables.js';
import { bellCurve, IndexedVectors } from '../support/indexed-vectors.js';

const ONE_PART = [{ name: 'a', length: 3, weight: 1 }];
const TWO_PARTS = [
  { name: 'a', length: 5, weight: 1 },
  { name: 'b', length: 2, weight: 0.5 },
];
const MAY_LACK_FIRST = [
  { name: 'a', length: 5, weight: 1 },
  { name: 'b', length: 2, weight: 0.5, weightAlone: 1.2 },
];
const LONG_PARTS = [
  { name: 'a', length: 20, weight: 1 },
  { name: 'b', length: 300, weight: 0.5 },
];
const numbers = (...values: number[]) => Float32Array.from(values);

describe('the distance of two vectors', () => {
  it('is the weighted sum over the parts of the space', () => {
    const a = numbers(0, 0, 0, 0, 0, 0, 0);
    const b = numbers(0, 3, 0, 0, 4, 6, 8);
    expect(distance(TWO_PARTS, a, b)).toBe(5 + 0.5 * 10);
  });
});

describe('a face index', () => {
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
  const aVector = fc
    .tuple(fc.oneof(aTameVector, aWildVector), fc.boolean())
    .map(([values, hasFirst]) => (hasFirst ? numbers(...values) : numbers(...values).fill(0, 0, 5)));
  // Few keys, so that they are replaced and deleted often; few different vectors, so that there are ties.
  const aKey = fc.integer({ min: 0, max: 100 }).map((n) => `face ${n}`);
  const aChange = fc.oneof(
    { weight: 3, arbitrary: fc.record({ key: aKey, vector: aVector }) },
    fc.record({
      key: aKey,
      vector: fc.constantFrom(undefined, new Float32Array(7), new Float32Array(7).fill(1)),
    }),
  );
  const aSearch = fc.record({
    vector: fc.oneof(aVector, fc.constantFrom(new Float32Array(7), new Float32Array(7).fill(1))),
    limit: fc.integer({ min: 1, max: 50 }),
    within: fc.option(fc.constantFrom(0, 1, 2.5, 1e38), { nil: undefined }),
    except: fc.option(aKey, { nil: undefined }),
  });

  const aSpace = fc.constantFrom(TWO_PARTS, MAY_LACK_FIRST);
  const apply = (
    indexed: IndexedVectors,
    { key, vector }: { key: string; vector: Float32Array | undefined },
  ) => (vector ? indexed.set(key, vector) : indexed.delete(key));

  it('finds just what measuring every vector finds, whatever was added, replaced and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        aSpace,
        fc.array(aChange, { maxLength: 200 }),
        aSearch,
        async (space, changes, { vector, ...options }) => {
          const indexed = new IndexedVectors(space);
          for (const change of changes) apply(indexed, change);
          expect(indexed.index.size).toBe(indexed.vectors.size);
          expect(await indexed.index.nearest(vector, options)).toEqual(indexed.nearestOfAll(vector, options));
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
        async (space, steps) => {
          const indexed = new IndexedVectors(space, { threadAbove: 0 });
          for (const step of steps) {
            if (!('limit' in step)) apply(indexed, step);
            else {
              const { vector, ...options } = step;
              const expected = indexed.nearestOfAll(vector, options);
              expect(await indexed.index.nearest(vector, options)).toEqual(expected);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('finds the same whether vectors were added one by one or many at once', async () => {
    const many = fc.uniqueArray(fc.record({ key: aKey, vector: aVector }), {
      selector: ({ key }) => key,
      maxLength: 100,
    });
    await fc.assert(
      fc.asyncProperty(
        aSpace,
        fc.constantFrom(0, 100_000),
        fc.array(aChange, { maxLength: 50 }),
        fc.array(many, { maxLength: 4 }),
        aSearch,
        async (space, threadAbove, changes, batches, { vector, ...options }) => {
          const oneByOne = new IndexedVectors(space, { threadAbove });
          const atOnce = new IndexedVectors(space, { threadAbove });
          for (const indexed of [oneByOne, atOnce]) for (const change of changes) apply(indexed, change);
          // In a thread, the first ones wait until this is over.
          const searches = [oneByOne, atOnce].map(({ index }) => index.nearest(vector, options));
          for (const batch of batches) {
            for (const { key, vector } of batch) oneByOne.set(key, vector);
            atOnce.load(new Map(batch.map(({ key, vector }) => [key, vector])));
          }
          await Promise.all(searches);
          const found = await atOnce.index.nearest(vector, options);
          expect(found).toEqual(atOnce.nearestOfAll(vector, options));
          expect(found).toEqual(await oneByOne.index.nearest(vector, options));
          expect(atOnce.index.size).toBe(oneByOne.index.size);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('stays exact whenever it learns how to shorten long parts', async () => {
    const next = bellCurve(3);
    const likeOthers = () => Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50)));
    const some = (first: number) =>
      new Map(Array.from({ length: 500 }, (_, i) => [`face ${first + i}`, likeOthers()]));
    for (const threadAbove of [0, 100_000]) {
      const indexed = new IndexedVectors(LONG_PARTS, { threadAbove });
      const vector = likeOthers();
      const expectExact = async () => {
        for (const limit of [1, 20])
          expect(await indexed.index.nearest(vector, { limit })).toEqual(
            indexed.nearestOfAll(vector, { limit }),
          );
      };
      // Some that cannot be found.
      indexed.load(some(0).set('face 7', new Float32Array(320).fill(Number.NaN)));
      const over: string[] = [];
      const searching = indexed.index.nearest(vector, { limit: 1 }).then(() => over.push('search'));
      indexed.load(some(400));
      const projections = indexed.learned();
      const learning = indexed.index.learn(projections).then(() => over.push('learning'));
      for (const [key, vector] of some(800)) indexed.set(key, vector);
      // Sketched by somebody who has learned, and by somebody who has not heard of it yet.
      indexed.load(some(1200), projections);
      indexed.load(some(1600).set('face 1700', new Float32Array(320).fill(Number.NaN)));
      await Promise.all([searching, learning]);
      if (threadAbove === 0) expect(over).toEqual(['search', 'learning']);
      await expectExact();
      expect(indexed.asked).toBeLessThan(100);

      const knowing = new FaceIndex(LONG_PARTS, (key) => indexed.vectors.get(key), { projections });
      for (const [key, vector] of indexed.vectors) knowing.set(key, vector);
      expect(await knowing.nearest(vector, { limit: 20 })).toEqual(
        indexed.nearestOfAll(vector, { limit: 20 }),
      );
    }
  });

  it('stays exact while tables are missing, whatever becomes of the vectors before they come', async () => {
    const next = bellCurve(5);
    const likeOthers = () => Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50)));
    const some = (first: number, count: number) =>
      new Map(Array.from({ length: count }, (_, i) => [`face ${first + i}`, likeOthers()]));
    const indexed = new IndexedVectors(LONG_PARTS);
    for (const [key, vector] of some(0, 500)) indexed.set(key, vector);
    const projections = indexed.learned();
    await indexed.index.learn(projections);
    const expectExact = async () => {
      const searched = [
        likeOthers(),
        ...[100, 700, 1000, 2100, 3000].map((n) => indexed.vectors.get(`face ${n}`)),
      ];
      for (const vector of searched)
        for (const limit of vector ? [1, 20] : [])
          expect(await indexed.index.nearest(vector!, { limit })).toEqual(
            indexed.nearestOfAll(vector!, { limit }),
          );
    };

    // Some of them had other vectors, of which all tables are there.
    const loaded = some(100, 3000);
    indexed.load(loaded, projections, indexed.tables.coarse(true));
    await expectExact();
    for (let i = 600; i < 900; i += 3) indexed.delete(`face ${i}`);
    for (const [key, vector] of some(1000, 50)) indexed.set(key, vector);
    for (const [key, vector] of some(3090, 40)) indexed.set(key, vector);
    await expectExact();
    const fine = indexed.sketch(loaded, projections, indexed.tables.fine(true));
    const rest = Array.from({ length: fine.count }, (_, row) => row);
    for (const rows of [rest.splice(0, 1500), rest]) {
      indexed.index.complete([...loaded.keys()], fine, rows);
      await expectExact();
    }
    indexed.asked = 0;
    await indexed.index.nearest(likeOthers(), { limit: 1 });
    expect(indexed.asked).toBeLessThan(50);
  });

  it('keeps the nearest of thousands, also when each is nearer than the one before', async () => {
    const indexed = new IndexedVectors(ONE_PART);
    for (let i = 0; i < 5000; i++) indexed.set(String(i), numbers(5000 - i, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 3 })).toEqual([
      { key: '4999', distance: 1 },
      { key: '4998', distance: 2 },
      { key: '4997', distance: 3 },
    ]);
  });

  it('answers as many as there are when asked for more, and none when asked for none', async () => {
    const indexed = new IndexedVectors(ONE_PART);
    for (let i = 0; i < 70; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 100 })).toHaveLength(70);
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 0 })).toEqual([]);
    expect(await new IndexedVectors(ONE_PART).index.nearest(numbers(0, 0, 0), { limit: 5 })).toEqual([]);
  });

  it('stays exact when long parts are scanned as short ones, also for vectors unlike those it learned from', async () => {
    const indexed = new IndexedVectors(LONG_PARTS);
    const next = bellCurve(1);
    const likeOthers = () => Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50)));
    for (let i = 0; i < 4200; i++) indexed.set(`face ${i}`, likeOthers());
    indexed.learn();
    const strange = [
      Float32Array.from({ length: 320 }, next),
      new Float32Array(320),
      new Float32Array(320).fill(1e38),
      new Float32Array(320).fill(2 ** -140),
    ];
    for (const [i, vector] of strange.entries()) indexed.set(`strange ${i}`, vector);
    indexed.set('again', indexed.vectors.get('face 7')!);
    for (let i = 0; i < 30; i++) indexed.delete(`face ${i * 3}`);

    const searched = [...strange, likeOthers(), indexed.vectors.get('face 7')!];
    for (const vector of searched)
      for (const limit of [1, 20])
        expect(await indexed.index.nearest(vector, { limit })).toEqual(
          indexed.nearestOfAll(vector, { limit }),
        );
  });

  it('measures only a few of many vectors', async () => {
    const indexed = new IndexedVectors(LONG_PARTS);
    const next = bellCurve(2);
    const aFace = () => Float32Array.from({ length: 320 }, (_, i) => next() / (1 + (i % 50)));
    for (let i = 0; i < 5000; i++) indexed.set(`face ${i}`, aFace());
    indexed.learn();
    const vector = aFace();
    expect(await indexed.index.nearest(vector, { limit: 5 })).toEqual(
      indexed.nearestOfAll(vector, { limit: 5 }),
    );
    expect(indexed.asked).toBeLessThan(50);
  });

  it('lets others have their turn while it measures many, and does not answer what they delete', async () => {
    const indexed = new IndexedVectors(ONE_PART);
    for (let i = 0; i < 1000; i++) indexed.set(`face ${i}`, numbers(i, 0, 0));
    const search = indexed.index.nearest(numbers(0, 0, 0), { limit: 990 });
    await nextTurn();
    expect(indexed.asked).toBeLessThan(500);
    indexed.delete('face 800');
    indexed.set('in its row', numbers(5000, 0, 0));
    expect(await search).toEqual(indexed.nearestOfAll(numbers(0, 0, 0), { limit: 990 }));
  });

  it('keeps what it is given, not the array it came in', async () => {
    const indexed = new IndexedVectors(ONE_PART);
    const vector = numbers(1, 0, 0);
    indexed.set('a', vector);
    vector.fill(9);
    expect(await indexed.index.nearest(numbers(1, 0, 0), { limit: 1 })).toEqual([{ key: 'a', distance: 0 }]);
  });

  it('never counts a vector that is no number as near', async () => {
    const indexed = new IndexedVectors(ONE_PART);
    indexed.set('a', numbers(Number.NaN, 0, 0));
    indexed.set('b', numbers(1, 0, 0));
    expect(await indexed.index.nearest(numbers(0, 0, 0), { limit: 5 })).toEqual([{ key: 'b', distance: 1 }]);
    expect(await indexed.index.nearest(numbers(0, Number.NaN, 0), { limit: 5 })).toEqual([]);
  });

  it('refuses vectors of another space', async () => {
    const { index } = new IndexedVectors(ONE_PART);
    expect(() => index.set('a', numbers(1, 2))).toThrow('has 3 numbers, not 2');
    const other = new Sketcher(new VectorTables([20]), []).sketch(new Float32Array(40));
    expect(() => index.load(['a', 'b'], other)).toThrow('a sketch of another space');
    await expect(index.nearest(numbers(1), { limit: 1 })).rejects.toThrow(RangeError);
    expect(index.size).toBe(0);
  });

  it('looks again when a vector turns out to be gone, so that the next one takes its place', async () => {
    const indexed = new IndexedVectors(ONE_PART);
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
    const indexed = new IndexedVectors(ONE_PART, { threadAbove: 0 });
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
    const index = new FaceIndex(ONE_PART, vectorOf, { threadAbove: 0 });
    index.set('a', numbers(1, 0, 0));
    await expect(index.nearest(numbers(0, 0, 0), { limit: 1 })).rejects.toThrow('closed');
    works = true;
    expect(await index.nearest(numbers(0, 0, 0), { limit: 1 })).toEqual([{ key: 'a', distance: 1 }]);
  });
});
