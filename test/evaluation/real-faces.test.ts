import { existsSync } from 'node:fs';
import { cropFace, FaceCollection, fromFile } from 'rekollect';
import { evaluate } from 'rekollect/evaluation';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, describe, expect, it } from 'vitest';
import { realModels } from '../support/real-models.js';
import { sample } from '../support/sample-photos.js';

const client = new LocalRekognition({ vision: realModels });
afterAll(() => client.close());

const FACES = '../shared/faces';

describe('evaluate, with real models', () => {
  it('finds one woman in two photos, and two others to be strangers', async () => {
    const team = new FaceCollection('samples', { client });
    await team.create();
    const fromTheLeft = async (photo: number) => {
      const faces = (await team.detectFaces(sample(photo))).sort(
        (a, b) => a.boundingBox.left - b.boundingBox.left,
      );
      return faces.map((face) => cropFace(sample(photo), face));
    };
    const wilma = (await fromTheLeft(1)).at(-1)!;
    await team.enrollUser('wilma', [wilma], { severalFaces: 'largest' });
    const [left, her, right] = await fromTheLeft(3);
    const found = await evaluate(team, [
      { userId: 'wilma', images: [her!, wilma] },
      { userId: 'left', images: [left!] },
      { userId: 'right', images: [right!] },
    ]);
    expect(found.probes).toEqual({ photos: 4, people: 1, strangers: 2, enrolled: 1 });
    expect(found.users.trueSimilarity!.value).toBeGreaterThan(80);
    expect(found.users.atThresholds[0]).toMatchObject({
      truePositiveIdentificationRate: { value: 1 },
      falsePositiveIdentificationRate: { value: 0 },
    });
  });

  it.skipIf(!existsSync(FACES))('shows what users add, for the two men of the article', async () => {
    const photos = (person: string, count: number) =>
      Array.from({ length: count }, (_, i) =>
        fromFile(`${FACES}/aws-uservectors/${person}/${person}${i + 1}.jpg`),
      );
    const team = new FaceCollection('article', { client });
    await team.create();
    const people = [
      { userId: 'werner', images: photos('Werner', 3) },
      { userId: 'swami', images: photos('Swami', 2) },
    ];
    const found = await evaluate(team, people, { facesPerUser: [1, 2] });
    expect(found.probes).toMatchObject({ photos: 5, people: 0, strangers: 2 });
    expect(found.byFacesPerUser.map(({ facesPerUser, people }) => [facesPerUser, people])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    for (const { users } of found.byFacesPerUser)
      expect(users.atThresholds[0]!.truePositiveIdentificationRate!.value).toBe(1);
    const collections = await FaceCollection.list({ client }).all();
    expect(collections.map(({ collectionId }) => collectionId).sort()).toEqual(['article', 'samples']);
  });
});
