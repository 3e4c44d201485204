import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/evaluation/accuracy.js';
import { randomNumbers } from '../../src/evaluation/random.js';
import {
  boundFor,
  casesFor,
  limitsAt,
  meanOf,
  passingRates,
  trueRatesAt,
} from '../../src/evaluation/statistics.js';
import { Trials } from '../../src/evaluation/trials.js';

/** Trials of so many people, one each, with these similarities. */
function trialsOf(...similarities: readonly number[]): Trials {
  const trials = new Trials();
  similarities.forEach((similarity, person) => {
    trials.add(similarity, person);
  });
  return trials;
}

const values = (estimates: readonly ({ value: number } | undefined)[]) =>
  estimates.map((estimate) => estimate?.value);

describe('passingRates', () => {
  it('counts what is at a threshold or above it', () => {
    const trials = trialsOf(90, 80, 99, Number.NEGATIVE_INFINITY);
    expect(values(passingRates(trials, [99, 80, 80.1, 0, 100]))).toEqual([0.25, 0.75, 0.5, 0.75, 0]);
  });

  it('draws people, not photos: a hundred photos of one person are no more than one', () => {
    const trials = new Trials();
    for (let i = 0; i < 100; i++) trials.add(99, 0);
    for (let person = 1; person < 3; person++) for (let i = 0; i < 100; i++) trials.add(0, person);
    const [rate] = passingRates(trials, [80]);
    expect(rate).toEqual({ value: 1 / 3, from: 0, to: 1 });
  });

  it('has the interval of a binomial share, where each person has one photo', () => {
    const trials = trialsOf(...Array.from({ length: 400 }, (_, i) => (i < 100 ? 99 : 0)));
    const [rate] = passingRates(trials, [80]);
    // 1.96 standard errors of a quarter among 400.
    const halfWidth = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(rate!.value).toBe(0.25);
    expect(Math.abs(0.25 - halfWidth - rate!.from)).toBeLessThan(0.012);
    expect(Math.abs(0.25 + halfWidth - rate!.to)).toBeLessThan(0.012);
  });

  it('bounds what was never seen by the rule of three, and so what always was', () => {
    expect(boundFor(300)).toBeCloseTo(3 / 300, 3);
    expect(boundFor(1)).toBeCloseTo(0.95);
    expect(boundFor(0)).toBe(1);
    expect(casesFor(boundFor(300))).toBe(300);
    const trials = trialsOf(...Array.from({ length: 300 }, () => 50));
    const [never, always] = passingRates(trials, [80, 20]);
    expect(never).toEqual({ value: 0, from: 0, to: boundFor(300) });
    expect(always).toEqual({ value: 1, from: 1 - boundFor(300), to: 1 });
  });

  it('counts two people as one case, however many comparisons there are of them', () => {
    const trials = new Trials();
    for (let i = 0; i < 50; i++)
      for (const [a, b] of [
        [0, 1],
        [1, 0],
        [0, 2],
      ] as const)
        trials.add(1, a, b);
    expect(passingRates(trials, [80])[0]!.to).toBeCloseTo(boundFor(2));
  });

  it('is the same every time, in whatever order the trials came', () => {
    const random = randomNumbers(7);
    const similarities = Array.from({ length: 200 }, () => 100 * random());
    const one = new Trials();
    const other = new Trials();
    similarities.forEach((similarity, i) => {
      one.add(similarity, i % 20);
    });
    similarities.toReversed().forEach((similarity, i) => {
      other.add(similarity, (199 - i) % 20);
    });
    expect(passingRates(one, [80, 50])).toEqual(passingRates(other, [80, 50]));
  });

  it('tells nothing of no trials', () => {
    expect(passingRates(new Trials(), [80])).toEqual([undefined]);
    expect(meanOf(new Trials())).toBeUndefined();
    expect(limitsAt(new Trials(), [0.1])).toEqual([undefined]);
    expect(trueRatesAt(trialsOf(90), new Trials(), [0.1])).toEqual([undefined]);
    expect(trueRatesAt(new Trials(), trialsOf(90), [0.1])).toEqual([undefined]);
  });
});

