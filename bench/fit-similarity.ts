/*
 * Fits the similarity scale of the local engine on labelled photos, and says how well faces are told apart.
 *
 *     npx tsx bench/fit-similarity.ts people more-people
 *
 * Each folder holds `<user>/<photo>`; folders that begin with `_` are passed over. Of each photo the largest face
 * counts. Prints the distances at which one comparison in a hundred to one in a hundred thousand with a stranger
 * passes, and how many comparisons of a person with themselves pass there: for single faces, and for users of 2, 3,
 * 5 and 9 faces. Rates that the photos are too few for are extrapolated.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { FaceModels } from '../src/local/vision/face-models.js';
import type { FaceVector } from '../src/local/vision/vision.js';
import { fromPortableGrayMap } from './read-portable-gray-map.js';

interface LabelledFace {
  person: string;
  photo: string;
  vector: FaceVector;
}

interface Distances {
  own: number[];
  strangers: number[];
}

const RATES = [1e-2, 1e-3, 1e-4, 1e-5];
const USER_SIZES = [2, 3, 5, 9];
/** Users of a given size are made from different choices of faces, this many times each. */
const ROUNDS = 5;

const models = new FaceModels();

async function describePeople(folders: readonly string[]): Promise<LabelledFace[]> {
  const photos = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
      .flatMap(({ name }) =>
        readdirSync(join(folder, name))
          .filter((file) => /\.(jpe?g|png|webp|pgm)$/i.test(file))
          .map((file) => ({ person: `${folder}/${name}`, photo: join(folder, name, file) })),
      ),
  );
  const limit = pLimit(8);
  const faces = await Promise.all(
    photos.map(({ person, photo }) =>
      limit(async () => {
        const bytes = readFileSync(photo);
        const image = photo.endsWith('.pgm') ? await fromPortableGrayMap(bytes) : bytes;
        const [largest] = await models.analyze(image, { vectors: true, attributes: false, maxFaces: 1 });
        if (!largest?.vector) console.log(`no face in ${photo}`);
        return largest?.vector ? [{ person, photo, vector: largest.vector }] : [];
      }),
    ),
  );
  return faces.flat();
}

function compareFaces(faces: readonly LabelledFace[]): Distances {
  const distances: Distances = { own: [], strangers: [] };
  faces.forEach((face, i) => {
    for (const other of faces.slice(0, i))
      distances[face.person === other.person ? 'own' : 'strangers'].push(distance(face.vector, other.vector));
  });
  return distances;
}

/**
 * Compares every face with users of `size` faces, of which it is none.
 *
 * @param atLeast users are made of people who have at least this many faces
 */
function compareUsers(faces: readonly LabelledFace[], size: number, atLeast = size + 1): Distances {
  const distances: Distances = { own: [], strangers: [] };
  for (const [person, own] of groupByPerson(faces)) {
    if (own.length < atLeast) continue;
    for (let round = 0; round < ROUNDS; round++) {
      const start = Math.floor((round * own.length) / ROUNDS);
      const chosen = Array.from({ length: size }, (_, i) => own[(start + i) % own.length]!);
      const user = mean(chosen.map(({ vector }) => vector));
      for (const face of faces)
        if (!chosen.includes(face))
          distances[face.person === person ? 'own' : 'strangers'].push(distance(user, face.vector));
    }
  }
  return distances;
}

function groupByPerson(faces: readonly LabelledFace[]): Map<string, LabelledFace[]> {
  const people = new Map<string, LabelledFace[]>();
  for (const face of faces) people.set(face.person, [...(people.get(face.person) ?? []), face]);
  return people;
}

function report(title: string, distances: Distances): void {
  const { own, strangers } = distances;
  console.log(
    `\n${title}: ${own.length} comparisons of a person with themselves, ${strangers.length} with strangers`,
  );
  for (const rate of RATES) {
    const threshold = thresholdFor(distances, rate);
    const source = isMeasured(strangers, rate) ? '' : ' (extrapolated)';
    const passed = (100 * share(own, threshold)).toFixed(1);
    console.log(
      `  1 stranger in ${Math.round(1 / rate)}: ${threshold.toFixed(3)}${source}, ${passed} % of own pass`,
    );
  }
}

/** How much farther strangers are from one face than from users of `size` faces of the same people. */
function reportStretch(faces: readonly LabelledFace[], size: number): void {
  const single = compareUsers(faces, 1, size + 1);
  const users = compareUsers(faces, size);
  report(`users of ${size} faces`, users);
  const ratio = (rate: number) => (thresholdFor(single, rate) / thresholdFor(users, rate)).toFixed(3);
  console.log(
    `  thresholds of single faces to these: ${ratio(1e-2)} at 1 in 100, ${ratio(1e-3)} at 1 in 1000`,
  );
}

/** How many comparisons with strangers and with the person themselves each knot of the scale lets pass. */
function reportScale({ own, strangers }: Distances): void {
  console.log('\nthe scale as it is:');
  for (let similarity = 99; similarity > 0; similarity -= similarity > 90 ? 9 : 10) {
    const passes = (value: number) => models.space.similarity(value, 1) >= similarity;
    const wrong = strangers.filter(passes).length;
    const right = (100 * own.filter(passes).length) / own.length;
    console.log(`  ${similarity}: ${wrong} of ${strangers.length} strangers, ${right.toFixed(1)} % of own`);
  }
}

function thresholdFor({ strangers }: Distances, rate: number): number {
  const sorted = strangers.toSorted((a, b) => a - b);
  return isMeasured(sorted, rate) ? sorted[Math.floor(sorted.length * rate)]! : tail(sorted)(rate);
}

/** Ten of them make a rate. */
function isMeasured(strangers: readonly number[], rate: number): boolean {
  return strangers.length * rate >= 10;
}

function share(values: readonly number[], threshold: number): number {
  return values.filter((value) => value <= threshold).length / values.length;
}

/** The distance for a rate, on the line that the rates of 1 in 100 to 1 in 10,000 make against their logarithm. */
function tail(strangers: readonly number[]): (rate: number) => number {
  const rates = [1e-2, 5e-3, 2e-3, 1e-3, 5e-4, 2e-4, 1e-4].filter((rate) => isMeasured(strangers, rate));
  const xs = rates.map((rate) => Math.log10(rate));
  const ys = rates.map((rate) => strangers[Math.floor(strangers.length * rate)]!);
  const meanX = average(xs);
  const meanY = average(ys);
  const slope = sum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / sum(xs.map((x) => (x - meanX) ** 2));
  return (rate) => meanY + slope * (Math.log10(rate) - meanX);
}

/** The weighted sum of the Euclidean distances of the parts. */
function distance(a: FaceVector, b: FaceVector): number {
  let total = 0;
  let start = 0;
  for (const { length, weight } of models.space.parts) {
    let squares = 0;
    for (let i = start; i < start + length; i++) squares += (a[i]! - b[i]!) ** 2;
    total += weight * Math.sqrt(squares);
    start += length;
  }
  return total;
}

function mean(vectors: readonly FaceVector[]): FaceVector {
  return vectors[0]!.map((_, i) => average(vectors.map((vector) => vector[i]!)));
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const faces = await describePeople(process.argv.slice(2));
await models.close();
console.log(`${faces.length} faces of ${new Set(faces.map(({ person }) => person)).size} people`);
const single = compareFaces(faces);
report('faces', single);
reportScale(single);
for (const size of USER_SIZES) reportStretch(faces, size);
