import { present } from '../service/shapes.js';
import type { Accuracy, CurvePoint, ProbeAnswer } from './evaluation.js';
import { meanOf, type Population, passingRates, type Weights } from './statistics.js';
import { passing, type SortedTrials, Trials } from './trials.js';

/** Thresholds of the curve, lowest first: closer where similarities of one person are. */
const CURVE = [
  ...Array.from({ length: 990 }, (_, i) => i / 10),
  ...Array.from({ length: 101 }, (_, i) => (9900 + i) / 100),
];

/** What is to be told. */
export interface AccuracyRequest {
  /** Lowest first. */
  readonly thresholds: readonly number[];
  readonly falsePositiveIdentificationRates: readonly number[];
}

/** Whose photo was searched. */
export interface Searcher {
  /** By number. */
  readonly person: number;
  readonly isStranger: boolean;
}

/** What a search can find of a person: a face or a user, and how alike it is. */
export interface OwnedMatch {
  /** By number. Undefined when it is nobody's. */
  readonly owner: number | undefined;
  readonly userId: string;
  readonly similarity: number;
}

/** What the searches of one kind, among faces or among users, come to. */
export class Answers {
  /** How much there is to be found of each person, by number: their faces, or 1 for their user. */
  readonly #found: ReadonlyMap<number, number>;
  readonly #request: AccuracyRequest;
  readonly #own = new Trials();
  /** Of the comparisons with others those that pass the lowest threshold; the others are only counted. */
  readonly #others = new Trials();
  /** How many comparisons with others are at each threshold of the curve and below the next. */
  readonly #othersAt = new Float64Array(CURVE.length);
  readonly #bestOwn = new Trials();
  readonly #bestOther = new Trials();
  readonly #right = new Trials();
  readonly #wrong = new Trials();
  readonly #strangers = new Trials();
  readonly #searches = new Map<number, number>();
  #knownFrom = 0;

  constructor(found: ReadonlyMap<number, number>, request: AccuracyRequest) {
    this.#found = found;
    this.#request = request;
  }

  /**
   * @param matches the most similar first
   * @param isCut whether the service may have had more
   */
  add({ person, isStranger }: Searcher, matches: readonly OwnedMatch[], isCut: boolean): ProbeAnswer {
    const lowest = this.#request.thresholds[0] ?? 0;
    let left = this.#found.get(person) ?? 0;
    for (const { owner, similarity } of matches) {
      if (owner === person) {
        this.#own.add(similarity, person);
        left -= 1;
      } else if (owner !== undefined) {
        this.#othersAt[placeOnCurve(similarity)]! += 1;
        if (similarity >= lowest) this.#others.add(similarity, person, owner);
      }
    }
    for (; left > 0; left--) this.#own.add(Number.NEGATIVE_INFINITY, person);
    // What was left out is at most as similar as the last.
    if (isCut) this.#knownFrom = thresholdAbove(matches.at(-1)?.similarity ?? 0, this.#knownFrom) ?? 100;
    this.#searches.set(person, (this.#searches.get(person) ?? 0) + 1);

    const own = matches.find(({ owner }) => owner === person);
    const other = matches.find(({ owner }) => owner !== undefined && owner !== person);
    if (own) this.#bestOwn.add(own.similarity, person);
    if (other) this.#bestOther.add(other.similarity, person);
    const ownSimilarity = own?.similarity ?? Number.NEGATIVE_INFINITY;
    const otherSimilarity = other?.similarity ?? Number.NEGATIVE_INFINITY;
    if (isStranger) this.#strangers.add(otherSimilarity, person);
    else {
      const isRight = ownSimilarity > otherSimilarity;
      this.#right.add(isRight ? ownSimilarity : Number.NEGATIVE_INFINITY, person);
      this.#wrong.add(isRight ? Number.NEGATIVE_INFINITY : otherSimilarity, person);
    }
    return {
      ...(own && { own: own.similarity }),
      ...(other && { other: { userId: other.userId, similarity: other.similarity } }),
    };
  }