describe('limitsAt and trueRatesAt', () => {
  const strangers = trialsOf(...Array.from({ length: 10 }, (_, i) => 10 * i));

  it('find the first stranger who must not pass', () => {
    // Of 0, 10, … 90 one in ten may pass: 90, and not 80.
    expect(values(limitsAt(strangers, [0, 0.1, 0.25, 1]))).toEqual([90, 80, 70, Number.NEGATIVE_INFINITY]);
  });

  it('count who is more similar than that, and never who is named wrongly', () => {
    const own = trialsOf(95, 90, 80, 80.5, Number.NEGATIVE_INFINITY);
    expect(values(trueRatesAt(own, strangers, [0, 0.1, 1]))).toEqual([0.2, 0.6, 0.8]);
  });
});

describe('meanOf', () => {
  it('has an interval over people', () => {
    const trials = trialsOf(...Array.from({ length: 100 }, (_, i) => i));
    const mean = meanOf(trials)!;
    expect(mean.value).toBeCloseTo(49.5);
    expect(Math.abs(mean.to - mean.value - 1.96 * 2.887)).toBeLessThan(1);
  });
});

describe('Answers', () => {
  const request = { thresholds: [80, 90], falsePositiveIdentificationRates: [0.5] };

  it('works out by hand', () => {
    // Ada (0) has two faces, Bob (1) has one; Eve (2) is a stranger.
    const answers = new Answers(
      new Map([
        [0, 2],
        [1, 1],
      ]),
      request,
    );
    const match = (owner: number | undefined, similarity: number) => ({
      owner,
      userId: `${owner}`,
      similarity,
    });
    const [ada, bob] = [0, 1].map((person) => ({ person, isStranger: false }));
    const eve = { person: 2, isStranger: true };
    expect(
      answers.add(ada!, [match(undefined, 100), match(0, 95), match(0, 85), match(1, 82)], false),
    ).toEqual({
      own: 95,
      other: { userId: '1', similarity: 82 },
    });
    // Bob's own face comes after one of Ada's, and then not at all.
    answers.add(bob!, [match(0, 92), match(1, 91), match(0, 10)], false);
    answers.add(bob!, [match(0, 50)], false);
    answers.add(eve, [match(1, 88), match(0, 60), match(0, 40)], false);
    answers.add(eve, [match(0, 30), match(0, 20), match(1, 5)], false);
    const { atThresholds, trueSimilarity, falseSimilarity, identification, curve } = answers.accuracy();
    expect(trueSimilarity!.value).toBe(93);
    expect(falseSimilarity!.value).toBeCloseTo((82 + 92 + 50 + 88 + 30) / 5);
    const rates = atThresholds.map((point) =>
      Object.fromEntries(
        Object.entries(point).map(([name, rate]) => [name, typeof rate === 'number' ? rate : rate.value]),
      ),
    );
    expect(rates).toEqual([
      {
        threshold: 80,
        trueMatchRate: 3 / 4,
        falseMatchRate: 3 / 11,
        truePositiveIdentificationRate: 1 / 3,
        misidentificationRate: 1 / 3,
        falsePositiveIdentificationRate: 1 / 2,
      },
      {
        threshold: 90,
        trueMatchRate: 2 / 4,
        falseMatchRate: 1 / 11,
        truePositiveIdentificationRate: 1 / 3,
        misidentificationRate: 1 / 3,
        falsePositiveIdentificationRate: 0,
      },
    ]);
    // One of two may be named: Eve's 88 may, and 30 may not.
    expect(identification).toMatchObject([
      { threshold: 30.01, truePositiveIdentificationRate: { value: 1 / 3 } },
    ]);
    for (const [i, threshold] of [80, 90].entries()) {
      const point = curve.findLast((each) => each.threshold <= threshold);
      expect({ ...point, threshold }).toEqual(rates[i]);
    }
    expect(curve.at(-1)).toMatchObject({ threshold: 95.1, trueMatchRate: 0 });
  });

  it('takes seconds for 1,500 photos and all of their faces', () => {
    const people = 500;
    const answers = new Answers(new Map(Array.from({ length: people }, (_, i) => [i, 3])), request);
    const random = randomNumbers(3);
    const similarities = Float64Array.from({ length: 3 * people }, () => 100 * random())
      .sort()
      .reverse();
    for (let photo = 0; photo < 3 * people; photo++) {
      const matches = Array.from(similarities, (similarity, i) => ({
        owner: (i + photo) % people,
        userId: '',
        similarity,
      }));
      answers.add({ person: photo % people, isStranger: false }, matches, false);
    }
    const before = process.cpuUsage();
    answers.accuracy();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});
