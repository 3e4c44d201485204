import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { distance } from '../../src/local/search/distances.js';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { samplePath } from '../support/sample-photos.js';

const models = new FaceModels();
afterAll(() => models.close());

const facesIn = (image: Uint8Array) => models.analyze(image, { attributes: false });

/** A face of about 290 pixels, with hair and neck, from a sample photo. */
const HEAD = { left: 760, top: 300, width: 340, height: 500 };

async function head(width: number): Promise<Buffer> {
  return sharp(samplePath(1)).extract(HEAD).resize({ width }).toBuffer();
}

/** Heads side by side, with as much room around them as the picture has. */
async function strip(width: number, height: number, count: number): Promise<Buffer> {
  const isUpright = height > width;
  const input = await head(Math.min(490, Math.round(Math.min(width, height) * 0.6)));
  const size = await sharp(input).metadata();
  const heads = Array.from({ length: count }, (_, i) => {
    const along = ((i + 0.5) / count) * Math.max(width, height);
    const across = Math.min(width, height) / 2;
    const [x, y] = isUpright ? [across, along] : [along, across];
    return { input, left: Math.round(x - size.width / 2), top: Math.round(y - size.height / 2) };
  });
  return sharp({ create: { width, height, channels: 3, background: '#8aa' } })
    .composite(heads)
    .jpeg()
    .toBuffer();
}

describe('photos of odd shapes', () => {
  it.each([
    [4000, 800],
    [6400, 800],
    [9600, 800],
    [16000, 800],
    [800, 6400],
    [800, 16000],
    [1080, 12000],
  ])('finds every clear face in %i x %i pixels', async (width, height) => {
    const faces = await facesIn(await strip(width, height, 5));
    expect(faces).toHaveLength(5);
  });
});

describe('photos of nothing', () => {
  it.each([
    [120, 130, 140],
    [0, 0, 0],
    [255, 255, 255],
    [200, 150, 120],
    [90, 60, 50],
  ])('sees no face in the plain colour %i, %i, %i', async (r, g, b) => {
    const plain = sharp({ create: { width: 640, height: 480, channels: 3, background: { r, g, b } } });
    expect(await facesIn(await plain.jpeg({ quality: 75 }).toBuffer())).toEqual([]);
  });
});

describe('boxes', () => {
  it('lie mostly inside the photo, also where a face is cut by its border', async () => {
    const half = { ...HEAD, width: 230 };
    for (const cut of [HEAD, half, { ...HEAD, top: 380, height: 300 }]) {
      const photo = await sharp(samplePath(1)).extract(cut).jpeg().toBuffer();
      for (const { detail } of await facesIn(photo)) {
        const { left, top, width, height } = detail.boundingBox;
        const inside =
          (Math.min(1, left + width) - Math.max(0, left)) * (Math.min(1, top + height) - Math.max(0, top));
        expect(inside / (width * height)).toBeGreaterThan(0.5);
      }
    }
  });
});

const ARTICLE = '../shared/faces/aws-uservectors';

describe.skipIf(!existsSync(ARTICLE))('a face in profile', () => {
  it("is found again, and known, in a crop of just its box, as in the sample of AWS's article", async () => {
    const group = await readFile(`${ARTICLE}/_groups/photo.jpeg`);
    const describeProfile = async (image: Uint8Array) =>
      (await models.analyze(image, { vectors: 'to-search', attributes: false })).find(
        ({ vector }) => !vector,
      );
    const { detail, profileVector } = (await describeProfile(group))!;
    const { left, top, width, height } = detail.boundingBox;
    const size = await sharp(group).metadata();
    const from = { left: Math.max(0, left * size.width), top: Math.max(0, top * size.height) };
    const crop = await sharp(group)
      .extract({
        left: Math.round(from.left),
        top: Math.round(from.top),
        width: Math.round((left + width) * size.width - from.left),
        height: Math.round((top + height) * size.height - from.top),
      })
      .jpeg()
      .toBuffer();
    const again = (await describeProfile(crop))!;
    const apart = distance('cosine', profileVector!, again.profileVector!);
    expect(models.profileSpace!.similarity(apart)).toBeGreaterThan(99);
  });

  it('is not the largest face where a person stands in front of it, though it is answered with a wider box', async () => {
    const group = await readFile(`${ARTICLE}/_groups/photo.jpeg`);
    const profile = await sharp(group).extract({ left: 40, top: 0, width: 360, height: 460 }).toBuffer();
    const photo = await sharp({ create: { width: 1000, height: 700, channels: 3, background: '#667' } })
      .composite([
        { input: await sharp(profile).resize({ width: 300 }).toBuffer(), left: 20, top: 60 },
        { input: await head(420), left: 540, top: 40 },
      ])
      .jpeg()
      .toBuffer();
    const faces = await facesIn(photo);
    expect(faces).toHaveLength(2);
    expect(faces[1]!.detail.landmarks).toBeUndefined();
    expect(faces[0]!.detail.boundingBox.left).toBeGreaterThan(0.5);
  });
});
