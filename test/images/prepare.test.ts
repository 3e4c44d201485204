import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, UnreadableImageError } from '../../src/errors.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { prepareImage } from '../../src/images/prepare.js';
import { LIMITS } from '../../src/limits.js';
import { colourAt, noise, quarterColours, quarters, withOrientation } from './test-pictures.js';

const PHOTO = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';

const prepare = (bytes: Uint8Array) => prepareImage(fromBuffer(bytes, { name: 'photo' }));
const problemOf = (bytes: Uint8Array) =>
  prepare(bytes).then(
    () => 'none',
    (error) => {
      expect(error).toBeInstanceOf(UnreadableImageError);
      expect(error.image).toBe('photo');
      return error.problem;
    },
  );

describe('an image that is ready', () => {
  it.each(['jpeg', 'png'] as const)('travels untouched: %s', async (format) => {
    const bytes = await sharp(await quarters(80, 80))
      [format]()
      .toBuffer();
    const prepared = await prepare(bytes);
    expect(prepared).toEqual({ bytes, width: 80, height: 80, isOriginal: true });
    expect(prepared.bytes).toBe(bytes);
  });

  it.each(['greyscale', 'progressive'])('travels untouched: a %s JPEG', async (kind) => {
    const pipeline = sharp(await quarters());
    const bytes = await (kind === 'greyscale'
      ? pipeline.greyscale().jpeg()
      : pipeline.jpeg({ progressive: true })
    ).toBuffer();
    expect((await prepare(bytes)).bytes).toBe(bytes);
  });

  it('may have a thumbnail before it and something else after it', async () => {
    const thumbnail = Buffer.concat([
      Buffer.from('ffe1', 'hex'),
      Buffer.from([0, 10]),
      Buffer.from('ffd8ffd900000000', 'hex'),
    ]);
    const photo = await readFile(PHOTO);
    const bytes = Buffer.concat([
      photo.subarray(0, 2),
      thumbnail,
      photo.subarray(2),
      Buffer.from('a video follows'),
    ]);
    expect((await prepare(bytes)).bytes).toBe(bytes);
  });
});

describe('an image that is not', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('is set upright: EXIF orientation %i', async (orientation) => {
    const stored = await withOrientation(await quarters(120, 90), orientation);
    const prepared = await prepare(stored);
    expect(prepared).toMatchObject({ width: 120, height: 90, isOriginal: false });
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
    expect((await sharp(prepared.bytes).metadata()).orientation).toBeUndefined();
  });

  it('is left as it is at EXIF orientation 1', async () => {
    const stored = await withOrientation(await quarters(), 1);
    expect((await prepare(stored)).bytes).toBe(stored);
  });

  it.each(['webp', 'avif', 'gif', 'tiff'] as const)('becomes a JPEG: %s', async (format) => {
    const bytes = await sharp(await quarters())
      [format]()
      .toBuffer();
    const prepared = await prepare(bytes);
    expect((await sharp(prepared.bytes).metadata()).format).toBe('jpeg');
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
  });

  it('shows the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 100, height: 100, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    expect(await quarterColours((await prepare(animation)).bytes)).toBe('rrrr');
  });

  it('stands on white where it was transparent', async () => {
    const clear = await sharp({ create: { width: 100, height: 100, channels: 4, background: '#0000' } })
      .png()
      .toBuffer();
    expect(await quarterColours((await prepare(clear)).bytes)).toBe('wwww');
  });

  it('gets eight bits a colour', async () => {
    const deep = await sharp(await quarters())
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const prepared = await prepare(deep);
    expect(prepared.isOriginal).toBe(false);
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
  });

  it('gets the colours of a screen when it was made for print', async () => {
    const print = await sharp(await quarters())
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const prepared = await prepare(print);
    expect(await sharp(prepared.bytes).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
    expect(await colourAt(prepared.bytes, 0.75, 0.75)).toBe('w');
  });
});

describe('an image that is too small', () => {
  it('is enlarged in proportion', async () => {
    const prepared = await prepare(await quarters(60, 40));
    expect(prepared).toMatchObject({ width: 120, height: 80, isOriginal: false });
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
  });

  it('is enlarged from a single pixel', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#f00' } })
      .png()
      .toBuffer();
    const prepared = await prepare(dot);
    expect(prepared).toMatchObject({ width: 80, height: 80 });
    expect(await quarterColours(prepared.bytes)).toBe('rrrr');
  });

  it('is stretched when it is a strip that no JPEG could hold in proportion', async () => {
    const strip = await sharp(await quarters(4000, 2))
      .png()
      .toBuffer();
    const prepared = await prepare(strip);
    expect(prepared).toMatchObject({ width: 65_500, height: 80 });
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
  });
});

