import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/local/distances.js';
import { FaceIndex } from '../../src/local/face-index.js';
import { UserIndex } from '../../src/local/user-index.js';
import { userVector } from '../../src/local/user-vector.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';

const ONE_PART = [{ name: 'a', length: 3, weight: 1 }];
const TWO_PARTS = [
  { name: 'a', length: 5, weight: 1 },
  { name: 'b', length: 2, weight: 0.5 },
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
  const aVector = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 7, maxLength: 7 });
  // Few keys, so that they are replaced and deleted often; few different vectors, so that there are ties.
  const aKey = fc.integer({ min: 0, max: 40 }).map((n) => `face ${n}`);
  const aChange = fc.oneof(
    { weight: 3, arbitrary: fc.record({ key: aKey, vector: aVector.map((values) => numbers(...values)) }) },
    fc.record({
      key: aKey,
      vector: fc.constantFrom(undefined, new Float32Array(7), new Float32Array(7).fill(1)),
    }),
  );

  it('finds just what measuring every vector finds, whatever was added, replaced and deleted', () => {
    fc.assert(
      fc.property(
        fc.array(aChange, { maxLength: 120 }),
        aVector,
        fc.integer({ min: 1, max: 50 }),
        fc.option(aKey, { nil: undefined }),
        (changes, values, limit, except) => {
          const index = new FaceIndex(TWO_PARTS);
          const vectors = new Map<string, Float32Array>();
          for (const { key, vector } of changes) {
            if (vector) index.set(key, vector);
            else expect(index.delete(key)).toBe(vectors.has(key));
            if (vector) vectors.set(key, vector);
            else vectors.delete(key);
          }
          const searched = numbers(...values);
          const expected = [...vectors]
            .filter(([key]) => key !== except)
            .map(([key, vector]) => ({ key, distance: distance(TWO_PARTS, searched, vector) }))
            .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1))
            .slice(0, limit);
          expect(index.size).toBe(vectors.size);
          expect(index.nearest(searched, { limit, except })).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps the nearest of thousands, also when each is nearer than the one before', () => {
    const index = new FaceIndex(ONE_PART);
    const count = 5000;
    for (let i = 0; i < count; i++) index.set(String(i), numbers(count - i, 0, 0));
    const nearest = index.nearest(numbers(0, 0, 0), { limit: 3 });
    expect(nearest).toEqual([
      { key: '4999', distance: 1 },
      { key: '4998', distance: 2 },
      { key: '4997', distance: 3 },
    ]);
  });

  it('keeps what it is given, not the array it came in', () => {
    const index = new FaceIndex(ONE_PART);
    const vector = numbers(1, 0, 0);
    index.set('a', vector);
    vector.fill(9);
    expect(index.nearest(numbers(1, 0, 0), { limit: 1 })).toEqual([{ key: 'a', distance: 0 }]);
  });

  it('never counts a vector that is no number as near', () => {
    const index = new FaceIndex(ONE_PART);
    index.set('a', numbers(Number.NaN, 0, 0));
    index.set('b', numbers(1, 0, 0));
    expect(index.nearest(numbers(0, 0, 0), { limit: 5 })).toEqual([{ key: 'b', distance: 1 }]);
  });

  it('refuses vectors of another space', () => {
    const index = new FaceIndex(ONE_PART);
    expect(() => index.set('a', numbers(1, 2))).toThrow('has 3 numbers, not 2');
    expect(() => index.nearest(numbers(1), { limit: 1 })).toThrow(RangeError);
    expect(index.size).toBe(0);
  });
});

describe('a user index', () => {
  /** A user of several faces has to be twice as near to be as similar. */
  const space: VectorSpace = {
    version: 'test',
    parts: [{ name: 'a', length: 1, weight: 1 }],
    similarity: (d, faces) => Math.max(0, 100 - d * (faces > 1 ? 20 : 10)),
  };

  it('puts the most similar user first, also when it is not the nearest', () => {
    const users = new UserIndex(space);
    users.set('one face', numbers(3), 1);
    users.set('many faces', numbers(2), 5);
    expect(users.mostSimilar(numbers(0), { limit: 2 })).toEqual([
      { userId: 'one face', similarity: 70 },
      { userId: 'many faces', similarity: 60 },
    ]);
    expect(users.mostSimilar(numbers(0), { limit: 1, except: 'one face' })).toMatchObject([
      { userId: 'many faces' },
    ]);
  });

  it('agrees with measuring every user, while users gain and lose faces', () => {
    const aUser = fc.record({
      userId: fc.integer({ min: 0, max: 15 }).map((n) => `user ${n}`),
      place: fc.integer({ min: 0, max: 8 }),
      faces: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(aUser, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (changes, limit) => {
        const index = new UserIndex(space);
        const users = new Map<string, number>();
        for (const { userId, place, faces } of changes) {
          if (faces > 0) {
            index.set(userId, numbers(place), faces);
            users.set(userId, space.similarity(place, faces));
          } else {
            index.delete(userId);
            users.delete(userId);
          }
        }
        const expected = [...users]
          .map(([userId, similarity]) => ({ userId, similarity }))
          .sort((a, b) => b.similarity - a.similarity || (a.userId < b.userId ? -1 : 1))
          .slice(0, limit);
        expect(index.size).toBe(users.size);
        expect(index.mostSimilar(numbers(0), { limit })).toEqual(expected);
      }),
    );
  });
});

describe('a user vector', () => {
  it('is the mean of the vectors of its faces', () => {
    expect(userVector([numbers(1, 2), numbers(3, 6)])).toEqual(numbers(2, 4));
    expect(userVector([numbers(0.1)])).toEqual(numbers(0.1));
  });
});