  accuracy(): Accuracy {
    return present({
      trueSimilarity: meanOf(this.#bestOwn),
      falseSimilarity: meanOf(this.#bestOther),
      knownFrom: this.#knownFrom,
      atThresholds: this.#atThresholds(),
      curve: this.#curve(),
      identification: this.#identification(),
    });
  }

  #atThresholds(): Accuracy['atThresholds'] {
    const thresholds = this.#request.thresholds.filter((threshold) => threshold >= this.#knownFrom);
    const rates = {
      trueMatchRate: passingRates(this.#own, thresholds),
      falseMatchRate: passingRates(this.#others, thresholds, this.#comparisonsWithOthers()),
      truePositiveIdentificationRate: passingRates(this.#right, thresholds),
      misidentificationRate: passingRates(this.#wrong, thresholds),
      falsePositiveIdentificationRate: passingRates(this.#strangers, thresholds),
    };
    return thresholds.map((threshold, i) => ({ threshold, ...mapPresent(rates, (rate) => rate[i]) }));
  }

  #curve(): CurvePoint[] {
    const others = this.#comparisonsWithOthers().weigh();
    let othersLeft = this.#othersAt.reduce((sum, count) => sum + count, 0);
    const listed = mapPresent(
      {
        trueMatchRate: this.#own,
        truePositiveIdentificationRate: this.#right,
        misidentificationRate: this.#wrong,
        falsePositiveIdentificationRate: this.#strangers,
      },
      (trials) => (trials.size > 0 ? trials.sorted() : undefined),
    );
    const points: CurvePoint[] = [];
    CURVE.forEach((threshold, i) => {
      const point = {
        threshold,
        ...mapPresent(listed, (trials: SortedTrials) => passing(trials, threshold) / trials.firsts.length),
        ...(others > 0 && { falseMatchRate: othersLeft / others }),
      };
      othersLeft -= this.#othersAt[i]!;
      if (threshold >= this.#knownFrom && isOther(point, points.at(-1))) points.push(point);
    });
    return points;
  }

  #identification(): Accuracy['identification'] {
    const strangers = this.#strangers.sorted();
    return this.#request.falsePositiveIdentificationRates.map((rate) => {
      const named = Math.floor(rate * strangers.firsts.length);
      const threshold = thresholdAbove(strangers.similarities[named] ?? 0, this.#knownFrom);
      // Where not even one may be named, a few more strangers could be named at any threshold.
      if (named === 0 || threshold === undefined) return { falsePositiveIdentificationRate: rate };
      const [truePositiveIdentificationRate] = passingRates(this.#right, [threshold]);
      return present({ falsePositiveIdentificationRate: rate, threshold, truePositiveIdentificationRate });
    });
  }

  /** Every search was compared with all that there is of everybody else. */
  #comparisonsWithOthers(): Population & { weigh(weights?: Weights): number } {
    const found = this.#found;
    const searches = this.#searches;
    return {
      people: new Set([...searches.keys(), ...found.keys()]),
      weigh(weights) {
        const weightOf = (person: number) => weights?.[person] ?? 1;
        let all = 0;
        for (const [person, count] of found) all += weightOf(person) * count;
        let total = 0;
        for (const [person, count] of searches) {
          const own = found.get(person) ?? 0;
          total += weightOf(person) * count * (all - weightOf(person) * own);
        }
        return total;
      },
      cases() {
        let users = 0;
        for (const person of searches.keys()) if (found.has(person)) users += 1;
        // Two people who were both searched make one pair.
        return searches.size * found.size - users - (users * (users - 1)) / 2;
      },
    };
  }
}

/**
 * The lowest threshold of two decimals that a similarity does not pass, nor any below it. Undefined when there is none.
 *
 * @param least what the threshold may not go below
 */
export function thresholdAbove(similarity: number, least: number): number | undefined {
  const threshold = Math.max(least, (Math.floor(similarity * 100) + 1) / 100, 0);
  return threshold <= 100 ? threshold : undefined;
}

/** Members that have a value, made of others. */
function mapPresent<Names extends string, From, To>(
  members: { readonly [name in Names]?: From },
  toValue: (value: From) => To | undefined,
): { [name in Names]?: To } {
  const entries = Object.entries<From>(members as Record<Names, From>);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => {
      const made = toValue(value);
      return made === undefined ? [] : [[name, made]];
    }),
  ) as { [name in Names]?: To };
}

function placeOnCurve(similarity: number): number {
  let from = 0;
  let to = CURVE.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (CURVE[middle]! <= similarity) from = middle + 1;
    else to = middle;
  }
  return Math.max(0, from - 1);
}

function isOther(point: CurvePoint, before: CurvePoint | undefined): boolean {
  return (
    before === undefined ||
    (Object.keys(point) as (keyof CurvePoint)[]).some(
      (rate) => rate !== 'threshold' && point[rate] !== before[rate],
    )
  );
}
