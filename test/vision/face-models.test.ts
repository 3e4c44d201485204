import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { InvalidArgumentError, UnreadableImageError } from '../../src/errors.js';
import { distance } from '../../src/local/search/distances.js';
import { FaceModels, type FaceModelsOptions } from '../../src/local/vision/face-models.js';
import type { AnalyzedFace, FaceVector } from '../../src/local/vision/vision.js';
import { blurredSvg, jpegOfScans } from '../support/bombs.js';
import { realModels as models } from '../support/real-models.js';
import { samplePath } from '../support/sample-photos.js';

const VECTORS = { vectors: 'to-search', attributes: false } as const;
const FACES_ONLY = { attributes: false };

const photo = (n: number) => readFile(samplePath(n));
const centerOf = ({ detail: { boundingBox: box } }: AnalyzedFace) => ({
  x: box.left + box.width / 2,
  y: box.top + box.height / 2,
});
const isFrontal = ({ vector }: AnalyzedFace) => vector !== undefined;
const leftToRight = (faces: readonly AnalyzedFace[]) =>
  [...faces].sort((a, b) => centerOf(a).x - centerOf(b).x);

/** Of two faces that are seen from the front. */
const similarityOf = (a: FaceVector | undefined, b: FaceVector | undefined) =>
  models.space.similarity(distance(models.space.metric, a!, b!));

/** Each photo's faces, described once for all tests that only look at them. */
let seen: AnalyzedFace[][];
beforeAll(async () => {
  const request = { vectors: 'to-keep', attributes: true } as const;
  seen = await Promise.all([1, 2, 3, 4, 5, 6].map(async (n) => models.analyze(await photo(n), request)));
});

