import { type Evaluation, type ProbeSearch, recommendThreshold } from 'rekollect/evaluation';
import { describe, expect, it } from 'vitest';

/** Searches of strangers, of whom each looks as much like somebody as this, in a collection of so many users. */
function anEvaluation(
  users: number,
  others: readonly number[],
  owns: readonly (readonly [number, number])[] = [],
) {
  const answer = (similarity: number, own?: number) => ({
    ...(own !== undefined && { own }),
    other: { userId: 'ada', similarity },
  });
  const searches: ProbeSearch[] = [
    ...others.map((similarity, i) => {
      const answers = { faces: answer(similarity - 1), users: answer(similarity) };
      return { photoName: `${i}.jpg`, stranger: `stranger${i}`, ...answers };
    }),
    ...owns.map(([own, similarity], i) => {
      const answers = { faces: answer(similarity, own), users: answer(similarity, own) };
      return { photoName: `${i}.jpg`, userId: `user${i}`, ...answers };
    }),
  ];
  const accuracy = { knownFrom: 0 };
  return {
    collection: { users, faces: users },
    searches,
    faces: accuracy,
    users: accuracy,
  } as unknown as Evaluation;
}

/** 0.5, 1, … 99.5, 100. */
const steps = (count: number) => Array.from({ length: count }, (_, i) => ((i + 1) * 100) / count);

describe('recommendThreshold', () => {
  it('recommends the lowest threshold that keeps to a rate, with its interval', () => {
    const evaluation = anEvaluation(500, steps(200), [
      [99, 10],
      [95.5, 10],
      [40, 10],
      [99, 99.5],
    ]);
    const advice = recommendThreshold(evaluation, { falseNames: 0.05 });
    if (advice.status !== 'recommended') throw new Error(advice.message);
    // Of 204 searches 10 may name somebody: those of 100, 99.5 twice, 99, 98.5 … 96; 95.5 may not.
    expect(advice).toMatchObject({ by: 'users', collectionSize: 500, falseNames: 0.05, threshold: 95.51 });
    expect(advice.falseNameRate.value).toBeCloseTo(10 / 204);
    expect(advice.interval.from).toBeGreaterThan(90);
    expect(advice.interval.from).toBeLessThan(95.5);
    expect(advice.interval.to).toBeGreaterThan(96);
    // Of the four whom the collection knows, two are less alike to themselves, or more to somebody else.
    expect(advice.truePositiveIdentificationRate!.value).toBe(0.25);
    expect(advice.message).toMatch(
      /^At 95\.51 \(.*\) 4\.9 % \(.*\) of searches among 500 users name somebody/,
    );
    expect(recommendThreshold(evaluation, { falseNames: 0.05, by: 'faces' })).toMatchObject({ by: 'faces' });
    expect(JSON.parse(JSON.stringify(advice))).toEqual(advice);
  });

  it('says what can be shown at best where there are too few photos', () => {
    const evaluation = anEvaluation(
      500,
      Array.from({ length: 900 }, () => 20),
    );
    const advice = recommendThreshold(evaluation, { falseNames: 1 / 1000 });
    expect(advice).toMatchObject({ status: 'too-few', people: 900, peopleNeeded: 2995 });
    if (advice.status !== 'too-few') throw new Error(advice.message);
    expect(1 / advice.best).toBeCloseTo(300.9, 1);
    expect(advice.message).toBe(
      'Too few photos: those of 900 people can show 1 false name in 300 searches at best. ' +
        'For 1 in 1,000 it takes photos of 2,995 people.',
    );
    expect(recommendThreshold(evaluation, { falseNames: 1 / 300 }).status).toBe('recommended');
  });

  it('asks for less of each user where the collection will be larger', () => {
    const evaluation = anEvaluation(100, steps(400));
    const now = recommendThreshold(evaluation, { falseNames: 0.2 });
    const later = recommendThreshold(evaluation, { falseNames: 0.2, collectionSize: 500 });
    if (now.status !== 'recommended' || later.status !== 'recommended') throw new Error(later.message);
    expect(now.threshold).toBe(80.01);
    // One in five among 500 is 1 - 0.8^(1/5), or 4.4 %, among 100: 17 of 400.
    expect(later.threshold).toBe(95.76);
    expect(later.falseNameRate.value).toBeCloseTo(1 - (1 - 17 / 400) ** 5);
    expect(recommendThreshold(evaluation, { falseNames: 0.02, collectionSize: 5000 }).status).toBe('too-few');
    expect(recommendThreshold(evaluation, { falseNames: 0.001, collectionSize: 2 }).status).toBe(
      'recommended',
    );
  });

  it('counts all photos of a stranger as one person', () => {
    const evaluation = anEvaluation(
      10,
      Array.from({ length: 100 }, () => 20),
    );
    const searches = evaluation.searches.map((search) => ({ ...search, stranger: 'one' }));
    expect(recommendThreshold({ ...evaluation, searches }, { falseNames: 0.5 })).toMatchObject({
      status: 'too-few',
      people: 1,
    });
  });

  it('says so where no threshold will do, for strangers are as similar as can be', () => {
    const evaluation = anEvaluation(10, [...steps(90), ...Array.from({ length: 10 }, () => 100)]);
    expect(recommendThreshold(evaluation, { falseNames: 0.05 })).toMatchObject({
      status: 'unreachable',
      best: 0.11,
      message: expect.stringContaining('even at 100 it is 1 in 9.'),
    });
  });

  it('takes an evaluation that was kept as JSON, and one without a search', () => {
    const evaluation = JSON.parse(JSON.stringify(anEvaluation(10, [])));
    expect(recommendThreshold(evaluation, { falseNames: 0.05 })).toMatchObject({
      status: 'too-few',
      people: 0,
      best: 1,
      message:
        'No photo was searched, so nothing is known of false names. For 1 in 20 it takes photos of 59 people.',
    });
  });

  it('says in numbers that make sense what very few people show', () => {
    expect(recommendThreshold(anEvaluation(10, [20]), { falseNames: 0.9 }).message).toBe(
      'Too few photos: those of 1 person can show 95 % false names at best. For 90 % it takes photos of 2 people.',
    );
  });

  it.each<[string, object]>([
    ['options.falseNames', {}],
    ['options.falseNames', { falseNames: 1 }],
    ['options.by', { falseNames: 0.1, by: 'names' }],
    ['options.collectionSize', { falseNames: 0.1, collectionSize: 0 }],
    ['options.falsenames', { falsenames: 0.1 }],
  ])('refuses %s that makes no sense', (argument, options) => {
    const evaluation = anEvaluation(10, steps(10));
    expect(() => recommendThreshold(evaluation, options as never)).toThrow(
      expect.objectContaining({ argument }),
    );
  });

  it('refuses an evaluation of a collection without users', () => {
    expect(() => recommendThreshold(anEvaluation(0, []), { falseNames: 0.1 })).toThrow(/users with faces/);
  });
});
