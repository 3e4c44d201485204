import { type DeclaredFacesOptions, declaredFaces } from 'rekollect/testing';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/local/search/distances.js';

const look = { vectors: 'to-search', attributes: false } as const;

/** How alike the faces of these people are, each with each, in photos of one face. */
async function similarities(people: readonly string[], options: DeclaredFacesOptions) {
  const vision = declaredFaces(options);
  const faces = await Promise.all(people.map((person) => vision.photo([person], { width: 80, height: 80 })));
  const vectors = await Promise.all(
    faces.map(async (photo) => (await vision.analyze(photo, look))[0]!.vector!),
  );
  const { metric, similarity } = vision.space;
  return vectors.flatMap((one, i) =>
    vectors.slice(0, i).map((other) => similarity(distance(metric, one, other))),
  );
}

const photosOf = (person: string, count: number) => Array.from({ length: count }, () => person);

describe('the similarity of declared faces', () => {
  it('is in the range that was set, for every two photos of a person', async () => {
    const all = await similarities(photosOf('ada', 30), { similarity: [85, 97] });
    expect(Math.min(...all)).toBeGreaterThanOrEqual(85);
    expect(Math.max(...all)).toBeLessThanOrEqual(97);
    expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(6);
  });

  it('is the same for the same seed, and another for another', async () => {
    const of = (seed?: number) => similarities(photosOf('ada', 3), { similarity: [85, 97], seed });
    expect(await of()).toEqual(await of(1));
    expect(await of(2)).not.toEqual(await of(1));
  });

  it('is what it is said to be for people who are alike, and low for all others', async () => {
    const [twins, ...others] = await similarities(['ada', 'ida', 'eve'], {
      lookalikes: [{ people: ['ida', 'ada'], similarity: 92 }],
    });
    expect(twins).toBeCloseTo(92, 0);
    expect(Math.max(...others)).toBeLessThan(10);
  });

  it('stays near for those who are alike where photos differ', async () => {
    const options = {
      similarity: [90, 96],
      lookalikes: [{ people: ['ada', 'ida'], similarity: 85 }],
    } as const;
    const [twins] = await similarities(['ada', 'ida'], options);
    expect(Math.abs(twins! - 85)).toBeLessThan(4);
  });

  it.each([
    [{ similarity: [0.85, 0.97] }, 'options.similarity'],
    [{ similarity: [97, 85] }, 'options.similarity'],
    [{ seed: Number.NaN }, 'options.seed'],
    [{ noise: 1 }, 'options.noise'],
    [{ lookalikes: [{ people: ['ada'], similarity: 90 }] }, 'options.lookalikes'],
    [
      { similarity: [80, 90], lookalikes: [{ people: ['ada', 'ida'], similarity: 95 }] },
      'options.lookalikes[0].similarity',
    ],
    [
      {
        lookalikes: [
          { people: ['ada', 'ida'], similarity: 90 },
          { people: ['ida', 'eve'], similarity: 90 },
        ],
      },
      'options.lookalikes',
    ],
  ])('cannot be set to %j', (options, argument) => {
    expect(() => declaredFaces(options as unknown as DeclaredFacesOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
    );
  });
});
