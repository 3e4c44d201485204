import { checkCount, checkOneOf, checkOptions, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { thresholdAbove } from './accuracy.js';
import type { Estimate, Evaluation } from './evaluation.js';
import { checkRate } from './options.js';
import { boundFor, casesFor, limitsAt, passingRates } from './statistics.js';
import { Trials } from './trials.js';

/** How many wrong names are bearable. */
export interface RecommendThresholdOptions {
  /** How many of the searches for somebody who is not in the collection may name somebody: 1 / 1000, for one in 1,000. */
  falseNames: number;
  /**
   * What will be searched.
   *
   * @default 'users'
   */
  by?: 'users' | 'faces' | undefined;
  /**
   * How many users the collection will have.
   *
   * @default as many as it had when it was evaluated
   */
  collectionSize?: number | undefined;
}

/** A threshold for a wanted rate of false names, or that there are too few photos to tell one. */
export type Recommendation = {
  readonly by: 'users' | 'faces';
  readonly collectionSize: number;
  /** What was asked for. */
  readonly falseNames: number;
  /** The answer in a sentence. */
  readonly message: string;
} & (
  | {
      readonly status: 'recommended';
      /** 0 to 100, of two decimals. */
      readonly threshold: number;
      /** Where 95 of 100 choices of other people would put the threshold. */
      readonly interval: { readonly from: number; readonly to: number };
      /** Share of searches for somebody who is not in the collection that name somebody at the threshold. */
      readonly falseNameRate: Estimate;
      /** Share of searches for people of the collection that name the right one first. Absent when none was made. */
      readonly truePositiveIdentificationRate?: Estimate;
    }
  | {
      readonly status: 'too-few';
      /** The lowest rate that photos of so many people can show, where none of them is named falsely. */
      readonly best: number;
      /** People of whom there were photos. */
      readonly people: number;
      /** People of whom photos are needed. */
      readonly peopleNeeded: number;
    }
  | {
      /** No threshold keeps to it: some who are not in the collection are as similar as can be to somebody who is. */
      readonly status: 'unreachable';
      /** The rate at 100. */
      readonly best: number;
    }
);

const OPTIONS: OptionChecks<RecommendThresholdOptions> = {
  falseNames: checkRate,
  by: (argument, value) => checkOneOf(argument, value, ['users', 'faces']),
  collectionSize: checkCount,
};

/**
 * The lowest threshold at which searches for people who are not in the collection name somebody no more often than
 * wanted, as the searches of an evaluation show it.
 *
 * Every photo counts, of strangers and of people of the collection: without the matches of their own, these searched a
 * collection that they are not in. For another size of the collection, each user is taken to be named falsely by chance
 * and independently: with a rate `f` of each, a search of `n` users names somebody in 1 - (1 - f)^n (Daugman, "The
 * importance of being random", 2003). Look-alikes, as in families, are not by chance: a collection that has more of them
 * than the photos names more.
 *
 * @example
 * const advice = recommendThreshold(evaluation, { falseNames: 1 / 1000, collectionSize: 5000 });
 * if (advice.status === 'recommended') await team.searchPhoto(photo, { threshold: advice.threshold });
 * else console.warn(advice.message);
 */
export function recommendThreshold(
  evaluation: Evaluation,
  options: RecommendThresholdOptions,
): Recommendation {
  const { falseNames, by = 'users', collectionSize } = checkOptions(options, OPTIONS);
  if (falseNames === undefined) checkRate('options.falseNames', falseNames);
  const { users } = evaluation.collection;
  if (users === 0)
    throw new InvalidArgumentError('evaluation', evaluation, 'of a collection that has users with faces');
  const size = collectionSize ?? users;
  const asked = { by, collectionSize: size, falseNames };
  const inThatSize = (rate: number) => resized(rate, size / users);
  const rate = resized(falseNames, users / size);

  const { named, right, people } = trialsOf(evaluation, by);
  const best = inThatSize(boundFor(people));
  const [limit] = limitsAt(named, [rate]);
  if (falseNames < best || limit === undefined) {
    const peopleNeeded = casesFor(rate);
    const shown =
      people === 0
        ? 'No photo was searched, so nothing is known of false names.'
        : `Too few photos: those of ${counted(people, 'person', 'people')} can show ${falseNamesAt(best)} at best.`;
    const message = `${shown} For ${oneIn(falseNames)} it takes photos of ${counted(peopleNeeded, 'person', 'people')}.`;
    return { status: 'too-few', ...asked, best, people, peopleNeeded, message };
  }

  const { knownFrom } = evaluation[by];
  const threshold = thresholdAbove(limit.value, knownFrom);
  const [measured] = passingRates(named, [threshold ?? 100]);
  const falseNameRate = mapEstimate(measured!, inThatSize);
  if (threshold === undefined) {
    const message =
      `No threshold keeps to ${falseNamesAt(falseNames)}: even at 100 it is ${oneIn(falseNameRate.value)}. ` +
      'Look whether these photos are of people of the collection.';
    return { status: 'unreachable', ...asked, best: falseNameRate.value, message };
  }
  const [truePositiveIdentificationRate] = passingRates(right, [threshold]);
  const interval = {
    from: thresholdAbove(limit.from, knownFrom) ?? 100,
    to: thresholdAbove(limit.to, knownFrom) ?? 100,
  };
  const message =
    `At ${threshold} (${interval.from} to ${interval.to}) ${percent(falseNameRate)} of searches among ` +
    `${counted(size, 'user', 'users')} name somebody falsely` +
    (truePositiveIdentificationRate
      ? `, and ${percent(truePositiveIdentificationRate)} of those for people of the collection name the right one.`
      : '.');
  return {
    status: 'recommended',
    ...asked,
    threshold,
    interval,
    falseNameRate,
    ...(truePositiveIdentificationRate && { truePositiveIdentificationRate }),
    message,
  };
}

/** Whom searches name, as if nobody who was searched were in the collection; and the searches that name the right one. */
function trialsOf({ searches }: Evaluation, by: 'users' | 'faces') {
  const named = new Trials();
  const right = new Trials();
  const numbers = new Map<string, number>();
  for (const { userId, stranger, ...found } of searches) {
    const id = userId ?? stranger ?? '';
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    const person = numbers.get(id)!;
    const { own = Number.NEGATIVE_INFINITY, other } = found[by];
    const similarity = other?.similarity ?? Number.NEGATIVE_INFINITY;
    named.add(similarity, person);
    if (userId !== undefined) right.add(own > similarity ? own : Number.NEGATIVE_INFINITY, person);
  }
  return { named, right, people: numbers.size };
}

/** The rate of false names in a collection that is so many times as large. */
function resized(rate: number, times: number): number {
  return -Math.expm1(Math.log1p(-rate) * times);
}

function mapEstimate({ value, from, to }: Estimate, change: (rate: number) => number): Estimate {
  return { value: change(value), from: change(from), to: change(to) };
}

function counted(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** As a part of a sentence. */
function falseNamesAt(rate: number): string {
  const often = oneInAsMany(rate);
  return often === undefined ? `${percentNumber(rate)} % false names` : `1 false name in ${often} searches`;
}

/** `1 in 300`, or a percentage where that would be 1 in 1. */
function oneIn(rate: number): string {
  const often = oneInAsMany(rate);
  return often === undefined ? `${percentNumber(rate)} %` : `1 in ${often}`;
}

function oneInAsMany(rate: number): string | undefined {
  return rate > 0.5 ? undefined : Math.floor(1 / rate + 1e-6).toLocaleString('en');
}

function percent({ value, from, to }: Estimate): string {
  return `${percentNumber(value)} % (${percentNumber(from)} to ${percentNumber(to)})`;
}

function percentNumber(rate: number): number {
  return Number((100 * rate).toPrecision(2));
}
