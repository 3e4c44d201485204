import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserIndex } from '../../src/local/user-index.js';
import { userVector } from '../../src/local/user-vector.js';
import { Sketcher } from '../../src/local/vectors/sketch.js';
import { VectorTables } from '../../src/local/vectors/tables.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';

const numbers = (...values: number[]) => Float32Array.from(values);

describe('a user index', () => {
  /** A user of several faces has to be twice as near to be as similar. */
  const space: VectorSpace = {
    version: 'test',
    parts: [{ name: 'a', length: 1, weight: 1 }],
    similarity: (d, faces) => Math.max(0, 100 - d * (faces > 1 ? 20 : 10)),
  };

  it('puts the most similar user first, also when it is not the nearest', async () => {
    const vectors = new Map([
      ['one face', numbers(3)],
      ['many faces', numbers(2)],
    ]);
    const users = new UserIndex(space, (userId) => vectors.get(userId));
    users.set('one face', numbers(3), 1);
    users.set('many faces', numbers(2), 5);
    expect(await users.mostSimilar(numbers(0), { limit: 2, threshold: 0 })).toEqual([
      { userId: 'one face', similarity: 70 },
      { userId: 'many faces', similarity: 60 },
    ]);
    expect(await users.mostSimilar(numbers(0), { limit: 1, threshold: 0, except: 'one face' })).toMatchObject(
      [{ userId: 'many faces' }],
    );
  });

  it('takes in users while another one leaves the index that they join', async () => {
    const users = new UserIndex(space, () => numbers(1));
    users.set('grace', numbers(1), 1);
    const sketch = new Sketcher(new VectorTables([1]), []).sketch(numbers(1, 1));
    users.load(['ada', 'grace'], [1, 2], sketch);
    const found = await users.mostSimilar(numbers(1), { limit: 5, threshold: 0 });
    expect(found.map(({ userId }) => userId)).toEqual(['ada', 'grace']);
  });

  it('agrees with measuring every user, while users gain and lose faces', async () => {
    const aUser = fc.record({
      userId: fc.integer({ min: 0, max: 15 }).map((n) => `user ${n}`),
      place: fc.integer({ min: 0, max: 8 }),
      faces: fc.integer({ min: 0, max: 4 }),
    });
    const aThreshold = fc.constantFrom(0, 60, 100);
    const aLimit = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aUser, { maxLength: 60 }),
        aLimit,
        aThreshold,
        async (changes, limit, threshold) => {
          const users = new Map<string, { vector: Float32Array; faces: number }>();
          const index = new UserIndex(space, (userId, faces) => {
            const user = users.get(userId);
            return user?.faces === faces ? user.vector : undefined;
          });
          for (const { userId, place, faces } of changes) {
            if (faces > 0) {
              index.set(userId, numbers(place), faces);
              users.set(userId, { vector: numbers(place), faces });
            } else {
              index.delete(userId);
              users.delete(userId);
            }
          }
          const expected = [...users]
            .map(([userId, { vector, faces }]) => ({
              userId,
              distance: vector[0]!,
              similarity: space.similarity(vector[0]!, faces),
            }))
            .filter(({ similarity }) => similarity >= threshold)
            .sort(
              (a, b) =>
                b.similarity - a.similarity || a.distance - b.distance || (a.userId < b.userId ? -1 : 1),
            )
            .slice(0, limit)
            .map(({ userId, similarity }) => ({ userId, similarity }));
          expect(index.size).toBe(users.size);
          expect(await index.mostSimilar(numbers(0), { limit, threshold })).toEqual(expected);
        },
      ),
      // Two who are not alike at all, of whom the nearer one has the later id.
      {
        examples: [
          [
            [
              { userId: 'user 0', place: 6, faces: 3 },
              { userId: 'user 1', place: 5, faces: 3 },
              { userId: 'user 2', place: 0, faces: 3 },
            ],
            2,
            0,
          ],
        ],
      },
    );
  });
});

describe('a user vector', () => {
  it('is the mean of the vectors of its faces', () => {
    expect(userVector([numbers(1, 2), numbers(3, 6)])).toEqual(numbers(2, 4));
    expect(userVector([numbers(0.1)])).toEqual(numbers(0.1));
  });
});
