import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlikeFaces, averageLinkage } from '../../src/face-grouping/average-linkage.js';

type Pair = readonly [one: number, other: number, similarity: number];

function listsOf(faces: number, pairs: readonly Pair[]): AlikeFaces[] {
  const lists: AlikeFaces[] = Array.from({ length: faces }, () => ({ faces: [], similarities: [] }));
  for (const [one, other, similarity] of pairs)
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      lists[from]!.faces.push(to);
      lists[from]!.similarities.push(similarity);
    }
  return lists;
}

/** The same by the definition: always join the two groups that are most alike. */
function byDefinition(faces: number, pairs: readonly Pair[], threshold: number): number[][] {
  const groups = Array.from({ length: faces }, (_, face) => [face]);
  const of = new Map(pairs.map(([one, other, similarity]) => [`${one} ${other}`, similarity]));
  const between = (one: number, other: number) =>
    of.get(`${Math.min(one, other)} ${Math.max(one, other)}`) ?? 0;
  for (;;) {
    let best: [number, number, number] | undefined;
    for (const [i, one] of groups.entries())
      for (let j = i + 1; j < groups.length; j++) {
        const sum = one.flatMap((a) => groups[j]!.map((b) => between(a, b))).reduce((a, b) => a + b);
        const mean = sum / (one.length * groups[j]!.length);
        if (mean >= threshold && (!best || mean > best[2])) best = [i, j, mean];
      }
    if (!best) return groups;
    groups[best[0]] = [...groups[best[0]]!, ...groups[best[1]]!].sort((a, b) => a - b);
    groups.splice(best[1], 1);
  }
}

describe('average linkage', () => {
  it('joins groups whose pairs are alike on average, and counts pairs that are not listed as 0', () => {
    const chain: Pair[] = [
      [0, 1, 100],
      [1, 2, 95],
    ];
    expect(averageLinkage(listsOf(3, chain), 90)).toEqual([[0, 1], [2]]);
    expect(averageLinkage(listsOf(3, [...chain, [0, 2, 85]]), 90)).toEqual([[0, 1, 2]]);
  });

  it('keeps apart what cannot be one person, and whoever is with them', () => {
    const pairs: Pair[] = [
      [0, 1, 100],
      [1, 2, 99],
      [2, 3, 100],
      [0, 3, Number.NEGATIVE_INFINITY],
    ];
    expect(averageLinkage(listsOf(4, pairs), 10)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('joins the same groups as always taking the most alike two', () => {
    const faces = 12;
    const pair = fc.tuple(fc.nat(faces - 1), fc.nat(faces - 1));
    fc.assert(
      fc.property(
        fc.uniqueArray(pair, { selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}` }),
        (drawn) => {
          // No two similarities are equal, so that there is one answer.
          const pairs = drawn
            .filter(([a, b]) => a !== b)
            .map(([a, b], n): Pair => [Math.min(a, b), Math.max(a, b), 1000 + ((n * 7919) % 1009) ** 2]);
          const groups = byDefinition(faces, pairs, 300_000).sort(([a = 0], [b = 0]) => a - b);
          expect(averageLinkage(listsOf(faces, pairs), 300_000)).toEqual(groups);
        },
      ),
    );
  });

  it('ends where all are equally alike', () => {
    const pairs = Array.from({ length: 40 }, (_, a) => a).flatMap((a) =>
      Array.from({ length: a }, (_, b): Pair => [b, a, 97_345_671]),
    );
    expect(averageLinkage(listsOf(40, pairs), 90_000_000)).toHaveLength(1);
  });

  it('is empty for no faces', () => {
    expect(averageLinkage([], 90)).toEqual([]);
  });
});
