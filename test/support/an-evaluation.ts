import type {
  Accuracy,
  CurvePoint,
  Estimate,
  Evaluation,
  FailedProbe,
  ProbeSearch,
  RatesAtThreshold,
} from '../../src/evaluation/evaluation.js';

interface Made {
  /** Known people, each with so many photos. */
  people?: number;
  photosPerPerson?: number;
  /** Strangers, each with one photo. */
  strangers?: number;
  thresholds?: readonly number[];
  facesPerUser?: readonly number[];
  failures?: readonly FailedProbe[];
  /** Put in place of the first searches. */
  searches?: readonly ProbeSearch[];
}

/**
 * An evaluation as one of many photos may come out: similarities are drawn as the local engine spreads them, always
 * the same, and the rates are counted in them. By users, true ones are higher and false ones lower, as in the article.
 */
export function anEvaluation({
  people = 300,
  photosPerPerson = 3,
  strangers = 200,
  thresholds = [80, 90, 99],
  facesPerUser = [],
  failures = [],
  searches: given = [],
}: Made = {}): Evaluation {
  const random = randomNumbers();
  const made = [
    ...Array.from({ length: people * photosPerPerson }, (_, index) => {
      const userId = `person-${1 + Math.floor(index / photosPerPerson)}`;
      return search(random, { photoName: `${userId}/${1 + (index % photosPerPerson)}.jpg`, userId }, people);
    }),
    ...Array.from({ length: strangers }, (_, index) => {
      const stranger = `stranger-${index + 1}`;
      return search(random, { photoName: `${stranger}/1.jpg`, stranger }, people);
    }),
  ];
  const searches = [...given, ...made.slice(given.length)];
  const { faces, users } = bothWays(searches, thresholds);
  const acquired = estimate(failures.length, searches.length + failures.length);
  return {
    collectionId: 'team',
    evaluatedAt: '2026-11-30T09:30:00.000Z',
    faceModelVersion: '7.0',
    collection: { users: people, faces: 4 * people },
    probes: { photos: searches.length + failures.length, people, strangers, enrolled: 0 },
    leftOut: [],
    searches,
    failures,
    ...(acquired && { failureToAcquireRate: acquired }),
    faces,
    users,
    byFacesPerUser: facesPerUser.map((number) => {
      const fewer = Array.from(searches, ({ photoName, userId, stranger }) =>
        search(random, { photoName, ...(userId ? { userId } : { stranger: stranger! }) }, people, number),
      );
      return { facesPerUser: number, people, ...bothWays(fewer, thresholds) };
    }),
    calls: { SearchFacesByImage: { calls: searches.length, billed: searches.length, throttled: 0 } },
    seconds: 83.2,
  };
}

function search(
  random: () => number,
  probe: { photoName: string; userId?: string; stranger?: string },
  people: number,
  facesPerUser = 4,
): ProbeSearch {
  // Standard deviations of logits, some hard photos, and more faces that help users more.
  const hard = random() < 0.04 ? 6 : 0;
  const help = Math.log2(facesPerUser);
  const own = 6.2 + 0.5 * help + 2 * normal(random) - hard;
  const other = -0.1 + 0.25 * help + 1.2 * normal(random);
  const userId = `person-${1 + Math.floor(random() * people)}`;
  const answer = (trueLogit: number, falseLogit: number) => ({
    ...(probe.userId !== undefined && { own: fromLogit(trueLogit) }),
    ...(people > 0 && userId !== probe.userId && { other: { userId, similarity: fromLogit(falseLogit) } }),
  });
  return { ...probe, faces: answer(own, other), users: answer(own + 0.6 * help, other - 0.3 * help) };
}

function bothWays(searches: readonly ProbeSearch[], thresholds: readonly number[]) {
  return {
    faces: accuracyOf(searches, 'faces', thresholds),
    users: accuracyOf(searches, 'users', thresholds),
  };
}

function accuracyOf(
  searches: readonly ProbeSearch[],
  way: 'faces' | 'users',
  thresholds: readonly number[],
): Accuracy {
  const answers = searches.map((one) => ({ known: one.userId !== undefined, ...one[way] }));
  const own = answers.flatMap((answer) => answer.own ?? []);
  const other = answers.flatMap((answer) => answer.other?.similarity ?? []);
  const ratesAt = (threshold: number): RatesAtThreshold => {
    const known = answers.filter((answer) => answer.known);
    const strangers = answers.filter((answer) => !answer.known);
    const passing = (all: readonly number[]) => all.filter((one) => one >= threshold).length;
    const isFirst = (first = 0, second = 0) => first >= threshold && first > second;
    const rates: Record<string, Estimate | undefined> = {
      trueMatchRate: estimate(passing(own), own.length),
      // Each was the most alike of all others.
      falseMatchRate: estimate(passing(other), 300 * other.length),
      truePositiveIdentificationRate: estimate(
        known.filter((one) => isFirst(one.own, one.other?.similarity)).length,
        known.length,
      ),
      misidentificationRate: estimate(
        known.filter((one) => isFirst(one.other?.similarity, one.own)).length,
        known.length,
      ),
      falsePositiveIdentificationRate: estimate(
        strangers.filter((one) => isFirst(one.other?.similarity)).length,
        strangers.length,
      ),
    };
    return { threshold, ...Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate)) };
  };
  const steps = Array.from({ length: 200 }, (_, index) => fromLogit(-9 + index * 0.09));
  return {
    ...(own.length > 0 && { trueSimilarity: mean(own) }),
    ...(other.length > 0 && { falseSimilarity: mean(other) }),
    knownFrom: 0,
    atThresholds: thresholds.map(ratesAt),
    curve: steps.map((step) => {
      const rates = Object.entries(ratesAt(step));
      return Object.fromEntries(
        rates.map(([name, rate]) => [name, typeof rate === 'number' ? rate : rate.value]),
      ) as CurvePoint;
    }),
    identification: [0.01, 0.001].map((rate) => {
      const found = steps.find((step) => (ratesAt(step).falsePositiveIdentificationRate?.value ?? 1) <= rate);
      const strangers = answers.filter((answer) => !answer.known).length;
      if (found === undefined || strangers < 1 / rate) return { falsePositiveIdentificationRate: rate };
      const { truePositiveIdentificationRate } = ratesAt(found);
      return {
        falsePositiveIdentificationRate: rate,
        threshold: found,
        ...(truePositiveIdentificationRate && { truePositiveIdentificationRate }),
      };
    }),
  };
}

/** Wilson's interval. */
function estimate(number: number, of: number): Estimate | undefined {
  if (of === 0) return undefined;
  const [share, z] = [number / of, 1.96];
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return { value: share, from: Math.max(0, middle - half), to: Math.min(1, middle + half) };
}

function mean(values: readonly number[]): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / values.length;
  const half = 1.96 * Math.sqrt(variance / values.length);
  return { value, from: Math.max(0, value - half), to: Math.min(100, value + half) };
}

function fromLogit(logit: number): number {
  return 100 / (1 + Math.exp(-logit));
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Always the same numbers from 0 to 1 (mulberry32). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