describe('FaceModels', () => {
  it('finds the 22 faces of the six sample photos, and no other', () => {
    expect(seen.map(({ length }) => length)).toEqual([3, 3, 3, 4, 5, 4]);
    expect(seen.flat().every(({ detail }) => detail.confidence > 50 && detail.confidence <= 100)).toBe(true);
  });

  it('puts larger faces first', () => {
    for (const faces of seen) {
      const areas = faces.map(({ quality: { size } }) => size.width * size.height);
      // By what the detector drew, which is comparable; boxes of faces reach from forehead to chin.
      for (const [i, area] of areas.slice(1).entries()) expect(area).toBeLessThan(1.4 * areas[i]!);
    }
  });

  it('finds the woman of the first photo again in the third: nobody is closer across photos', () => {
    const pairs = seen.flatMap((faces, i) =>
      seen.slice(i + 1).flatMap((others, j) =>
        faces.filter(isFrontal).flatMap((face) =>
          others.filter(isFrontal).map((other) => ({
            photos: [i + 1, i + j + 2],
            faces: [face, other],
            similarity: similarityOf(face.vector, other.vector),
          })),
        ),
      ),
    );
    const [closest, next] = pairs.sort((a, b) => b.similarity - a.similarity);
    expect(closest!.photos).toEqual([1, 3]);
    expect(closest!.faces).toEqual([leftToRight(seen[0]!)[2], leftToRight(seen[2]!)[1]]);
    expect(closest!.similarity).toBeGreaterThan(95);
    // Two women who look alike, in the first photo and in the fourth.
    expect(next!.similarity).toBeLessThan(95);
  });

  it('describes faces by 192 numbers, and to keep them by 1024 more, for profiles', () => {
    expect(models.space).toMatchObject({ version: 'mobilefacenet-1', length: 192, metric: 'cosine' });
    expect(models.profileSpace).toMatchObject({ version: 'faceres-1', length: 1024, metric: 'cosine' });
    for (const { vector, profileVector } of seen.flat()) {
      if (vector) expect(vector).toHaveLength(192);
      expect(profileVector).toHaveLength(1024);
      for (const each of [vector, profileVector]) if (each) expect(Math.hypot(...each)).toBeCloseTo(1);
    }
    expect(seen.flat().filter(isFrontal).length).toBeGreaterThanOrEqual(21);
  });

  it('describes a face to search by one vector: that of its profile only when it has no other', async () => {
    for (const { vector, profileVector } of await models.analyze(await photo(2), VECTORS))
      expect([vector, profileVector].filter(Boolean)).toHaveLength(1);
  });

  it('draws boxes from forehead to chin around the eyes, the nose and the mouth', () => {
    for (const { detail } of seen.flat()) {
      const { left, top, width, height } = detail.boundingBox;
      for (const { type, x, y } of detail.landmarks?.slice(0, 5) ?? []) {
        expect(x, type).toBeGreaterThan(left);
        expect(x, type).toBeLessThan(left + width);
        expect((y - top) / height, type).toBeGreaterThan(0.2);
        expect((y - top) / height, type).toBeLessThan(0.95);
      }
    }
  });

  it('reads attributes, as far as its models know them', () => {
    const smiling = leftToRight(seen[0]!)[2]!.detail;
    expect(smiling).toMatchObject({
      gender: { value: 'Female' },
      smile: { value: true },
      mouthOpen: { value: true },
      quality: { brightness: expect.any(Number), sharpness: expect.any(Number) },
    });
    expect(smiling.emotions![0]).toMatchObject({ type: 'HAPPY' });
    expect(smiling.emotions!.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(100, 2);
    expect(smiling.ageRange!.low).toBeLessThan(smiling.ageRange!.high);
    expect(smiling.landmarks).toHaveLength(30);
    expect(smiling.eyesOpen).toEqual({ value: true });
    expect(smiling).not.toHaveProperty('beard');
  });

  it('does without @vladmandic/human with human: false: no profiles, and nothing about eyes', async () => {
    const plain = new FaceModels({ workers: 1, human: false });
    const faces = await plain.analyze(await photo(1), { vectors: 'to-keep', attributes: true });
    await plain.close();
    expect(plain.profileSpace).toBeUndefined();
    expect(faces).toHaveLength(3);
    for (const [i, face] of leftToRight(faces).entries()) {
      const withAll = leftToRight(seen[0]!)[i]!;
      expect(face).not.toHaveProperty('profileVector');
      expect(face.detail).not.toHaveProperty('eyesOpen');
      expect(face.detail.pose).toBeDefined();
      expect(face.detail.gender).toEqual(withAll.detail.gender);
      expect(similarityOf(face.vector, withAll.vector)).toBeCloseTo(100);
    }
  });

  it('tells how heads are turned, with the signs of AWS', () => {
    // In the first photo the right woman leans over clockwise; in the second the left one shows her left profile.
    expect(leftToRight(seen[0]!)[2]!.detail.pose!.roll).toBeGreaterThan(30);
    expect(leftToRight(seen[1]!)[0]!.detail.pose!.yaw).toBeLessThan(-45);
    expect(leftToRight(seen[4]!)[1]!.detail.pose!.yaw).toBeGreaterThan(20);
  });

  it('calls the vector of a face in profile poorer than the others', () => {
    const qualities = seen.flat().map(({ quality }) => quality.vectorQuality);
    const profile = leftToRight(seen[1]!)[0]!.quality.vectorQuality;
    expect(profile).toBe(Math.min(...qualities));
    expect(profile).toBeLessThan(0.2);
    expect(qualities.filter((quality) => quality >= 0.2)).toHaveLength(21);
  });

  it('answers five landmarks and no attributes unless they are asked for', async () => {
    const [face] = await models.analyze(await photo(1), FACES_ONLY);
    expect(face!.detail.landmarks).toHaveLength(5);
    expect(face!.detail).not.toHaveProperty('gender');
    expect(face).not.toHaveProperty('vector');
    expect(face).not.toHaveProperty('profileVector');
  });

  it('describes only the largest maxFaces, and still finds the others', async () => {
    const faces = await models.analyze(await photo(5), {
      vectors: 'to-keep',
      attributes: true,
      maxFaces: 2,
    });
    expect(faces.map(isFrontal)).toEqual([true, true, false, false, false]);
    expect(faces.map(({ profileVector }) => profileVector !== undefined)).toEqual(faces.map(isFrontal));
    expect(faces.map(({ detail }) => 'gender' in detail)).toEqual([true, true, false, false, false]);
  });

  it('sees a close-up that fills the photo', async () => {
    const { left, top, width, height } = seen[5]![0]!.detail.boundingBox;
    const { width: w, height: h } = await sharp(await photo(6)).metadata();
    const region = { left: left * w, top: top * h, width: width * w, height: height * h };
    const rounded = Object.fromEntries(
      Object.entries(region).map(([side, value]) => [side, Math.round(value)]),
    );
    const closeUp = await sharp(await photo(6))
      .extract(rounded as typeof region)
      .jpeg()
      .toBuffer();
    const faces = await models.analyze(closeUp, VECTORS);
    expect(faces).toHaveLength(1);
    expect(similarityOf(faces[0]!.vector, seen[5]![0]!.vector)).toBeGreaterThan(90);
  });

  it('sees faces in a photo taken in the dark, and says that they are dark', async () => {
    const dark = await sharp(await photo(3))
      .linear(0.15, 0)
      .png()
      .toBuffer();
    const faces = await models.analyze(dark, FACES_ONLY);
    expect(faces).toHaveLength(3);
    for (const { quality } of faces) expect(quality.brightness).toBeLessThan(12);
  });

  it('measures less sharpness in a blurred photo', async () => {
    const blurred = await models.analyze(
      await sharp(await photo(6))
        .blur(6)
        .jpeg()
        .toBuffer(),
      FACES_ONLY,
    );
    expect(Math.max(...blurred.map(({ quality }) => quality.sharpness))).toBeLessThan(20);
    expect(Math.min(...seen[5]!.map(({ quality }) => quality.sharpness))).toBeGreaterThan(90);
  });

  it('gives sizes in pixels of the photo, however large it is', async () => {
    const twice = await sharp(await photo(5))
      .resize(1920 * 3)
      .jpeg()
      .toBuffer();
    const faces = await models.analyze(twice, FACES_ONLY);
    expect(faces).toHaveLength(5);
    expect(faces[0]!.quality.size.width / seen[4]![0]!.quality.size.width).toBeCloseTo(3, 0);
  });

  it("leaves the caller's bytes alone", async () => {
    const bytes = new Uint8Array(await photo(1));
    const before = bytes.slice();
    await models.analyze(bytes, FACES_ONLY);
    expect(Buffer.compare(bytes, before)).toBe(0);
  });

  it('gives up when the signal aborts', async () => {
    const caller = new AbortController();
    const analysis = models.analyze(await photo(1), { ...VECTORS, signal: caller.signal });
    caller.abort(new Error('Never mind.'));
    await expect(analysis).rejects.toThrow('Never mind.');
  });
});

describe('photos of every kind', () => {
  let small: Buffer;
  let upright: AnalyzedFace[];
  beforeAll(async () => {
    small = await sharp(await photo(3))
      .resize(960)
      .png()
      .toBuffer();
    upright = leftToRight(await models.analyze(small, VECTORS));
  });

  /** How to turn an upright picture so that each EXIF orientation turns it back. */
  const turnings: Record<number, (picture: Sharp) => Sharp> = {
    1: (picture) => picture,
    2: (picture) => picture.flop(),
    3: (picture) => picture.rotate(180),
    4: (picture) => picture.flip(),
    5: (picture) => picture.rotate(270).flop(),
    6: (picture) => picture.rotate(270),
    7: (picture) => picture.rotate(90).flop(),
    8: (picture) => picture.rotate(90),
  };

  it.each(Object.keys(turnings).map(Number))('are upright with EXIF orientation %i', async (orientation) => {
    const stored = await turnings[orientation]!(sharp(small)).png().toBuffer();
    const turned = await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    const faces = leftToRight(await models.analyze(turned, VECTORS));
    expect(faces).toHaveLength(3);
    for (const [i, face] of faces.entries()) {
      expect(centerOf(face).x).toBeCloseTo(centerOf(upright[i]!).x, 2);
      expect(centerOf(face).y).toBeCloseTo(centerOf(upright[i]!).y, 2);
      expect(similarityOf(face.vector, upright[i]!.vector)).toBeGreaterThan(99);
    }
  });

  it.each<[string, (picture: Sharp) => Sharp]>([
    ['grey', (picture) => picture.greyscale().jpeg()],
    ['of 16 bits', (picture) => picture.toColourspace('rgb16').png()],
    ['grey of 16 bits', (picture) => picture.toColourspace('grey16').png()],
    ['in CMYK', (picture) => picture.toColourspace('cmyk').jpeg()],
    ['of a palette', (picture) => picture.png({ palette: true })],
    ['half transparent', (picture) => picture.ensureAlpha(0.5).png()],
    ['progressive', (picture) => picture.jpeg({ progressive: true })],
  ])('are read when they are %s', async (_, convert) => {
    const converted = await convert(sharp(small)).toBuffer();
    expect(await models.analyze(converted, FACES_ONLY)).toHaveLength(3);
  });

  it.each([
    [1, 1],
    [20_000, 20],
    [20, 20_000],
    [20_000, 1],
  ])('of %i x %i pixels hold no face and do no harm', async (width, height) => {
    const plain = sharp({ create: { width, height, channels: 3, background: 'red' } });
    expect(await models.analyze(await plain.png().toBuffer(), VECTORS)).toEqual([]);
  });

  it('of 20 megapixels show small faces too, each once', async () => {
    const [width, height] = [5472, 3648];
    // Faces of 105 to 150 pixels, a fortieth of the photo. Those in its middle lie in four tiles.
    const group = await sharp(await photo(4))
      .resize(1200)
      .toBuffer();
    const scene = sharp({ create: { width, height, channels: 3, background: '#8a9a86' } }).composite([
      { input: group, left: 2300, top: 1550 },
      { input: group, left: 100, top: 3000 },
    ]);
    const faces = await models.analyze(await scene.jpeg().toBuffer(), FACES_ONLY);
    expect(faces).toHaveLength(8);
  });

  it('without any light hold no face', async () => {
    const black = sharp({ create: { width: 800, height: 600, channels: 3, background: 'black' } });
    expect(await models.analyze(await black.png().toBuffer(), VECTORS)).toEqual([]);
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['empty', async () => new Uint8Array()],
    ['garbage', async () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)],
    ['cut short', async () => (await photo(1)).subarray(0, 50_000)],
    ['only a header', async () => (await photo(1)).subarray(0, 300)],
  ])('that are %s are unreadable', async (_, bytes) => {
    const error = await models.analyze(await bytes(), VECTORS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableImageError);
    expect(error).toMatchObject({ problem: 'NOT_AN_IMAGE' });
  });

  it('with more pixels than the limit are refused', async () => {
    const careful = new FaceModels({ workers: 1, limitInputPixels: 1_000_000 });
    const error = await careful.analyze(await photo(1), VECTORS).catch((thrown: unknown) => thrown);
    await careful.close();
    expect(error).toBeInstanceOf(UnreadableImageError);
    expect(error).toMatchObject({ problem: 'TOO_MANY_PIXELS' });
  });

  it('are refused when they are made to take long, or are no photos', async () => {
    for (const [bytes, problem] of [
      [jpegOfScans(200, 101), 'TOO_COSTLY'],
      [blurredSvg(9999, 500), 'UNSUPPORTED_FORMAT'],
    ] as const)
      await expect(models.analyze(bytes, VECTORS)).rejects.toMatchObject({ problem });
  });

  it('must come as bytes', async () => {
    await expect(models.analyze('party.jpg' as unknown as Uint8Array, VECTORS)).rejects.toThrow(
      InvalidArgumentError,
    );
  });
});

