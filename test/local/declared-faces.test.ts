import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { UnreadableImageError } from '../../src/errors.js';
import { distance } from '../../src/local/search/distances.js';
import { type DeclaredFaces, declaredFaces } from '../../src/testing/declared-faces.js';

const look = { vectors: 'to-search', attributes: true } as const;
const box = { left: 0.25, top: 0.25, width: 0.25, height: 0.5 };

async function similarity(vision: DeclaredFaces, a: Uint8Array, b: Uint8Array): Promise<number> {
  const [[one], [other]] = [await vision.analyze(a, look), await vision.analyze(b, look)];
  return vision.space.similarity(distance(vision.space.metric, one!.vector!, other!.vector!));
}

describe('declared faces', () => {
  it('are seen where they were declared, as they were declared', async () => {
    const vision = declaredFaces();
    const photo = await vision.photo([
      { box, yaw: 5, vectorQuality: 0.4, attributes: { smile: { value: true } } },
    ]);
    const [face, ...others] = await vision.analyze(photo, look);
    expect(others).toEqual([]);
    expect(face!.detail).toMatchObject({ boundingBox: box, pose: { yaw: 5 }, smile: { value: true } });
    expect(face!.quality).toMatchObject({ vectorQuality: 0.4, size: { width: 160, height: 240 } });
  });

  it('come with the largest first, and vectors for no more than were asked for', async () => {
    const vision = declaredFaces();
    const photo = await vision.photo([
      { person: 'a', box: { ...box, width: 0.1 } },
      { box: { ...box, left: 0.6 } },
    ]);
    const faces = await vision.analyze(photo, { ...look, maxFaces: 1 });
    expect(faces.map(({ vector }) => vector !== undefined)).toEqual([true, false]);
    expect(faces[0]!.detail.boundingBox.left).toBeCloseTo(0.6);
  });

  it('cannot be declared by a name that nobody knows, which would be another face', async () => {
    const misspelt = [{ persn: 'ada' }] as object[];
    await expect(declaredFaces().photo(misspelt)).rejects.toMatchObject({ argument: 'faces[0].persn' });
    await expect(declaredFaces().photo([{}], { widht: 80 } as object)).rejects.toMatchObject({
      argument: 'options.widht',
    });
  });

  it('are alike for one person, and not for two', async () => {
    const vision = declaredFaces();
    const of = (person?: string) => vision.photo([person === undefined ? {} : { person }]);
    expect(await similarity(vision, await of('ada'), await of('ada'))).toBeGreaterThan(99);
    expect(await similarity(vision, await of('ada'), await of('grace'))).toBeLessThan(10);
    expect(await similarity(vision, await of(), await of())).toBeLessThan(10);
  });

  it('have a profile too where they are to be kept, and nothing else where they are seen from the side', async () => {
    const vision = declaredFaces();
    const photo = await vision.photo([{ person: 'ada' }, { person: 'ada', isProfile: true }]);
    const viewsFor = async (vectors: 'to-search' | 'to-keep') =>
      (await vision.analyze(photo, { vectors, attributes: false })).map(({ vector, profileVector }) => [
        vector !== undefined,
        profileVector !== undefined,
      ]);
    expect(await viewsFor('to-search')).toEqual([
      [true, false],
      [false, true],
    ]);
    const [front, aside] = await vision.analyze(photo, { vectors: 'to-keep', attributes: false });
    expect(front!.vector).toBeDefined();
    expect(aside!.vector).toBeUndefined();
    expect(aside!.detail.pose!.yaw).toBe(90);
    const { metric, similarity } = vision.profileSpace!;
    expect(similarity(distance(metric, front!.profileVector!, aside!.profileVector!))).toBeGreaterThan(99);
  });

  it('are found again in crops, enlargements and JPEGs', async () => {
    const vision = declaredFaces();
    const photo = await vision.photo([
      { person: 'ada', box },
      { person: 'grace', box: { ...box, left: 0.6, width: 0.1 } },
    ]);
    const crop = await sharp(photo)
      .extract({ left: 120, top: 80, width: 250, height: 300 })
      .resize(500)
      .jpeg({ quality: 85 })
      .toBuffer();
    expect(await similarity(vision, crop, photo)).toBe(100);
  });

  it('are cut off at the edge of the photo', async () => {
    const vision = declaredFaces();
    const photo = await vision.photo([{ box: { left: -0.1, top: 0.9, width: 0.3, height: 0.3 } }]);
    const [face] = await vision.analyze(photo, look);
    expect(face!.detail.boundingBox.left).toBe(0);
    expect(face!.detail.boundingBox.width).toBeCloseTo(0.2, 2);
    expect(face!.detail.boundingBox.height).toBeCloseTo(0.1, 2);
  });

  it('are no faces to anyone else, nor is any other picture one', async () => {
    const photo = await declaredFaces().photo([{}]);
    const vision = declaredFaces();
    expect(await vision.analyze(photo, look)).toEqual([]);
    await expect(vision.analyze(Buffer.from('no image'), look)).rejects.toThrow(UnreadableImageError);
  });
});
