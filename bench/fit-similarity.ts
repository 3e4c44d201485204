/*
 * Fits the similarity scales of the local engine on labelled photos, and tries the fit on people it has not seen.
 *
 *     npx tsx bench/fit-similarity.ts people --cache people.bin
 *
 * The folder is as `npm run accuracy` takes it. For each model, that of faces and that of profiles, prints the
 * distances at which one comparison in ten to one in a hundred thousand with a stranger passes, and how many
 * comparisons of a person with themselves pass there: of faces, and of users of some faces, since one scale has to
 * serve all of them. Then what the distances of one half of the people let pass in the other half. Rates that fewer
 * than ten comparisons make are in brackets. With `--cache`, photos are described once, and their faces kept in a
 * file: delete it when the engine changes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import pLimit from 'p-limit';
import type { Estimate } from '../src/evaluation/evaluation.js';
import { randomNumbers, shuffled } from '../src/evaluation/random.js';
import { limitsAt, passingRates } from '../src/evaluation/statistics.js';
import { passing, type SortedTrials, Trials } from '../src/evaluation/trials.js';
import { userVector } from '../src/local/records/user-vector.js';
import { distance } from '../src/local/search/distances.js';
import { type FaceVectors, spacesOf, VIEWS, vectorsOf } from '../src/local/search/face-vectors.js';
import { FaceModels } from '../src/local/vision/face-models.js';
import type { FaceVector, VectorSpace } from '../src/local/vision/vision.js';
import { readLabelledPhotos, readPhoto } from './accuracy/labelled-photos.js';
import { table } from './accuracy/tables.js';
import { byPerson, compareFaces, compareUsers, type LabelledFace } from './accuracy/trials.js';

const RATES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
const SPLIT_RATES = [1e-3, 1e-4, 1e-5];
const USER_SIZES = [1, 3, 5];
/** The people are split in two this many times; each half is fitted on, and the other one tried. */
const SPLITS = 10;
/** So many comparisons make a rate. */
const ENOUGH = 10;
const PHOTOS_IN_FLIGHT = 8;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { cache: { type: 'string' } } });
const models = new FaceModels();
const photos = (await readLabelledPhotos(positionals[0] ?? '.')).filter(({ person }) => person !== undefined);
const described = await describeOnce(photos.map(({ path }) => path));
await models.close();

const names = [...new Set(photos.map(({ person }) => person))];
for (const view of VIEWS) {
  const space = spacesOf(models)[view];
  const faces = photos.flatMap(({ path, person }) => {
    const vector = described.get(path)![0]?.[view];
    return vector ? [{ person: names.indexOf(person), face: vector }] : [];
  });
  if (!space || faces.length === 0) continue;
  const people = byPerson(faces).size;
  console.log(`\n# ${space.version}: ${faces.length} faces of ${people} people, ${photos.length} photos`);
  await reportDistances(faces, space);
  await reportSplits(faces, space);
}

/** The faces of photos, by path, the largest first. */
async function describeOnce(paths: readonly string[]): Promise<Map<string, FaceVectors[]>> {
  const { cache } = values;
  const kept = cache && (await readFile(cache).catch(() => undefined));
  const found = kept ? (deserialize(kept) as Map<string, FaceVectors[]>) : new Map<string, FaceVectors[]>();
  const missing = paths.filter((path) => !found.has(path));
  const limit = pLimit(PHOTOS_IN_FLIGHT);
  const describe = async (path: string) => {
    const faces = await models.analyze(await readPhoto(path), { vectors: 'to-keep', attributes: false });
    found.set(path, faces.map(vectorsOf));
  };
  await Promise.all(missing.map((path) => limit(() => describe(path))));
  if (cache && missing.length > 0) await writeFile(cache, serialize(found));
  return found;
}

