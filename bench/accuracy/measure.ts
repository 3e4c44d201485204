import type { MeasuredEngine } from './engine.js';
import type { LabelledPhoto } from './labelled-photos.js';
import { meanOf, passingRates, type Rate, type Trial, type Trials, trueRatesAt } from './rates.js';
import {
  byPerson,
  compareFaces,
  compareUsers,
  identify,
  type LabelledFace,
  searchBothWays,
} from './trials.js';

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
  const thresholds: NonNullable<Measurement['thresholds']> = {};
  const searches: NonNullable<Measurement['searches']> = {};
  const similarities: NonNullable<Measurement['similarities']> = {};
  const { similarity } = engine;
  const addComparison = (title: string, trials: Trials) => {
    comparisons[title] = {
      own: trials.own.length,
      strangers: trials.strangers.length,
      trueAcceptRates: ratesAt(trials, FALSE_ACCEPT_RATES),
    };
    if (!similarity) return;
    thresholds[title] = passedAt(trials, similarity);
  };
  addComparison('faces', compareFaces(engine, faces));
  for (const size of USER_SIZES) {
    const title = `users of ${size}`;
    const users = compareUsers(engine, faces, size);
    // Too few photos of each person to make such users of.
    if (users.own.length === 0) continue;
    addComparison(title, users);
    const searched = identify(engine, faces, size);
    identification[title] = {
      searches: searched.own.length,
      strangers: searched.strangers.length,
      truePositiveRates: ratesAt(searched, FALSE_POSITIVE_RATES),
    };
    if (!similarity) continue;
    searches[title] = passedAt(searched, similarity);
    if (size === 1) continue;
    const mean = (some: readonly Trial[]) => meanOf(some, ({ distance }) => similarity(distance));
    for (const [among, { own, strangers }] of Object.entries(searchBothWays(engine, faces, size)))
      similarities[among === 'faces' ? `the ${size} faces of each user` : title] = {
        own: mean(own),
        strangers: mean(strangers),
      };
  }

  return {
    engine: engine.name,
    seconds,
    portraits,
    counted,
    comparisons,
    identification,
    ...(engine.similarity && {
      thresholds,
      searches,
      similarities,
      groups: nameGroups(engine, photos, described, faces, names),
    }),
  };
}

function ratesAt(trials: Trials, falseRates: readonly number[]): RatesByFalseRate {
  const rates = trueRatesAt(trials, falseRates);
  return Object.fromEntries(falseRates.map((falseRate, i) => [falseRate, rates[i]!]));
}

function passedAt(trials: Trials, similarity: (distance: number) => number): PassedBySimilarity {
  const limits = SIMILARITIES.map((wanted) => distanceOf(wanted, similarity));
  const own = passingRates(trials.own, limits);
  const strangers = passingRates(trials.strangers, limits);
  return Object.fromEntries(
    SIMILARITIES.map((wanted, i) => [wanted, { own: own[i]!, strangers: strangers[i]! }]),
  );
}

/** The farthest distance that is still as similar as wanted, by halving. */
function distanceOf(wanted: number, similarity: (distance: number) => number): number {
  let near = 0;
  let far = 100;
  for (let i = 0; i < 60; i++) {
    const middle = (near + far) / 2;
    if (similarity(middle) >= wanted) near = middle;
    else far = middle;
  }
  return near;
}

function nameGroups<Face>(
  engine: MeasuredEngine<Face>,
  photos: readonly LabelledPhoto[],
  described: readonly Face[][],
  faces: readonly LabelledFace<Face>[],
  names: readonly string[],
): NonNullable<Measurement['groups']> {
  const users = [...byPerson(faces)].map(([person, own]) => ({
    person: names[person]!,
    distanceTo: engine.distanceFrom(own.map(({ face }) => face)),
  }));
  return photos.flatMap(({ path, group }, i) => {
    if (!group || group.people.length === 0) return [];
    const named = described[i]!.flatMap((face) => {
      const alike = users
        .map(({ person, distanceTo }) => ({ person, similarity: engine.similarity?.(distanceTo(face)) ?? 0 }))
        .filter(({ similarity }) => similarity >= 80)
        .sort((a, b) => b.similarity - a.similarity)[0];
      return alike ? [`${alike.person} ${alike.similarity.toFixed(1)}`] : [];
    });
    return [{ image: path, present: group.people, named }];
  });
}
