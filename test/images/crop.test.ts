import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import { photoBox } from '../../src/images/bounding-box.js';
import { openPhoto } from '../../src/images/crop.js';
import { cropFace } from '../../src/images/crop-face.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { LIMITS } from '../../src/limits.js';
import type { BoundingBox } from '../../src/types.js';
import { colourAt, noise, quarterColours, quarters, withOrientation } from './test-pictures.js';

const box = (left: number, top: number, width: number, height: number): BoundingBox => ({
  left,
  top,
  width,
  height,
});
const open = (bytes: Uint8Array) => openPhoto(fromBuffer(bytes));
const sizeOf = async (bytes: Uint8Array) => {
  const { width, height, format } = await sharp(bytes).metadata();
  return { width, height, format };
};

describe('openPhoto', () => {
  it('tells the size of the upright photo', async () => {
    const lying = await withOrientation(await quarters(120, 90), 6);
    expect(await sizeOf(lying)).toMatchObject({ width: 90, height: 120 });
    expect(await open(lying)).toMatchObject({ width: 120, height: 90 });
  });

  it('refuses what cannot be read, as preparing does', async () => {
    await expect(open(Buffer.from('no image'))).rejects.toMatchObject({ problem: 'NOT_AN_IMAGE' });
    const small = openPhoto(fromBuffer(await quarters(100, 100)), { limitInputPixels: 9_999 });
    await expect(small).rejects.toMatchObject({ problem: 'TOO_MANY_PIXELS' });
  });

  it('reads the source once, however many faces are cut', async () => {
    let reads = 0;
    const bytes = await quarters(400, 400);
    const photo = await openPhoto({
      name: 'photo',
      async read() {
        reads++;
        return bytes;
      },
    });
    await Promise.all([0, 0.25, 0.5].map((left) => photo.crop(box(left, 0, 0.5, 0.5))));
    expect(reads).toBe(1);
  });
});

describe('a crop', () => {
  it('shows the box, and says where it was', async () => {
    const photo = await open(await quarters(400, 400));
    const crop = await photo.crop(box(0.5, 0.5, 0.5, 0.5));
    expect(crop.region).toEqual(box(0.5, 0.5, 0.5, 0.5));
    expect(await sizeOf(crop.bytes)).toEqual({ width: 200, height: 200, format: 'jpeg' });
    expect(await quarterColours(crop.bytes)).toBe('wwww');
  });

  it('has a margin on every side', async () => {
    const photo = await open(await quarters(400, 400));
    const crop = await photo.crop(box(0.375, 0.375, 0.25, 0.25), { margin: 0.5 });
    expect(crop.region).toEqual(box(0.25, 0.25, 0.5, 0.5));
    expect(await quarterColours(crop.bytes)).toBe('rgbw');
  });

  it('ends where the photo ends', async () => {
    const photo = await open(await quarters(400, 400));
    const crop = await photo.crop(box(-0.25, 0.5, 0.5, 0.25), { margin: 1 });
    expect(crop.region).toEqual(box(0, 0.25, 0.75, 0.75));
    expect(await sizeOf(crop.bytes)).toMatchObject({ width: 300, height: 300 });
  });

  it('lets a box that was found in it be found in the photo', async () => {
    const photo = await open(await quarters(1000, 800));
    const meant = box(0.1, 0.2, 0.3, 0.4);
    const { region } = await photo.crop(meant, { margin: 0.5 });
    const seen = box(
      (meant.left - region.left) / region.width,
      (meant.top - region.top) / region.height,
      meant.width / region.width,
      meant.height / region.height,
    );
    const found = photoBox(region, seen);
    for (const side of ['left', 'top', 'width', 'height'] as const)
      expect(found[side]).toBeCloseTo(meant[side], 10);
  });

  it('enlarges a face to 100 pixels of width', async () => {
    const photo = await open(await quarters(400, 400));
    const crop = await photo.crop(box(0.45, 0.45, 0.1, 0.1), { margin: 0.5 });
    expect(await sizeOf(crop.bytes)).toMatchObject({ width: 200, height: 200 });
    expect(await quarterColours(crop.bytes)).toBe('rgbw');
  });

  it('enlarges no more than surroundings of 1024 pixels allow', async () => {
    const photo = await open(await quarters(800, 400));
    const crop = await photo.crop(box(0.5, 0.5, 0.0125, 0.025), { margin: 100 });
    expect(await sizeOf(crop.bytes)).toMatchObject({ width: 1024, height: 512 });
  });

  it('has at least 80 pixels on a side, even of a face that is one pixel', async () => {
    const photo = await open(await quarters(1000, 1000));
    const crop = await photo.crop(box(0.1, 0.1, 0.0001, 0.0001));
    expect(crop.region).toEqual(box(0.1, 0.1, 0.001, 0.001));
    expect(await sizeOf(crop.bytes)).toMatchObject({ width: 100, height: 100 });
    expect(await quarterColours(crop.bytes)).toBe('rrrr');
  });

  it('has at most 5 MB', async () => {
    const photo = await open(await noise(2400, 1800));
    const crop = await photo.crop(box(0, 0, 1, 1));
    expect(crop.bytes.length).toBeLessThanOrEqual(LIMITS.imageBytes);
    expect(crop.region).toEqual(box(0, 0, 1, 1));
  });

  it.each([
    box(1, 0, 0.5, 0.5),
    box(0, -0.5, 0.5, 0.5),
    box(0.5, 0.5, 0, 0.1),
    box(0.5, 0.5, -0.1, 0.1),
    box(Number.NaN, 0, 1, 1),
    box(0, 0, Number.POSITIVE_INFINITY, 1),
  ])('is not cut around %j, which shows nothing', async (nothing) => {
    const photo = await open(await quarters());
    await expect(photo.crop(nothing)).rejects.toThrow(InvalidArgumentError);
  });

  it.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('has no margin of %d', async (margin) => {
    const photo = await open(await quarters());
    await expect(photo.crop(box(0, 0, 1, 1), { margin })).rejects.toThrow(InvalidArgumentError);
  });

  it('is not cut for a call that was given up', async () => {
    const reason = new Error('too late');
    const photo = await open(await quarters());
    const cut = photo.crop(box(0, 0, 1, 1), { signal: AbortSignal.abort(reason) });
    await expect(cut).rejects.toBe(reason);
  });
});

