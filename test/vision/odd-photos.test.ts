import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { distance } from '../../src/local/search/distances.js';
import type { AnalyzedFace } from '../../src/local/vision/vision.js';
import type { BoundingBox } from '../../src/types.js';
import { realModels as models } from '../support/real-models.js';
import { samplePath } from '../support/sample-photos.js';

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
    [16000, 800],
    [800, 16000],
    [1080, 12000],
  ])('finds every clear face in %i x %i pixels', async (width, height) => {
    const faces = await facesIn(await strip(width, height, 5));
    expect(faces).toHaveLength(5);
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

const REQUEST = { vectors: 'to-search', attributes: false } as const;

describe('a photo that lies on its side or stands on its head, without a word about it', () => {
  let photo: Buffer;
  let upright: AnalyzedFace[];
  beforeAll(async () => {
    photo = await readFile(samplePath(5));
    upright = await models.analyze(photo, REQUEST);
  });

  it.each([90, 180, 270])('shows the same faces when it is turned by %d degrees', async (degrees) => {
    const turned = await models.analyze(await sharp(photo).rotate(degrees).png().toBuffer(), REQUEST);
    expect(turned).toHaveLength(upright.length);

    turned.forEach((face, i) => {
      const same = upright[i]!;
      const { x, y } = middleOf(same.detail.boundingBox);
      const expected = { 90: [1 - y, x], 180: [1 - x, 1 - y], 270: [y, 1 - x] }[degrees]!;
      const found = middleOf(face.detail.boundingBox);
      expect(Math.hypot(found.x - expected[0]!, found.y - expected[1]!)).toBeLessThan(0.02);
      const nose = face.detail.landmarks!.find(({ type }) => type === 'nose')!;
      expect(Math.hypot(nose.x - found.x, nose.y - found.y)).toBeLessThan(0.1);
      const rolled = face.detail.pose!.roll! - same.detail.pose!.roll!;
      expect(Math.abs(((rolled - degrees + 540) % 360) - 180)).toBeLessThan(10);
      const { metric, similarity } = models.space;
      expect(similarity(distance(metric, face.vector!, same.vector!))).toBeGreaterThan(90);
      const ratio = degrees === 180 ? sizeRatio(same) : 1 / sizeRatio(same);
      expect(sizeRatio(face)).toBeCloseTo(ratio, 0);
    });
  });
});

function middleOf({ left, top, width, height }: BoundingBox) {
  return { x: left + width / 2, y: top + height / 2 };
}

function sizeRatio({ quality: { size } }: { quality: { size: { width: number; height: number } } }): number {
  return size.width / size.height;
}

type Shade = (x: number, y: number) => number;

/** A picture of 480 x 360 pixels, a little yellow. */
function paint(shade: Shade): Promise<Buffer> {
  const [width, height] = [480, 360];
  const data = Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const value = shade(pixel % width, Math.floor(pixel / width));
    return i % 3 === 2 ? value * 0.7 : value;
  });
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A picture of one colour, as a camera stores it. */
const plain = (background: { r: number; g: number; b: number }) =>
  sharp({ create: { width: 640, height: 480, channels: 3, background } })
    .jpeg({ quality: 75 })
    .toBuffer();

const svg = (content: string) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${content}</svg>`))
    .flatten({ background: 'white' })
    .png()
    .toBuffer();

const LANDSCAPE = `<rect width="640" height="280" fill="#8cf"/><rect y="280" width="640" height="200" fill="#485"/>
  <path d="M0 280 L150 120 L260 280 L380 90 L560 280 Z" fill="#777"/><circle cx="520" cy="70" r="35" fill="#fe8"/>`;
const LINES = Array.from(
  { length: 18 },
  (_, i) => `<rect x="40" y="${30 + i * 24}" width="${300 + ((i * 97) % 250)}" height="9" fill="#222"/>`,
).join('');

describe('a picture without a face', () => {
  it.each<[string, () => Promise<Buffer>]>([
    ['a smooth gradient', () => paint((_, y) => (255 * y) / 360)],
    ['a soft light', () => paint((x, y) => 255 - Math.hypot(x - 240, y - 180))],
    ['noise', () => paint((x, y) => (Math.imul(x * 7919 + y * 104729, 2654435761) >>> 0) / 2 ** 24)],
    ['a chequerboard', () => paint((x, y) => ((Math.floor(x / 20) + Math.floor(y / 20)) % 2) * 255)],
    ['waves', () => paint((x, y) => 127 + 127 * Math.sin(x * 0.11) * Math.sin(y * 0.08))],
    ['rings', () => paint((x, y) => 127 + 127 * Math.sin(Math.hypot(x - 240, y - 180) * 0.15))],
    ['a landscape', () => svg(LANDSCAPE)],
    ['lines of text', () => svg(LINES)],
    ['one plain colour', () => plain({ r: 120, g: 130, b: 140 })],
    ['another plain colour', () => plain({ r: 200, g: 160, b: 130 })],
    ['nothing but white', () => svg('')],
  ])('has none: %s', async (_, picture) => {
    expect(await facesIn(await picture())).toEqual([]);
  });
});