describe('options', () => {
  it.each([
    { workers: 0 },
    { limitPendingBytes: 1.5 },
    { limitInputPixels: -1 },
    { runtime: 'gpu' },
    { human: 1 },
    { worker: 2 },
  ])('refuse %o', (options) => {
    expect(() => new FaceModels(options as FaceModelsOptions)).toThrow(InvalidArgumentError);
  });
});

const article = '../shared/faces/aws-uservectors';
describe.skipIf(!existsSync(article))('the photo of two men at a table', () => {
  it('has both found, the one in profile without landmarks, and known by his profile alone', async () => {
    const faces = await models.analyze(await readFile(`${article}/_groups/photo.jpeg`), VECTORS);
    const [profile, facing] = leftToRight(faces);
    expect(faces).toHaveLength(2);
    expect(profile!.quality.vectorQuality).toBe(0);
    expect(profile!.detail).not.toHaveProperty('landmarks');
    expect(profile).not.toHaveProperty('vector');
    expect(profile!.profileVector).toHaveLength(1024);
    expect(facing!.detail.landmarks).toHaveLength(5);
    expect(facing!.vector).toHaveLength(192);
    expect(facing).not.toHaveProperty('profileVector');
  });
});

const poses = '../shared/faces/aws-quality/man1';
describe.skipIf(!existsSync(poses))('the photos of one man who turns his head', () => {
  it.each<[string, number, number]>([
    ['photo1.jpeg', 0, 0],
    ['photo2.jpeg', 22, 21],
    ['photo3.jpeg', -23, 10],
    ['photo4.jpeg', 0, 31],
    ['photo5.jpeg', 0, -21],
  ])('%s: yaw about %i, pitch about %i', async (name, yaw, pitch) => {
    const [face] = await models.analyze(await readFile(`${poses}/${name}`), FACES_ONLY);
    expect(Math.abs(face!.detail.pose!.yaw! - yaw)).toBeLessThan(10);
    expect(Math.abs(face!.detail.pose!.pitch! - pitch)).toBeLessThan(10);
  });

  it('tell open eyes from eyes that look at the floor', async () => {
    const eyesOpen = async (name: string) => {
      const request = { attributes: true };
      const [face] = await models.analyze(await readFile(`${poses}/${name}`), request);
      return face!.detail.eyesOpen?.value;
    };
    expect(await eyesOpen('photo1.jpeg')).toBe(true);
    expect(await eyesOpen('photo5.jpeg')).toBe(false);
  });
});