async function reportDistances(
  faces: readonly LabelledFace<FaceVector>[],
  space: VectorSpace,
): Promise<void> {
  const comparison = comparisonIn(space);
  const compared = [{ title: 'faces', trials: await compareFaces(comparison, faces) }];
  for (const size of USER_SIZES)
    compared.push({ title: `users of ${size}`, trials: await compareUsers(comparison, faces, size) });
  const columns = compared
    // Users of more faces than anybody has are none.
    .filter(({ trials }) => trials.own.size > 0)
    .map(({ title, trials }) => {
      const limits = limitsAt(trials.strangers, RATES);
      const own = passingRates(
        trials.own,
        limits.map((limit) => limit!.value),
      );
      return { title, trials, limits, own };
    });
  const rows = RATES.map((rate, i) => [
    oneIn(rate),
    ...columns.map(({ limits, own, trials }) => {
      const cell = `${between(limits[i]!)}, ${percent(own[i]!.value)} of own`;
      return rate * trials.strangers.size < ENOUGH ? `(${cell})` : cell;
    }),
  ]);
  const head = [
    '1 in',
    ...columns.map(
      ({ title, trials: { own, strangers } }) => `${title}: ${own.size} own, ${strangers.size} strangers`,
    ),
  ];
  console.log(table('Distances at which so many strangers pass', head, rows).join('\n'));
}

/** Fits on one half of the people and counts in the other, both ways. */
async function reportSplits(faces: readonly LabelledFace<FaceVector>[], space: VectorSpace): Promise<void> {
  const random = randomNumbers(1);
  const people = [...byPerson(faces).keys()];
  const sums = SPLIT_RATES.map((rate) => ({ rate, distance: 0, strangers: 0, own: 0 }));
  const trials = await compareFaces(comparisonIn(space), faces);
  for (let split = 0; split < SPLITS; split++) {
    const chosen = new Set(shuffled(people, random).slice(0, people.length / 2));
    const half = (isChosen: boolean): { own: SortedTrials; strangers: SortedTrials } => {
      const isIn = (person: number) => chosen.has(person) === isChosen;
      return { own: those(trials.own, isIn), strangers: those(trials.strangers, isIn) };
    };
    const halves = [half(true), half(false)] as const;
    for (const [fitted, tried] of [halves, halves.toReversed()])
      for (const sum of sums) {
        const { similarities } = fitted!.strangers;
        const limit = similarities[Math.floor(similarities.length * sum.rate)]!;
        sum.distance -= limit / (2 * SPLITS);
        sum.strangers += share(tried!.strangers, limit) / (2 * SPLITS);
        sum.own += share(tried!.own, limit) / (2 * SPLITS);
      }
  }
  const rows = sums.map(({ rate, distance, strangers, own }) => [
    oneIn(rate),
    distance.toFixed(3),
    strangers === 0 ? 'none' : oneIn(strangers),
    percent(own),
  ]);
  const head = ['for 1 in', 'distance', 'passed by strangers, 1 in', 'own'];
  console.log(table('Fitted on one half of the people, tried on the other', head, rows).join('\n'));
}

/** Vectors are the less alike the farther they are apart: the similarity is the distance below 0. */
function comparisonIn({ metric }: VectorSpace) {
  return {
    async compare(groups: readonly (readonly FaceVector[])[], faces: readonly FaceVector[]) {
      const users = groups.map((group) => userVector(metric, group));
      return faces.map((face) => Float64Array.from(users, (user) => -distance(metric, face, user)));
    },
  };
}

/** The trials in which all are such people. */
function those(trials: Trials, isIn: (person: number) => boolean): SortedTrials {
  const { similarities, firsts, seconds } = trials.sorted();
  const chosen = new Trials();
  for (let i = 0; i < firsts.length; i++)
    if (isIn(firsts[i]!) && isIn(seconds[i]!)) chosen.add(similarities[i]!, firsts[i]!, seconds[i]!);
  return chosen.sorted();
}

function share(trials: SortedTrials, limit: number): number {
  return passing(trials, limit) / trials.firsts.length;
}

function between({ value, from, to }: Estimate): string {
  return `${(-value).toFixed(3)} (${(-to).toFixed(3)} to ${(-from).toFixed(3)})`;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

function oneIn(ratio: number): string {
  return Math.round(1 / ratio).toLocaleString('en');
}