describe('an image of more than 5 MB', () => {
  it('loses quality first, and keeps its pixels', async () => {
    const large = await noise(1600, 1200);
    expect(large.length).toBeGreaterThan(LIMITS.imageBytes);
    const prepared = await prepare(large);
    expect(prepared).toMatchObject({ width: 1600, height: 1200, isOriginal: false });
    expect(prepared.bytes.length).toBeLessThanOrEqual(LIMITS.imageBytes);
  });

  it('loses no more pixels than it must', async () => {
    const prepared = await prepare(await noise(2400, 1800));
    expect(prepared.bytes.length).toBeLessThanOrEqual(LIMITS.imageBytes);
    expect(prepared.bytes.length).toBeGreaterThan(0.75 * LIMITS.imageBytes);
    expect(prepared.width / prepared.height).toBeCloseTo(4 / 3, 2);
    expect(await sharp(prepared.bytes).metadata()).toMatchObject({
      width: prepared.width,
      height: prepared.height,
    });
  });
});

describe('what is no image', () => {
  it('is told from images', async () => {
    expect(await problemOf(new Uint8Array())).toBe('NOT_AN_IMAGE');
    expect(await problemOf(Buffer.from('<html>Not found</html>'))).toBe('NOT_AN_IMAGE');
  });

  it.each([
    ['JPEG', async () => readFile(PHOTO)],
    ['PNG', async () => quarters(400, 400)],
    ['JPEG with a thumbnail', async () => withThumbnail(await readFile(PHOTO))],
    ['JPEG on its side', async () => withOrientation(await quarters(400, 300), 6)],
    [
      'WebP',
      async () =>
        sharp(await readFile(PHOTO))
          .webp()
          .toBuffer(),
    ],
  ])('is told from images when it is half of one: %s', async (_, whole) => {
    const bytes = await whole();
    expect(await problemOf(bytes)).toBe('none');
    expect(await problemOf(bytes.subarray(0, bytes.length / 2))).toBe('NOT_AN_IMAGE');
    expect(await problemOf(bytes.subarray(0, 40))).toBe('NOT_AN_IMAGE');
  });

  async function withThumbnail(photo: Buffer): Promise<Buffer> {
    const thumbnail = Buffer.from('ffe1000affd8ffd900000000', 'hex');
    return Buffer.concat([photo.subarray(0, 2), thumbnail, photo.subarray(2)]);
  }
});

describe('an image of too many pixels', () => {
  it('is refused by its header', async () => {
    await expect(prepare(await claiming(30_000, 30_000))).rejects.toMatchObject({
      problem: 'TOO_MANY_PIXELS',
      message: expect.stringContaining('30000 × 30000'),
    });
  });

  /** A small PNG whose header claims other sides. */
  async function claiming(width: number, height: number): Promise<Buffer> {
    const png = await quarters();
    png.writeUInt32BE(width, 16);
    png.writeUInt32BE(height, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    return png;
  }

  it('is a matter of the limit given', async () => {
    const source = fromBuffer(await quarters(100, 100));
    await expect(prepareImage(source, { limitInputPixels: 9_999 })).rejects.toMatchObject({
      problem: 'TOO_MANY_PIXELS',
    });
    await expect(prepareImage(source, { limitInputPixels: 10_000 })).resolves.toMatchObject({ width: 100 });
  });

  it.each([0, -1, 1.5, Number.NaN])('is nothing that a limit of %d could tell', async (limitInputPixels) => {
    const source = fromBuffer(await quarters());
    await expect(prepareImage(source, { limitInputPixels })).rejects.toThrow(InvalidArgumentError);
  });
});

describe('a source', () => {
  it('is never a bare string', async () => {
    await expect(prepareImage('photo.jpg' as unknown as ImageSource)).rejects.toThrow(InvalidArgumentError);
  });

  it('has to give bytes', async () => {
    const source = { name: 'mine', read: async () => 'data:image/png;base64,AAAA' } as unknown as ImageSource;
    await expect(prepareImage(source)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('may fail in its own way', async () => {
    const error = new Error('the album is closed');
    const source: ImageSource = { name: 'album', read: () => Promise.reject(error) };
    await expect(prepareImage(source)).rejects.toBe(error);
  });

  it('is let go of when the call is given up while it reads', async () => {
    const reason = new Error('too late');
    const controller = new AbortController();
    const source: ImageSource = {
      name: 'slow',
      async read() {
        controller.abort(reason);
        return quarters();
      },
    };
    await expect(prepareImage(source, { signal: controller.signal })).rejects.toBe(reason);
  });
});