describe('painting over', () => {
  const RED = { create: { width: 400, height: 400, channels: 3 as const, background: '#f00' } };
  /** A white square in the middle of red. */
  const square = async () => {
    const white = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    return sharp(RED)
      .composite([{ input: white, left: 150, top: 150 }])
      .png()
      .toBuffer();
  };
  const SQUARE = box(0.375, 0.375, 0.25, 0.25);

  it('hides a neighbour behind the colour around', async () => {
    const photo = await open(await square());
    const meant = box(0, 0, 0.75, 0.75);
    expect(await colourAt((await photo.crop(meant)).bytes, 0.67, 0.67)).toBe('w');
    const { bytes } = await photo.crop(meant, { margin: 1, paintOver: [SQUARE] });
    expect(await colourAt(bytes, 0.5, 0.5)).toBe('w');
    const away = await photo.crop(box(0, 0, 0.3, 0.3), { margin: 2, paintOver: [SQUARE] });
    expect(await colourAt(away.bytes, 0.5, 0.5)).toBe('r');
  });

  it('leaves every pixel of the meant face, whatever overlaps it', async () => {
    const photo = await open(await quarters(400, 400));
    const meant = box(0.25, 0.25, 0.5, 0.5);
    const plain = await photo.crop(meant);
    const painted = await photo.crop(meant, { paintOver: [box(0, 0, 0.6, 0.6), box(-1, -1, 3, 3)] });
    expect(Buffer.from(painted.bytes).equals(plain.bytes)).toBe(true);
  });

  it('does not stay for the next crop', async () => {
    const photo = await open(await square());
    await photo.crop(box(0, 0, 0.3, 0.3), { margin: 2, paintOver: [SQUARE] });
    expect(await quarterColours((await photo.crop(SQUARE)).bytes)).toBe('wwww');
  });

  it('passes over boxes outside the crop, outside the photo, or no boxes at all', async () => {
    const photo = await open(await quarters(400, 400));
    const meant = box(0, 0, 0.5, 0.5);
    const plain = await photo.crop(meant);
    const painted = await photo.crop(meant, {
      paintOver: [box(0.6, 0.6, 0.2, 0.2), box(2, 2, 1, 1), box(0, 0, 0, 0), box(Number.NaN, 0, 1, 1)],
    });
    expect(Buffer.from(painted.bytes).equals(plain.bytes)).toBe(true);
  });
});

describe('cropFace', () => {
  const first = { boundingBox: box(0, 0, 0.5, 0.5) };

  it('is an image of one face, named by its photo', async () => {
    const face = cropFace(fromBuffer(await quarters(400, 400), { name: 'party.jpg' }), first, { margin: 0 });
    expect(face.name).toBe('party.jpg (face at 0 %, 0 %)');
    expect(await sizeOf(await face.read())).toEqual({ width: 200, height: 200, format: 'jpeg' });
  });

  it('keeps to the pixels that a photo may have', async () => {
    const photo = fromBuffer(await quarters(400, 400));
    await expect(cropFace(photo, first, { limitInputPixels: 159_999 }).read()).rejects.toMatchObject({
      problem: 'TOO_MANY_PIXELS',
    });
    await expect(cropFace(photo, first, { limitInputPixels: 160_000 }).read()).resolves.toBeTruthy();
  });

  it('says at once that there is no photo or no face', () => {
    const photo = fromBuffer(new Uint8Array(1));
    expect(() => cropFace('party.jpg' as never, first)).toThrow('photo must be an image source');
    for (const face of [undefined, null, 'ada', 7, {}])
      expect(() => cropFace(photo, face as never)).toThrow('face must be an object with a boundingBox');
  });
});
