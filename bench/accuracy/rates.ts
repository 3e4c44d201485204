import { randomNumbers } from './random.js';

/** A comparison that was made, and who was in it: for the rates, and for the uncertainty of the rates. */
export interface Trial {
  /** Infinite when the wrong person was named. */
  distance: number;
  /** The people whose faces were compared, by number. One and the same when it was about one person. */
  first: number;
  second: number;
}

/** Comparisons of people with themselves, and with strangers. */
export interface Trials {
  own: Trial[];
  strangers: Trial[];
}

/** A share, a mean or a distance, and where 95 of 100 choices of other people would put it. */
export interface Rate {
  value: number;
  from: number;
  to: number;
}

/** Bootstrap rounds for an interval. */
const ROUNDS = 200;

/**
 * How many comparisons of people with themselves pass, at the distances that let `falseRates` of strangers pass.
 * The interval is a bootstrap over people, who are drawn with repetition: comparisons of one person are alike.
 *
 * @param falseRates ratios
 */
export function trueRatesAt({ own, strangers }: Trials, falseRates: readonly number[]): Rate[] {
  const nearestOwn = nearestFirst(own);
  const nearest = nearestFirst(strangers);
  return withIntervals([...own, ...strangers], (weights) => {
    const total = weigh(nearestOwn, weights);
    return distancesOfShares(nearest, weights, falseRates).map(
      (limit) => weigh(nearestOwn, weights, limit) / total,
    );
  });
}

/**
 * The farthest distances at which no more than `falseRates` of strangers pass.
 *
 * @param falseRates ratios
 */
export function distancesAt(strangers: readonly Trial[], falseRates: readonly number[]): Rate[] {
  const nearest = nearestFirst(strangers);
  return withIntervals(strangers, (weights) => distancesOfShares(nearest, weights, falseRates));
}

/** How many of the trials are no farther than each limit; as ratios. */
export function passingRates(trials: readonly Trial[], limits: readonly number[]): Rate[] {
  const nearest = nearestFirst(trials);
  return withIntervals(trials, (weights) => {
    const total = weigh(nearest, weights);
    return limits.map((limit) => weigh(nearest, weights, limit) / total);
  });
}

/** The mean of something about the trials. */
export function meanOf(trials: readonly Trial[], numberOf: (trial: Trial) => number): Rate {
  const values = trials.map(numberOf);
  const [mean] = withIntervals(trials, (weights) => {
    let sum = 0;
    let total = 0;
    trials.forEach((trial, i) => {
      const weight = weightOf(trial.first, trial.second, weights);
      sum += weight * values[i]!;
      total += weight;
    });
    return [sum / total];
  });
  return mean!;
}

/** How often each person counts: once, or as often as they were drawn. */
type Weights = Float64Array;

function weightOf(first: number, second: number, weights: Weights): number {
  return first === second ? weights[first]! : weights[first]! * weights[second]!;
}

/** Trials by their distance: in columns, since there are millions, and each is weighed hundreds of times. */
interface NearestFirst {
  readonly distances: Float64Array;
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
}

function nearestFirst(trials: readonly Trial[]): NearestFirst {
  const sorted = trials.toSorted((a, b) => a.distance - b.distance);
  return {
    distances: Float64Array.from(sorted, ({ distance }) => distance),
    firsts: Int32Array.from(sorted, ({ first }) => first),
    seconds: Int32Array.from(sorted, ({ second }) => second),
  };
}

/** The weight of the trials up to a limit. */
function weigh(
  { distances, firsts, seconds }: NearestFirst,
  weights: Weights,
  limit = Number.POSITIVE_INFINITY,
): number {
  let total = 0;
  for (let i = 0; i < distances.length && distances[i]! <= limit; i++)
    total += weightOf(firsts[i]!, seconds[i]!, weights);
  return total;
}

/** The farthest distances up to which the trials weigh no more than some shares of all. */
function distancesOfShares(nearest: NearestFirst, weights: Weights, shares: readonly number[]): number[] {
  const { distances, firsts, seconds } = nearest;
  const total = weigh(nearest, weights);
  return shares.map((share) => {
    let passed = 0;
    let limit = 0;
    for (let i = 0; i < distances.length; i++) {
      passed += weightOf(firsts[i]!, seconds[i]!, weights);
      if (passed > share * total) break;
      limit = distances[i]!;
    }
    return Math.min(limit, Number.MAX_VALUE);
  });
}

function withIntervals(trials: readonly Trial[], ratesOf: (weights: Weights) => number[]): Rate[] {
  const isIn = new Set<number>();
  for (const { first, second } of trials) isIn.add(first).add(second);
  const people = [...isIn];
  const size = Math.max(0, ...people) + 1;
  const random = randomNumbers(1);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const drawn = new Float64Array(size);
    for (let i = 0; i < people.length; i++) drawn[people[Math.floor(random() * people.length)]!]! += 1;
    return ratesOf(drawn);
  });
  return ratesOf(new Float64Array(size).fill(1)).map((value, i) => {
    // Where nobody of interest was drawn there is no rate.
    const others = rounds
      .map((rates) => rates[i]!)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    const at = (share: number) => others[Math.round(share * (others.length - 1))] ?? value;
    return { value, from: at(0.025), to: at(0.975) };
  });
}
