import type { Estimate } from '../../src/evaluation/evaluation.js';
import { meanOf, passingRates, trueRatesAt } from '../../src/evaluation/statistics.js';
import type { MeasuredEngine } from './engine.js';
import type { LabelledPhoto } from './labelled-photos.js';
import {
  type BothTrials,
  byPerson,
  compareFaces,
  compareUsers,
  identify,
  type LabelledFace,
  searchBothWays,
} from './trials.js';

/** A share or a mean; undefined where there was nothing to tell it of. */
export type Rate = Estimate | undefined;

/** Share of strangers that pass → share of people recognised there. */
export type RatesByFalseRate = Record<string, Rate>;

/** Similarity → shares that it lets pass, of people and of strangers. */
export type PassedBySimilarity = Record<string, { own: Rate; strangers: Rate }>;

/** What was measured of one engine. */
export interface Measurement {
  engine: string;
  seconds: number;
  portraits: { photos: number; found: number; missed: string[] };
  /** Photos whose faces were counted by eye. */
  counted: { photos: number; faces: number; found: number; missed: number; surplus: number };
  comparisons: Record<string, { own: number; strangers: number; trueAcceptRates: RatesByFalseRate }>;
  identification: Record<
    string,
    { searches: number; strangers: number; truePositiveRates: RatesByFalseRate }
  >;
  /** Of engines with a similarity: what its thresholds let pass. */
  thresholds?: Record<string, PassedBySimilarity>;
  /** How often a search at a similarity names the right person, and how often it names a stranger somebody. */
  searches?: Record<string, PassedBySimilarity>;
  /** Of the same searches among single faces and users: the mean similarity, 0 to 100, to one's own, and to the most alike of others. */
  similarities?: Record<string, { own: Rate; strangers: Rate }>;
  /** Who was named in group photos where people of the folders are, by user search at 80 and above. */
  groups?: { image: string; present: string[]; named: string[] }[];
}

const FALSE_ACCEPT_RATES = [1e-2, 1e-3, 1e-4, 1e-5];
const FALSE_POSITIVE_RATES = [1e-1, 1e-2, 1e-3];
const USER_SIZES = [1, 3, 5];
const SIMILARITIES = [80, 90, 99];

/** Describes all photos with an engine, and measures how well it tells people apart. */
export async function measure<Face>(
  engine: MeasuredEngine<Face>,
  photos: readonly LabelledPhoto[],
): Promise<Measurement> {
  const start = performance.now();
  const described = await engine.describe(photos.map(({ path }) => path));
  const seconds = (performance.now() - start) / 1000;

  const names: string[] = [];
  const faces: LabelledFace<Face>[] = [];
  const label = (name: string, face: Face) => {
    if (!names.includes(name)) names.push(name);
    faces.push({ person: names.indexOf(name), face });
  };
  const portraits: Measurement['portraits'] = { photos: 0, found: 0, missed: [] };
  const counted: Measurement['counted'] = { photos: 0, faces: 0, found: 0, missed: 0, surplus: 0 };
  photos.forEach(({ path, person, group, isOfStrangers }, i) => {
    const found = described[i]!;
    if (person !== undefined) {
      portraits.photos += 1;
      if (found[0]) {
        portraits.found += 1;
        label(person, found[0]);
      } else portraits.missed.push(path);
    }
    if (isOfStrangers)
      found.forEach((face, at) => {
        label(`${path} ${at}`, face);
      });
    if (group) {
      counted.photos += 1;
      counted.faces += group.faces;
      counted.found += found.length;
      counted.missed += Math.max(0, group.faces - found.length);
      counted.surplus += Math.max(0, found.length - group.faces);
    }
  });

  const comparisons: Measurement['comparisons'] = {};
  const identification: Measurement['identification'] = {};
  const thresholds: Record<string, PassedBySimilarity> = {};
  const searches: Record<string, PassedBySimilarity> = {};
  const similarities: NonNullable<Measurement['similarities']> = {};
  const addComparison = (title: string, { own, strangers }: BothTrials) => {
    const trueAcceptRates = ratesAt({ own, strangers }, FALSE_ACCEPT_RATES);
    comparisons[title] = { own: own.size, strangers: strangers.size, trueAcceptRates };
    if (engine.hasThresholds) thresholds[title] = passedAt({ own, strangers });
  };
  addComparison('faces', await compareFaces(engine, faces));
  for (const size of USER_SIZES) {
    const title = `users of ${size}`;
    const users = await compareUsers(engine, faces, size);
    // Too few photos of each person to make such users of.
    if (users.own.size === 0) continue;
    addComparison(title, users);
    const { own, strangers } = await identify(engine, faces, size);
    const truePositiveRates = ratesAt({ own, strangers }, FALSE_POSITIVE_RATES);
    identification[title] = { searches: own.size, strangers: strangers.size, truePositiveRates };
    if (!engine.hasThresholds) continue;
    searches[title] = passedAt({ own, strangers });
    if (size === 1) continue;
    for (const [among, found] of Object.entries(await searchBothWays(engine, faces, size)))
      similarities[among === 'faces' ? `the ${size} faces of each user` : title] = {
        own: meanOf(found.own),
        strangers: meanOf(found.strangers),
      };
  }
  const groups = engine.hasThresholds ? await nameGroups(engine, photos, described, faces, names) : undefined;
  await engine.close?.();
  const measured = { engine: engine.name, seconds, portraits, counted, comparisons, identification };
  return { ...measured, ...(groups && { thresholds, searches, similarities, groups }) };
}

function ratesAt({ own, strangers }: BothTrials, falseRates: readonly number[]): RatesByFalseRate {
  const rates = trueRatesAt(own, strangers, falseRates);
  return Object.fromEntries(falseRates.map((falseRate, i) => [falseRate, rates[i]]));
}

function passedAt(trials: BothTrials): PassedBySimilarity {
  const own = passingRates(trials.own, SIMILARITIES);
  const strangers = passingRates(trials.strangers, SIMILARITIES);
  return Object.fromEntries(
    SIMILARITIES.map((similarity, i) => [similarity, { own: own[i], strangers: strangers[i] }]),
  );
}

async function nameGroups<Face>(
  engine: MeasuredEngine<Face>,
  photos: readonly LabelledPhoto[],
  described: readonly Face[][],
  labelled: readonly LabelledFace<Face>[],
  names: readonly string[],
): Promise<NonNullable<Measurement['groups']>> {
  const people = [...byPerson(labelled)];
  const users = people.map(([, own]) => own.map(({ face }) => face));
  const groups: NonNullable<Measurement['groups']> = [];
  for (const [i, { path, group }] of photos.entries()) {
    if (!group || group.people.length === 0) continue;
    const rows = await engine.compare(users, described[i]!);
    const named = rows.flatMap((row) => {
      const similarity = Math.max(...row);
      if (!(similarity >= SIMILARITIES[0]!)) return [];
      return [`${names[people[row.indexOf(similarity)]![0]]} ${similarity.toFixed(1)}`];
    });
    groups.push({ image: path, present: group.people, named });
  }
  return groups;
}
