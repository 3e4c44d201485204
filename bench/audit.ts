/*
 * Measures what an audit finds of mistakes that were made on purpose on labelled photos, `<user>/<photo>` at any depth:
 * a face of somebody else in every fourth user, and people who are two users. And how alike photos are to copies of
 * themselves that were saved again or made smaller; and what a large collection takes of memory.
 *
 *     npm run bench -- audit DIR [--rounds 5]
 *
 * People with four photos or more count. Photos of which no face is indexed are left out.
 */
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { type AuditFinding, FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import sharp, { type Sharp } from 'sharp';
import { randomNumbers, shuffled } from '../src/evaluation/random.js';
import { type LabelledPhoto, readLabelledPhotos, readPhoto } from './accuracy/labelled-photos.js';

const FEWEST_PHOTOS = 4;
const SIZES = [3, 5, 10];
const COPIES = [
  { name: 'saved again as JPEG of quality 60', make: (photo: Sharp) => photo.jpeg({ quality: 60 }) },
  { name: 'made half as wide', make: (photo: Sharp, width: number) => photo.resize(width >> 1).jpeg() },
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const [, directory] = positionals;
if (directory === undefined) console.log('Usage: npm run bench -- audit DIR [--rounds 5]');
else await run(directory, Number(values.rounds));

async function run(directory: string, rounds: number): Promise<void> {
  const client = new LocalRekognition();
  const team = new FaceCollection('audit', { client });
  await team.create();
  const people = await indexed(team, directory);
  const faces = people.reduce((sum, { length }) => sum + length, 0);
  console.log(
    `${people.length} people of ${FEWEST_PHOTOS} photos or more, ${faces} faces; ${rounds} rounds\n`,
  );

  const rows: string[][] = [];
  for (const size of SIZES) rows.push(await misfiling(team, people, size, rounds));
  print(
    [
      'users of',
      'faces',
      'misfiled',
      'named rightly',
      'only called stray',
      'not misfiled, but suspected',
      'pairs called one person',
      'users called one photo',
    ],
    rows,
  );
  print(
    ['people as two users of', 'pairs', 'found'],
    [await splitting(team, people, 2), await splitting(team, people, 3), await splitting(team, people, 5)],
  );
  print(
    ['a photo and a copy that was', 'pairs', 'lowest similarity', 'median'],
    await copying(team, directory),
  );
  await team.delete();
  await client.close();
  console.log(
    `${await megabytesFor(100_000)} MB for a collection of 100,000 faces, in use once it is listed`,
  );
}

/** The ids of the faces of each person. */
async function indexed(team: FaceCollection, directory: string): Promise<string[][]> {
  const byPerson = new Map<string, LabelledPhoto[]>();
  for (const photo of await readLabelledPhotos(directory)) {
    if (photo.person !== undefined)
      byPerson.set(photo.person, [...(byPerson.get(photo.person) ?? []), photo]);
  }
  const limit = pLimit(4);
  const index = async ({ path }: LabelledPhoto) => {
    const image = fromBuffer(await readPhoto(path), { name: path });
    const { faces } = await team.indexFaces(image, { maxFaces: 1, qualityFilter: 'NONE' });
    return faces.map(({ faceId }) => faceId);
  };
  const people = await Promise.all(
    Array.from(byPerson.values(), async (photos) =>
      (await Promise.all(photos.map((photo) => limit(() => index(photo))))).flat(),
    ),
  );
  return people.filter(({ length }) => length >= FEWEST_PHOTOS);
}

/** Users of so many photos each; in a fourth of them one face more, which another user then lacks. */
async function misfiling(
  team: FaceCollection,
  people: readonly string[][],
  size: number,
  rounds: number,
): Promise<string[]> {
  const random = randomNumbers(size);
  const sums = { faces: 0, misfiled: 0, named: 0, stray: 0, suspected: 0, duplicates: 0, repeats: 0 };
  const enough = people.filter(({ length }) => length >= size);
  for (let round = 0; round < rounds; round++) {
    const users = shuffled(enough, random).map((faceIds) => shuffled(faceIds, random).slice(0, size));
    const quarter = users.length >> 2;
    const owner = new Map<string, number>();
    for (let i = 0; i < quarter; i++) {
      const faceId = users[quarter + i]!.pop()!;
      owner.set(faceId, quarter + i);
      users[i]!.push(faceId);
    }
    const findings = await audited(team, users);
    for (const finding of findings) {
      if (finding.kind !== 'MISFILED_FACE' && finding.kind !== 'STRAY_FACE') continue;
      const rightly = owner.get(finding.faceId);
      if (rightly === undefined) sums.suspected += 1;
      else if (finding.kind === 'STRAY_FACE') sums.stray += 1;
      else if (finding.likelyUser.userId === `user-${rightly}`) sums.named += 1;
    }
    sums.duplicates += findings.filter(({ kind }) => kind === 'DUPLICATE_USERS').length;
    sums.repeats += findings.filter(({ kind }) => kind === 'TOO_SIMILAR_FACES').length;
    sums.faces += users.flat().length;
    sums.misfiled += quarter;
  }
  const { faces, misfiled, named, stray, suspected, duplicates, repeats } = sums;
  return [`${size} (${enough.length})`, faces, misfiled, named, stray, suspected, duplicates, repeats].map(
    String,
  );
}

/** Everybody as two users of so many photos each. */
async function splitting(team: FaceCollection, people: readonly string[][], size: number): Promise<string[]> {
  const random = randomNumbers(size);
  const enough = people
    .filter(({ length }) => length >= 2 * size)
    .map((faceIds) => shuffled(faceIds, random));
  const users = enough.flatMap((faceIds) => [faceIds.slice(0, size), faceIds.slice(size, 2 * size)]);
  const findings = await audited(team, users);
  const found = findings.filter(
    (finding) => finding.kind === 'DUPLICATE_USERS' && isPair(finding.userIds.map(numberOf)),
  );
  const others = findings.filter(({ kind }) => kind === 'DUPLICATE_USERS').length - found.length;
  return [
    `${size}`,
    `${enough.length}`,
    `${found.length}${others > 0 ? `, and ${others} of two people` : ''}`,
  ];
}

/** What an audit finds of these users, who are deleted again. */
async function audited(team: FaceCollection, users: readonly string[][]): Promise<readonly AuditFinding[]> {
  for (const [i, faceIds] of users.entries()) {
    await team.createUser(`user-${i}`);
    await team.associate(`user-${i}`, faceIds, { threshold: 0 });
  }
  const { findings } = await team.auditUsers();
  for (const i of users.keys()) await team.deleteUser(`user-${i}`);
  return findings;
}

async function copying(team: FaceCollection, directory: string): Promise<string[][]> {
  const photos = (await readLabelledPhotos(directory)).filter(({ person }) => person !== undefined);
  const some = shuffled(photos, randomNumbers(1)).slice(0, 50);
  const limit = pLimit(4);
  return Promise.all(
    COPIES.map(async ({ name, make }) => {
      const similarityOf = async ({ path }: LabelledPhoto) => {
        const bytes = await readPhoto(path);
        const { width } = await sharp(bytes).metadata();
        const copy = await make(sharp(bytes).autoOrient(), width).toBuffer();
        const compared = await team.compareFaces(fromBuffer(bytes), fromBuffer(copy));
        return compared.status === 'matched' ? compared.matches[0].similarity : 0;
      };
      const all = await Promise.all(some.map((photo) => limit(() => similarityOf(photo))));
      const similarities = all.sort((a, b) => a - b);
      const at = (share: number) => similarities[Math.floor(share * similarities.length)]?.toFixed(3) ?? '';
      return [name, `${similarities.length}`, at(0), at(0.5)];
    }),
  );
}

/** Memory in use at the first search, where a service answers nothing else than its listings. */
async function megabytesFor(total: number): Promise<string> {
  const inUse = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const before = inUse();
  let after = 0;
  const faceAt = (n: number) => ({
    FaceId: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    UserId: `user-${Math.floor(n / 5)}`,
    ExternalImageId: `sha256:${n.toString(16).padStart(64, '0')}:${n}.jpg`,
  });
  const client = {
    send: async (command: { input: object }): Promise<object> => {
      const { NextToken = '0' } = command.input as { NextToken?: string };
      const [begin, end] = [Number(NextToken), Math.min(Number(NextToken) + 4096, total)];
      switch (command.constructor.name) {
        case 'ListUsersCommand':
          return { Users: [] };
        case 'ListFacesCommand':
          return {
            Faces: Array.from({ length: end - begin }, (_, i) => faceAt(begin + i)),
            ...(end < total && { NextToken: `${end}` }),
          };
        default:
          after ||= inUse();
          throw Object.assign(new Error('No more is needed.'), { name: 'AccessDeniedException' });
      }
    },
  };
  await new FaceCollection('large', { client }).auditUsers().catch(() => {});
  return ((after - before) / 1e6).toFixed(0);
}

function numberOf(userId: string): number {
  return Number(userId.slice('user-'.length));
}

function isPair([one = 0, other = 0]: readonly number[]): boolean {
  return one >> 1 === other >> 1;
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'), '\n');
}
