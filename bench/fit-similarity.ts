/*
 * Fits the similarity scale of the local engine on labelled photos, and tries the fit on people it has not seen.
 *
 *     npx tsx bench/fit-similarity.ts people
 *     npx tsx bench/fit-similarity.ts people --descriptors dlib
 *
 * The folder is as `npm run accuracy` takes it. Prints the distances at which one comparison in ten to one in a
 * hundred thousand with a stranger passes; how many comparisons of a person with themselves pass there; how users of
 * several faces compare with single ones; and what the distances of one half of the people let pass in the other.
 * Rates that the photos are too few for are extrapolated.
 */
import { parseArgs } from 'node:util';
import { checkDescriptors } from '../src/local/vision/embed/descriptors.js';
import { readLabelledPhotos } from './accuracy/labelled-photos.js';
import { localEngine } from './accuracy/local-engine.js';
import { randomNumbers, shuffled } from './accuracy/random.js';
import type { Trial, Trials } from './accuracy/rates.js';
import { byPerson, compareFaces, compareUsers, type LabelledFace } from './accuracy/trials.js';

const RATES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
const SPLIT_RATES = [1e-3, 1e-4, 1e-5];
const USER_SIZES = [2, 3, 5, 9];
/** The people are split in two this many times; each half is fitted on, and the other one tried. */
const SPLITS = 10;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { descriptors: { type: 'string', default: 'dlib+faceres' } },
});
const { descriptors } = values;
checkDescriptors(descriptors);
const engine = localEngine(descriptors, { descriptors });

async function describePeople(directory: string): Promise<LabelledFace[]> {
  const photos = (await readLabelledPhotos(directory)).filter(({ person }) => person !== undefined);
  const described = await engine.describe(photos.map(({ path }) => path));
  const names = [...new Set(photos.map(({ person }) => person))];
  return photos.flatMap(({ person }, i) => {
    const [largest] = described[i]!;
    return largest ? [{ person: names.indexOf(person), vector: largest }] : [];
  });
}

function report(title: string, { own, strangers }: Trials): void {
  console.log(`\n${title}: ${own.length} comparisons with themselves, ${strangers.length} with strangers`);
  for (const rate of RATES) {
    const threshold = thresholdFor(strangers, rate);
    const note = isMeasured(strangers, rate) ? '' : ' (extrapolated)';
    const passed = (100 * share(own, threshold)).toFixed(1);
    console.log(`  1 in ${Math.round(1 / rate)}: ${threshold.toFixed(3)}${note}, ${passed} % of own pass`);
  }
}

/** How much farther strangers are from one face than from users of `size` faces of the same people. */
function reportStretch(faces: readonly LabelledFace[], size: number): void {
  const people = byPerson(faces);
  const eligible = faces.filter(({ person }) => people.get(person)!.length > size);
  const single = compareUsers(engine, eligible, 1);
  const users = compareUsers(engine, eligible, size);
  report(`users of ${size} faces`, users);
  const ratio = (rate: number) =>
    (thresholdFor(single.strangers, rate) / thresholdFor(users.strangers, rate)).toFixed(3);
  console.log(`  single faces to these: ${ratio(1e-2)} at 1 in 100, ${ratio(1e-3)} at 1 in 1000`);
}

/** Fits on one half of the people and counts in the other, both ways. */
function reportSplits(faces: readonly LabelledFace[]): void {
  const random = randomNumbers(1);
  const people = [...byPerson(faces).keys()];
  const rows = SPLIT_RATES.map((rate) => ({ rate, thresholds: 0, strangers: 0, own: 0 }));
  for (let split = 0; split < SPLITS; split++) {
    const chosen = new Set(shuffled(people, random).slice(0, people.length / 2));
    const half = (isChosen: boolean) =>
      compareFaces(
        engine,
        faces.filter(({ person }) => chosen.has(person) === isChosen),
      );
    const halves = [half(true), half(false)] as const;
    for (const [fitted, tried] of [halves, halves.toReversed()])
      for (const row of rows) {
        const threshold = thresholdFor(fitted!.strangers, row.rate);
        row.thresholds += threshold;
        row.strangers += share(tried!.strangers, threshold);
        row.own += share(tried!.own, threshold);
      }
  }
  console.log('\nfitted on one half of the people, tried on the other:');
  for (const { rate, thresholds, strangers, own } of rows) {
    const mean = (total: number) => total / (2 * SPLITS);
    const passed = strangers === 0 ? 'none' : `1 in ${Math.round(1 / mean(strangers))}`;
    console.log(
      `  for 1 in ${Math.round(1 / rate)}: ${mean(thresholds).toFixed(3)} lets ${passed} strangers pass, ` +
        `${(100 * mean(own)).toFixed(1)} % of own`,
    );
  }
}

function thresholdFor(strangers: readonly Trial[], rate: number): number {
  const sorted = strangers.map(({ distance }) => distance).sort((a, b) => a - b);
  return isMeasured(sorted, rate) ? sorted[Math.floor(sorted.length * rate)]! : tail(sorted)(rate);
}

/** Ten of them make a rate. */
function isMeasured({ length }: { readonly length: number }, rate: number): boolean {
  return length * rate >= 10;
}

/** The distance for a rate, on the line that the rates of 1 in 100 to 1 in 10,000 make against their logarithm. */
function tail(sorted: readonly number[]): (rate: number) => number {
  const rates = [1e-2, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4].filter((rate) => isMeasured(sorted, rate));
  const xs = rates.map((rate) => Math.log10(rate));
  const ys = rates.map((rate) => sorted[Math.floor(sorted.length * rate)]!);
  const meanX = average(xs);
  const meanY = average(ys);
  const slope =
    average(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / average(xs.map((x) => (x - meanX) ** 2));
  return (rate) => meanY + slope * (Math.log10(rate) - meanX);
}

function share(trials: readonly Trial[], threshold: number): number {
  return trials.filter(({ distance }) => distance <= threshold).length / trials.length;
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0) / numbers.length;
}

const faces = await describePeople(positionals[0] ?? '.');
console.log(`${faces.length} faces of ${byPerson(faces).size} people`);
report('faces', compareFaces(engine, faces));
for (const size of USER_SIZES) reportStretch(faces, size);
reportSplits(faces);
