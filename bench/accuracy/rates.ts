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
 * @param falseRates ratios, the largest first
 */
export function trueRatesAt({ own, strangers }: Trials, falseRates: readonly number[]): Rate[] {
  const nearestOwn = own.toSorted((a, b) => a.distance - b.distance);
  const nearest = strangers.toSorted((a, b) => a.distance - b.distance);
  return withIntervals([...own, ...strangers], (weights) => {
    const total = weigh(nearest, weights);
    return falseRates.map((falseRate) => {
      const limit = distanceOfShare(nearest, weights, falseRate * total);
      return weigh(nearestOwn, weights, limit) / weigh(nearestOwn, weights);
    });
  });
}

/** The farthest distances at which no more than `falseRates` of strangers pass. */
export function distancesAt(strangers: readonly Trial[], falseRates: readonly number[]): Rate[] {
  const nearest = strangers.toSorted((a, b) => a.distance - b.distance);
  return withIntervals(nearest, (weights) => {
    const total = weigh(nearest, weights);
    return falseRates.map((falseRate) => distanceOfShare(nearest, weights, falseRate * total));
  });
}

/** How many of the trials are no farther than each limit; as ratios. */
export function passingRates(trials: readonly Trial[], limits: readonly number[]): Rate[] {
  const nearest = trials.toSorted((a, b) => a.distance - b.distance);
  return withIntervals(nearest, (weights) => {
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
      const weight = weightOf(trial, weights);
      sum += weight * values[i]!;
      total += weight;
    });
    return [sum / total];
  });
  return mean!;
}

/** How often each person counts: once, or as often as they were drawn. */
type Weights = Float64Array;

function weightOf({ first, second }: Trial, weights: Weights): number {
  return first === second ? weights[first]! : weights[first]! * weights[second]!;
}

/** The weight of the trials up to a limit. */
function weigh(nearest: readonly Trial[], weights: Weights, limit = Number.POSITIVE_INFINITY): number {
  let total = 0;
  for (const trial of nearest) {
    if (trial.distance > limit) break;
    total += weightOf(trial, weights);
  }
  return total;
}

/** The farthest distance up to which the trials weigh no more than `allowed`. */
function distanceOfShare(nearest: readonly Trial[], weights: Weights, allowed: number): number {
  let passed = 0;
  let limit = 0;
  for (const trial of nearest) {
    passed += weightOf(trial, weights);
    if (passed > allowed) break;
    limit = trial.distance;
  }
  return Math.min(limit, Number.MAX_VALUE);
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
