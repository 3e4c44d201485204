import type { Estimate } from './evaluation.js';
import { randomNumbers } from './random.js';
import { above, passing, type SortedTrials, type Trials } from './trials.js';

/** Bootstrap rounds for an interval. */
const ROUNDS = 200;

/** How often each person counts, by number: once, or as often as they were drawn. */
export type Weights = Float64Array;

/** All trials of a kind, of which those that pass nowhere need not be listed. */
export interface Population {
  /** Everybody who is in one of them, by number. */
  readonly people: Iterable<number>;
  weigh(weights: Weights): number;
  /** How many cases stand for themselves: people, or pairs of people, each once however many photos they have. */
  cases(): number;
}

/**
 * How many of the trials pass at each threshold, as shares. Undefined when there is none.
 *
 * The interval is a bootstrap over people, who are drawn with repetition: trials of one person are alike (Bolle, Ratha
 * and Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", 2004). Where none passed, or
 * all, drawing them again says nothing, and `boundFor` does.
 *
 * @param population what the shares are of, where not all of it is listed
 */
export function passingRates(
  trials: Trials,
  thresholds: readonly number[],
  population: Population = listed(trials),
): (Estimate | undefined)[] {
  const sorted = trials.sorted();
  const counts = thresholds.map((threshold) => passing(sorted, threshold));
  return withIntervals(population, (weights) => {
    const total = population.weigh(weights);
    return weighFirst(sorted, weights, counts).map((passed) => passed / total);
  });
}

/** The mean similarity of trials. Undefined when there is none. */
export function meanOf(trials: Trials): Estimate | undefined {
  const { similarities, firsts, seconds } = trials.sorted();
  const [mean] = bootstrap(listed(trials), (weights) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < similarities.length; i++) {
      const weight = weightOf(firsts[i]!, seconds[i]!, weights);
      sum += weight * similarities[i]!;
      total += weight;
    }
    return [sum / total];
  });
  return mean;
}

/**
 * How many of the trials of people with themselves are more similar than the first stranger who must not pass, where
 * shares of the strangers may. The interval draws both.
 */
export function trueRatesAt(
  own: Trials,
  strangers: Trials,
  falseRates: readonly number[],
): (Estimate | undefined)[] {
  const sorted = own.sorted();
  const sortedStrangers = strangers.sorted();
  const population = listed(own);
  const drawn = { ...population, people: [...population.people, ...listed(strangers).people] };
  return withIntervals(drawn, (weights) => {
    const counts = firstTooMany(sortedStrangers, weights, falseRates).map((limit) => above(sorted, limit));
    const total = sortedStrangers.firsts.length === 0 ? Number.NaN : population.weigh(weights);
    return weighFirst(sorted, weights, counts).map((passed) => passed / total);
  });
}

/**
 * The similarities above which no more than some shares of the trials are, each that of the first who must not pass;
 * `-Infinity` where all may.
 */
export function limitsAt(trials: Trials, shares: readonly number[]): (Estimate | undefined)[] {
  const sorted = trials.sorted();
  return bootstrap(listed(trials), (weights) => firstTooMany(sorted, weights, shares));
}

/**
 * The highest rate that is still likely where none of so many cases showed it: with a higher one, at least one would
 * have in 95 of 100 samples. About 3 / cases, the "rule of three" (Hanley and Lippman-Hand, "If nothing goes wrong, is
 * everything all right?", JAMA 1983); exactly the one-sided bound of Clopper and Pearson, 1934.
 */
export function boundFor(cases: number): number {
  return cases > 0 ? 1 - 0.05 ** (1 / cases) : 1;
}

/** How many cases it takes for `boundFor` to be no more than a rate. */
export function casesFor(rate: number): number {
  return Math.ceil(Math.log(0.05) / Math.log1p(-rate));
}

/** Everybody, and the weight of all, where all trials are listed. */
export function listed(trials: Trials): Population {
  const sorted = trials.sorted();
  const { firsts, seconds } = sorted;
  const people = new Set<number>();
  for (let i = 0; i < firsts.length; i++) people.add(firsts[i]!).add(seconds[i]!);
  return {
    people,
    weigh: (weights) => weighFirst(sorted, weights, [firsts.length])[0]!,
    cases: () => {
      const pairs = new Set<number>();
      for (let i = 0; i < firsts.length; i++) {
        const [a, b] = [firsts[i]!, seconds[i]!];
        // Unlike any two numbers of people, of whom there are fewer than 2^26.
        pairs.add(Math.min(a, b) * 2 ** 26 + Math.max(a, b));
      }
      return pairs.size;
    },
  };
}

/** The shares, with intervals that say something where a share is 0 or 1 too. */
function withIntervals(
  population: Population,
  sharesOf: (weights: Weights) => number[],
): (Estimate | undefined)[] {
  return bootstrap(population, sharesOf).map((share) => {
    if (share?.value === 0) return { ...share, to: Math.max(share.to, boundFor(population.cases())) };
    if (share?.value === 1) return { ...share, from: Math.min(share.from, 1 - boundFor(population.cases())) };
    return share;
  });
}

function bootstrap(
  { people: given }: Pick<Population, 'people'>,
  estimate: (weights: Weights) => number[],
): (Estimate | undefined)[] {
  // In order, so that the same trials have the same intervals, however they were listed.
  const people = [...new Set(given)].sort((a, b) => a - b);
  const size = (people.at(-1) ?? 0) + 1;
  const values = estimate(new Float64Array(size).fill(1));
  const random = randomNumbers(1);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const drawn = new Float64Array(size);
    for (let i = 0; i < people.length; i++) drawn[people[Math.floor(random() * people.length)]!]! += 1;
    return estimate(drawn);
  });
  return values.map((value, i) => {
    if (Number.isNaN(value)) return undefined;
    // Where nobody of interest was drawn there is no value.
    const others = rounds
      .map((round) => round[i]!)
      .filter((other) => !Number.isNaN(other))
      .sort((a, b) => a - b);
    const at = (share: number) => others[Math.round(share * (others.length - 1))] ?? value;
    return { value, from: at(0.025), to: at(0.975) };
  });
}

function weightOf(first: number, second: number, weights: Weights): number {
  return first === second ? weights[first]! : weights[first]! * weights[second]!;
}

/** What the first so many of the trials weigh, for each count. */
function weighFirst(
  { firsts, seconds }: SortedTrials,
  weights: Weights,
  counts: readonly number[],
): number[] {
  const weighed = new Map<number, number>();
  let at = 0;
  let total = 0;
  for (const count of counts.toSorted((a, b) => a - b)) {
    for (; at < count; at++) total += weightOf(firsts[at]!, seconds[at]!, weights);
    weighed.set(count, total);
  }
  return counts.map((count) => weighed.get(count)!);
}

/** The similarity of the first trial that is one too many, for each share of all. */
function firstTooMany(sorted: SortedTrials, weights: Weights, shares: readonly number[]): number[] {
  const { similarities, firsts, seconds } = sorted;
  const total = weighFirst(sorted, weights, [firsts.length])[0]!;
  return shares.map((share) => {
    if (total === 0) return Number.NaN;
    let passed = 0;
    for (let i = 0; i < firsts.length; i++) {
      passed += weightOf(firsts[i]!, seconds[i]!, weights);
      if (passed > share * total) return similarities[i]!;
    }
    return Number.NEGATIVE_INFINITY;
  });
}
