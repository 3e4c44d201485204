import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cropFace, FaceCollection, fromBuffer, fromFile, fromS3, type ImageSource, redact } from 'rekollect';
import { LocalRekognition, readBuckets } from 'rekollect/local';
import { type DeclaredFace, declaredFaces, ScriptedClient, UndeclaredPhotoError } from 'rekollect/testing';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sample, samplePath } from '../support/sample-photos.js';

const FOLDER = dirname(samplePath(1));

/** Where the faces of the six photos are, read off by eye: left, top, width and height. */
const BOXES: Record<string, [number, number, number, number][]> = {
  'sample1.jpg': [
    [0.41, 0.32, 0.13, 0.19],
    [0.77, 0.15, 0.12, 0.19],
    [0.21, 0.28, 0.1, 0.18],
  ],
  'sample2.jpg': [
    [0.19, 0.1, 0.08, 0.19],
    [0.74, 0.11, 0.12, 0.17],
    [0.46, 0.17, 0.1, 0.16],
  ],
  'sample3.jpg': [
    [0.55, 0.14, 0.13, 0.23],
    [0.77, 0.21, 0.11, 0.21],
    [0.3, 0.23, 0.11, 0.21],
  ],
  'sample4.jpg': [
    [0.34, 0.03, 0.11, 0.18],
    [0.51, 0.12, 0.1, 0.16],
    [0.13, 0.13, 0.09, 0.17],
    [0.66, 0.09, 0.09, 0.16],
  ],
  'sample5.jpg': [
    [0.19, 0.61, 0.11, 0.21],
    [0.72, 0.27, 0.1, 0.2],
    [0.31, 0.29, 0.09, 0.19],
    [0.58, 0.14, 0.09, 0.16],
    [0.4, 0.07, 0.09, 0.16],
  ],
  'sample6.jpg': [
    [0.77, 0.16, 0.12, 0.2],
    [0.61, 0.21, 0.11, 0.16],
    [0.13, 0.31, 0.12, 0.18],
    [0.34, 0.21, 0.1, 0.19],
  ],
};

const personIn = (photo: string, i: number) => `${photo}:${i}`;
const WITH_BOXES = Object.fromEntries(
  Object.entries(BOXES).map(([photo, boxes]) => [
    photo,
    boxes.map(([left, top, width, height], i): DeclaredFace => {
      return { person: personIn(photo, i), box: { left, top, width, height } };
    }),
  ]),
);
const NAMES_ALONE = Object.fromEntries(
  Object.entries(BOXES).map(([photo, boxes]) => [photo, boxes.map((_, i) => personIn(photo, i))]),
);

/** Each team once: whoever is in a photo is enrolled there. */
const teams = new Map<object, ReturnType<typeof makeTeam>>();
const aTeam = (photos: Photos = WITH_BOXES) => {
  const team = teams.get(photos) ?? makeTeam(photos);
  teams.set(photos, team);
  return team;
};
type Photos = Parameters<ReturnType<typeof declaredFaces>['declarePhotos']>[1];

/** A collection that knows everybody in the photos. Its client is asked for each face by itself, as Rekognition is. */
async function makeTeam(photos: Photos) {
  const vision = declaredFaces();
  await vision.declarePhotos(FOLDER, photos);
  const engine = new LocalRekognition({ vision, readS3Object: readBuckets({ photos: FOLDER }) });
  const team = new FaceCollection('team', { client: new ScriptedClient(engine) });
  await team.create();
  for (const person of Object.values(NAMES_ALONE).flat())
    await team.enrollUser(person, [fromBuffer(await vision.photo([person], { width: 80, height: 80 }))]);
  const namesIn = async (photo: ImageSource) => {
    const { faces } = await team.searchPhoto(photo);
    return faces.map((face) => (face.status === 'matched' ? face.matches[0].userId : face.status)).sort();
  };
  return { team, vision, namesIn };
}

describe('real photos', () => {
  it.each([
    ['with boxes', WITH_BOXES],
    ['with names alone', NAMES_ALONE],
  ])('that are declared %s have those people, in the crops of a search too', async (_, photos) => {
    const { namesIn } = await aTeam(photos);
    for (const [name, people] of Object.entries(NAMES_ALONE))
      expect(await namesIn(fromFile(join(FOLDER, name)))).toEqual(people);
  });

  it('are the same in another format, at another size, and lying on their side', async () => {
    const { namesIn } = await aTeam();
    const bytes = await sample(5).read();
    const variants = [
      await sharp(bytes).resize({ width: 300 }).jpeg({ quality: 60 }).toBuffer(),
      await sharp(bytes).webp({ quality: 70 }).toBuffer(),
      await sharp(bytes).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer(),
    ];
    for (const variant of variants)
      expect(await namesIn(fromBuffer(variant))).toEqual(NAMES_ALONE['sample5.jpg']);
  });

  it('are read from a folder that stands for a bucket', async () => {
    const { team } = await aTeam();
    const faces = await team.detectFaces(fromS3({ bucket: 'photos', key: 'sample4.jpg' }));
    expect(faces.map(({ boundingBox }) => boundingBox.left)).toEqual(
      [0.34, 0.51, 0.13, 0.66].map(Math.fround),
    );
  });

  it('have the face that is cut out, with any margin', async () => {
    const { namesIn } = await aTeam();
    const photo = sample(3);
    for (const margin of [0, 0.3, 1.12, 2])
      for (const { person, box } of WITH_BOXES['sample3.jpg']!) {
        const cut = cropFace(photo, { boundingBox: box! }, { margin });
        expect(await namesIn(cut), `${margin}`).toContain(person);
      }
  });

  it('do not show the faces that were covered', async () => {
    const { team, namesIn } = await aTeam();
    const photo = sample(1);
    const { faces } = await team.searchPhoto(photo);
    const [hidden] = faces;
    const covered = fromBuffer(await redact(photo, [hidden!]));
    expect(await namesIn(covered)).toEqual(NAMES_ALONE['sample1.jpg']!.slice(1));
  });

  it('show nobody where nobody was declared, and are an error where nothing was', async () => {
    const vision = declaredFaces();
    await vision.declarePhotos(FOLDER, { 'sample1.jpg': [] });
    // The more faces are drawn, the more colours of theirs are somewhere in a real photo.
    await vision.photo(Array.from({ length: 200 }, () => ({})));
    const team = new FaceCollection('team', { client: new LocalRekognition({ vision }) });
    expect(await team.detectFaces(sample(1))).toEqual([]);
    await expect(team.detectFaces(sample(2))).rejects.toBeInstanceOf(UndeclaredPhotoError);
    expect(await team.detectFaces(fromBuffer(await vision.photo([])))).toEqual([]);
  });

  it('must be there, and be photos', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rekollect-photos-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'notes.txt'), 'Ada likes the sea.');
    const vision = declaredFaces();
    const missing = vision.declarePhotos(folder, { 'ada.jpg': ['ada'] });
    await expect(missing).rejects.toMatchObject({ problem: 'NOT_FOUND', image: join(folder, 'ada.jpg') });
    const noPhoto = vision.declarePhotos(folder, { 'notes.txt': ['ada'] });
    await expect(noPhoto).rejects.toMatchObject({ problem: 'NOT_AN_IMAGE' });
    const outside = [{ box: { left: 1, top: 0, width: 0.5, height: 0.5 } }];
    await expect(vision.declarePhotos(FOLDER, { 'sample1.jpg': outside })).rejects.toMatchObject({
      argument: "photos['sample1.jpg'][0].box",
    });
  });
});
