import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../src/photo-search/assign.js';

const table = (...rows: Record<string, number>[]) => rows.map((row) => new Map(Object.entries(row)));

/** Up to six faces, and how alike each is to some of six people. Whole numbers, so that many are equal. */
const tables = fc.array(
  fc.dictionary(
    fc.constantFrom('ada', 'bob', 'carl', 'dora', 'eve', 'finn'),
    fc.integer({ min: 0, max: 9 }),
    {
      noNullPrototype: true,
    },
  ),
  { minLength: 1, maxLength: 6 },
);

/** The most that the similarities can add up to, found by trying every way. */
function bestTotal([first, ...others]: readonly Record<string, number>[], free: readonly string[]): number {
  if (!first) return 0;
  const ways = free
    .filter((person) => person in first)
    .map(
      (person) =>
        first[person]! +
        bestTotal(
          others,
          free.filter((other) => other !== person),
        ),
    );
  return Math.max(bestTotal(others, free), ...ways);
}

const totalOf = (rows: readonly Record<string, number>[], given: readonly (string | undefined)[]) =>
  given.reduce((sum, person, face) => sum + (person === undefined ? 0 : rows[face]![person]!), 0);

describe('assign', () => {
  it('looks at all faces together: whoever comes first does not get the best', () => {
    expect(assign(table({ ada: 99, bob: 98 }, { ada: 97, bob: 80 }))).toEqual(['bob', 'ada']);
  });

  it('leaves faces without a person where there are too few, and people without a face', () => {
    expect(assign(table({ ada: 90 }, { ada: 95 }, {}))).toEqual([undefined, 'ada', undefined]);
    expect(assign(table({ ada: 90, bob: 91, carl: 89 }))).toEqual(['bob']);
    expect(assign(table({}, {}))).toEqual([undefined, undefined]);
    expect(assign([])).toEqual([]);
  });

  it('gives a person who is not alike at all, where that is a match too', () => {
    expect(assign(table({ ada: 0 }, { ada: 0, bob: 0 }))).toEqual(['ada', 'bob']);
  });

  it('adds up to what trying every way finds, and gives nobody twice', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const given = assign(table(...rows));
        const people = given.filter((person) => person !== undefined);
        expect(new Set(people).size).toBe(people.length);
        expect(totalOf(rows, given)).toBe(bestTotal(rows, ['ada', 'bob', 'carl', 'dora', 'eve', 'finn']));
      }),
      { numRuns: 500 },
    );
  });

  it('does so with fractions', () => {
    const fractions = fc.array(
      fc.array(fc.double({ min: 80, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 }),
      {
        minLength: 5,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(fractions, (numbers) => {
        const rows = numbers.map((row) =>
          Object.fromEntries(row.map((number, person) => [`p${person}`, number])),
        );
        const given = assign(table(...rows));
        expect(totalOf(rows, given)).toBeCloseTo(bestTotal(rows, ['p0', 'p1', 'p2', 'p3', 'p4']), 6);
      }),
    );
  });

  it('takes the same of equally good ways, in whatever order people are told', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const reversed = rows.map((row) => new Map(Object.entries(row).reverse()));
        expect(assign(reversed)).toEqual(assign(table(...rows)));
      }),
    );
  });
});
