import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { annotate, cropFace, FaceCollection, fromFile } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realModels } from './support/real-models.js';
import { sample } from './support/sample-photos.js';

/** From photos to names with the real models, as an application does it. */
const client = new LocalRekognition({ vision: realModels });
const team = new FaceCollection('team', { client });

beforeAll(() => team.create());
afterAll(() => client.close());

const leftToRight = <Found extends { face: { boundingBox: { left: number } } }>(faces: readonly Found[]) =>
  [...faces].sort((a, b) => a.face.boundingBox.left - b.face.boundingBox.left);

describe('who is in a photo', () => {
  beforeAll(async () => {
    const faces = await team.detectFaces(sample(1));
    faces.sort((a, b) => a.boundingBox.left - b.boundingBox.left);
    expect(faces).toHaveLength(3);
    for (const [index, face] of faces.entries()) {
      const { associated } = await team.enrollUser(`woman-${index}`, [cropFace(sample(1), face)]);
      expect(associated).toHaveLength(1);
    }
  });

  it('names the woman who was enrolled, and nobody else', async () => {
    const { faces } = await team.searchPhoto(sample(3), { threshold: 90 });
    expect(leftToRight(faces).map(({ status }) => status)).toEqual(['unmatched', 'matched', 'unmatched']);
    expect(leftToRight(faces)[1]).toMatchObject({ matches: [{ userId: 'woman-2', status: 'ACTIVE' }] });
  });

  it('finds her by single faces too', async () => {
    const { faces } = await team.searchPhoto(sample(3), { by: 'faces', threshold: 90 });
    expect(leftToRight(faces).map(({ status }) => status)).toEqual(['unmatched', 'matched', 'unmatched']);
    expect(leftToRight(faces)[1]).toMatchObject({ matches: [{ userId: 'woman-2' }] });
  });

  it('recognises everybody in the photo they were enrolled from', async () => {
    const { faces } = await team.searchPhoto(sample(1), { threshold: 99 });
    expect(leftToRight(faces).map((face) => face.status === 'matched' && face.matches[0].userId)).toEqual([
      'woman-0',
      'woman-1',
      'woman-2',
    ]);
  });

  it('draws the names on the photo', async () => {
    const found = await team.searchPhoto(sample(3), { threshold: 90 });
    const picture = await annotate(sample(3), found);
    const plain = await annotate(sample(3), { faces: [] });
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 1920, height: 1350 });
    expect(Buffer.compare(picture, plain)).not.toBe(0);
  });

  it('groups her two faces into one person, and everybody else alone', async () => {
    const found = await team.groupFaces([sample(1), sample(3)], { faces: 'all' });
    expect(found.groups.map(({ faces }) => faces.length)).toEqual([2]);
    expect(found.singles).toHaveLength(4);
    expect(await team.groupFaces([sample(1), sample(3)])).toMatchObject({ groups: [], known: 4 });
  });

  it('adds nothing when an enrolment is repeated, and leaves no face behind when one is refused', async () => {
    const before = await team.describe();
    const [face] = (await team.detectFaces(sample(1))).sort(
      (a, b) => a.boundingBox.left - b.boundingBox.left,
    );
    if (!face) throw new Error('The first photo has faces.');
    const again = await team.enrollUser('woman-0', [cropFace(sample(1), face), sample(5)]);
    expect(again.images.map(({ status }) => status)).toEqual(['known', 'rejected']);
    expect(again.rejected).toMatchObject([{ reason: 'SEVERAL_FACES' }]);
    expect(await team.describe()).toMatchObject({ faceCount: before.faceCount, userCount: before.userCount });
  });

  it('does not take the face of one person for another', async () => {
    const stranger = (await team.detectFaces(sample(6)))[0];
    if (!stranger) throw new Error('The sixth photo has faces.');
    const { rejected } = await team.enrollUser('woman-2', [cropFace(sample(6), stranger)]);
    expect(rejected).toMatchObject([{ reason: 'LOW_MATCH_CONFIDENCE' }]);
  });

  it('forgets a person completely', async () => {
    await team.enrollUser('passer-by', [sample(2)], { severalFaces: 'largest' });
    const { userDeleted, deletedFaceIds } = await team.eraseUser('passer-by');
    expect(userDeleted).toBe(true);
    expect(await team.listFaces({ faceIds: deletedFaceIds }).all()).toEqual([]);
    const { faces } = await team.searchPhoto(sample(2), { threshold: 90 });
    expect(faces.every(({ status }) => status === 'unmatched')).toBe(true);
  });
});

describe('an engine', () => {
  it('has models of its own, and can be closed while others go on', async () => {
    const engine = new LocalRekognition({ workers: 1 });
    const faces = await new FaceCollection('team', { client: engine }).detectFaces(sample(1));
    expect(faces).toHaveLength(3);
    await engine.close();
    expect(await team.detectFaces(sample(1))).toHaveLength(3);
  });
});

describe('the six sample photos', () => {
  it('hold 22 faces, each found once and none made up', async () => {
    const faces = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => team.detectFaces(sample(n))));
    expect(faces.map(({ length }) => length)).toEqual([3, 3, 3, 4, 5, 4]);
  });
});

const article = '../shared/faces/aws-uservectors';
describe.skipIf(!existsSync(article))(
  'the photo of the article that user vectors were introduced with',
  () => {
    it('has both men named, the one in profile too', async () => {
      for (const userId of ['Swami', 'Werner']) {
        const files = await readdir(`${article}/${userId}`);
        const images = files.map((file) => fromFile(`${article}/${userId}/${file}`));
        expect((await team.enrollUser(userId, images)).associated).toHaveLength(files.length);
      }
      const { faces } = await team.searchPhoto(fromFile(`${article}/_groups/photo.jpeg`));
      expect(faces).toHaveLength(2);
      expect(leftToRight(faces).map((face) => face.status === 'matched' && face.matches[0].userId)).toEqual([
        'Werner',
        'Swami',
      ]);
    });
  },
);
