import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { regionToCover } from '../../src/annotate/cover.js';
import { type RedactedFace, type RedactOptions, redact } from '../../src/annotate/redact.js';
import type { ResultOf } from '../../src/annotate/result.js';
import { InvalidArgumentError, UnreadableImageError } from '../../src/errors.js';
import { area, clampToImage } from '../../src/images/bounding-box.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { fromFile } from '../../src/images/from-file.js';
import type { FaceSearch } from '../../src/photo-search/face-search.js';
import type { BoundingBox } from '../../src/types.js';
import { colourAt, noise, withOrientation } from '../images/test-pictures.js';

const FILL = '64,64,64';
const LEFT: BoundingBox = { left: 0.1, top: 0.4, width: 0.1, height: 0.2 };
const RIGHT: BoundingBox = { left: 0.7, top: 0.4, width: 0.1, height: 0.2 };

const of = (userId: string, boundingBox: BoundingBox): FaceSearch => ({
  status: 'matched',
  face: { boundingBox },
  matches: [{ userId, similarity: 99 }],
});
const inWords = (
  status: string,
  boundingBox: BoundingBox,
  userIds: readonly string[] = [],
): RedactedFace => ({
  status,
  face: { boundingBox },
  [status === 'ambiguous' ? 'between' : 'matches']: userIds.map((userId) => ({ userId })),
});

interface Pixels {
  width: number;
  height: number;
  at(x: number, y: number): string;
  /** The colours in a rectangle, each once. */
  colours(left: number, top: number, width: number, height: number): Set<string>;
}

async function pixelsOf(image: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) =>
    data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3).join();
  return {
    width: info.width,
    height: info.height,
    at,
    colours(left, top, width, height) {
      const colours = new Set<string>();
      for (let y = top; y < top + height; y++) {
        for (let x = left; x < left + width; x++) colours.add(at(x, y));
      }
      return colours;
    },
  };
}

const redacted = async (
  photo: Uint8Array,
  result: ResultOf<RedactedFace>,
  options: RedactOptions = {},
): Promise<Pixels> => pixelsOf(await redact(fromBuffer(photo), result, { format: 'png', ...options }));

const PHOTO = await noise(400, 300);

/** Which of the faces are covered, `L` at the left and `R` at the right. */
async function coveredOf(result: ResultOf<RedactedFace>, options: RedactOptions = {}): Promise<string> {
  const { at } = await redacted(PHOTO, result, { cover: 'fill', ...options });
  return (at(60, 150) === FILL ? 'L' : '') + (at(300, 150) === FILL ? 'R' : '');
}

describe('whom redact covers', () => {
  const ada = of('ada', LEFT);
  const bob = of('bob', RIGHT);

  it('is everybody, if it is told of no one', async () => {
    expect(await coveredOf({ faces: [ada, bob] })).toBe('LR');
    expect(await coveredOf({ faces: [ada, bob] }, { keep: [] })).toBe('LR');
  });

  it('is everybody but those to keep', async () => {
    expect(await coveredOf({ faces: [ada, bob] }, { keep: ['ada'] })).toBe('R');
    expect(await coveredOf([ada, bob], { keep: ['ada', 'bob'] })).toBe('');
    expect(await coveredOf([ada, bob], { keep: ['eve'] })).toBe('LR');
  });

  it('is only those asked for', async () => {
    expect(await coveredOf({ faces: [ada, bob] }, { only: ['ada'] })).toBe('L');
    expect(await coveredOf([ada, bob], { only: [] })).toBe('');
  });

  it('is decided by the best match', async () => {
    const both = inWords('matched', LEFT, ['bob', 'ada']);
    expect(await coveredOf([both], { keep: ['ada'] })).toBe('L');
    expect(await coveredOf([both], { only: ['ada'] })).toBe('');
    expect(await coveredOf([both], { only: ['bob'] })).toBe('L');
  });

  it.each(['unmatched', 'unsearchable', 'failed', 'ambiguous', 'something new'])(
    'is a face that is %s, whomever to keep',
    async (status) => {
      expect(await coveredOf([inWords(status, LEFT, ['ada', 'bob'])], { keep: ['ada'] })).toBe('L');
    },
  );

  it('is a face that may be of those asked for, as long as nobody knows better', async () => {
    const isCovered = (status: string, ...userIds: string[]) =>
      coveredOf([inWords(status, LEFT, userIds)], { only: ['ada'] });
    expect(await isCovered('unsearchable')).toBe('L');
    expect(await isCovered('failed')).toBe('L');
    expect(await isCovered('ambiguous', 'bob', 'ada')).toBe('L');
    expect(await isCovered('ambiguous', 'bob', 'eve')).toBe('');
    expect(await isCovered('unmatched')).toBe('');
  });

  it('is every face of detectFaces, for they are nobody’s', async () => {
    const faces = [{ boundingBox: LEFT, confidence: 99 }, { boundingBox: RIGHT }];
    expect(await coveredOf(faces)).toBe('LR');
    expect(await coveredOf(faces, { keep: ['ada'] })).toBe('LR');
    await expect(redact(fromBuffer(PHOTO), faces, { only: ['ada'] })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'options.only',
    });
  });

  it('is nobody where there is no face', async () => {
    const before = await pixelsOf(PHOTO);
    const after = await redacted(PHOTO, { faces: [] });
    for (const y of [0, 150, 299]) expect(after.at(200, y)).toBe(before.at(200, y));
  });
});

describe('what redact covers', () => {
  it('is the box and a sixth of its sides, and nothing else', async () => {
    const before = await pixelsOf(PHOTO);
    const { at, colours } = await redacted(PHOTO, [{ boundingBox: LEFT }], { cover: 'fill' });
    // The box is 40, 120 to 80, 180; a sixth of its sides is 6.7 and 10.
    expect([...colours(33, 110, 54, 80)]).toEqual([FILL]);
    for (const [x, y] of [
      [32, 150],
      [87, 150],
      [60, 109],
      [60, 191],
    ] as const) {
      expect(at(x, y)).toBe(before.at(x, y));
    }
  });

  it('is hair and ears too, if asked', async () => {
    const before = await pixelsOf(PHOTO);
    const { at, colours } = await redacted(PHOTO, [{ boundingBox: LEFT }], {
      cover: 'fill',
      wholeHead: true,
    });
    expect([...colours(24, 84, 72, 111)]).toEqual([FILL]);
    expect(at(60, 82)).toBe(before.at(60, 82));
    expect(at(22, 150)).toBe(before.at(22, 150));
  });

  it.each<[string, BoundingBox, [number, number, number, number]]>([
    ['reaches past two edges', { left: -0.1, top: -0.1, width: 0.2, height: 0.2 }, [0, 0, 40, 30]],
    ['shows by a pixel', { left: 0.9975, top: 0.5, width: 0.2, height: 0.2 }, [399, 150, 1, 60]],
    ['is all of the photo', { left: -1, top: -1, width: 3, height: 3 }, [0, 0, 400, 300]],
    ['is a single pixel', { left: 0.5, top: 0.5, width: 1 / 400, height: 1 / 300 }, [197, 147, 7, 7]],
    ['is thinner than a pixel', { left: 0.5, top: 0.5, width: 1e-9, height: 0.1 }, [197, 150, 7, 30]],
  ])('holds a box that %s', async (_, boundingBox, [left, top, width, height]) => {
    const { colours } = await redacted(PHOTO, [{ boundingBox }], { cover: 'fill' });
    expect([...colours(left, top, width, height)]).toEqual([FILL]);
  });

  it('leaves the photo as it is for a face that lies outside', async () => {
    const before = await pixelsOf(PHOTO);
    for (const left of [-5, 1.5]) {
      const after = await redacted(PHOTO, [{ boundingBox: { ...LEFT, left } }], { cover: 'fill' });
      expect(after.colours(0, 0, 400, 300)).toEqual(before.colours(0, 0, 400, 300));
    }
  });

  it('holds every pixel that the box touches, and as many as an average takes', () => {
    const ratio = fc.double({ min: -2, max: 3, noNaN: true });
    const side = fc.double({ min: 1e-9, max: 4, noNaN: true });
    const pixels = fc.integer({ min: 1, max: 5000 });
    const margin = { above: 0.3, beside: 0.2, below: 0.1 };
    fc.assert(
      fc.property(
        ratio,
        ratio,
        side,
        side,
        pixels,
        pixels,
        (left, top, boxWidth, boxHeight, width, height) => {
          const box = { left, top, width: boxWidth, height: boxHeight };
          const region = regionToCover(box, { width, height }, margin);
          const shown = area(clampToImage(box)) > 0;
          if (!region) return !shown;
          const [right, bottom] = [region.left + region.width, region.top + region.height];
          const isInside = region.left >= 0 && region.top >= 0 && right <= width && bottom <= height;
          const isLarge = region.width >= Math.min(8, width) && region.height >= Math.min(8, height);
          const holds =
            region.left <= Math.max(0, left * width) &&
            region.top <= Math.max(0, top * height) &&
            right >= Math.min(width, (left + boxWidth) * width) &&
            bottom >= Math.min(height, (top + boxHeight) * height);
          return isInside && isLarge && (holds || !shown);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('goes over a face that is kept where the two overlap, and no further', async () => {
    const before = await pixelsOf(PHOTO);
    const kept = of('ada', { left: 0.15, top: 0.4, width: 0.15, height: 0.2 });
    const { at, colours } = await redacted(PHOTO, [kept, of('bob', LEFT)], { cover: 'fill', keep: ['ada'] });
    expect([...colours(33, 110, 54, 80)]).toEqual([FILL]);
    for (const x of [87, 100, 119]) expect(at(x, 150)).toBe(before.at(x, 150));
  });

  it('lies on the upright photo, whatever its orientation', async () => {
    const white = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    for (let orientation = 1; orientation <= 8; orientation++) {
      const lying = await withOrientation(white, orientation);
      const { width, height, at } = await redacted(lying, [{ boundingBox: LEFT }], { cover: 'fill' });
      expect([width, height, at(60, 150), at(300, 150)]).toEqual([400, 300, FILL, '255,255,255']);
    }
  });
});

describe('what redact leaves of a face', () => {
  const boundingBox = { left: 0.2, top: 0.2, width: 0.6, height: 0.6 };

  it('is the same for two faces with the same few averages', async () => {
    // Stripes as wide as a pixel in one photo, and 16 in the other: every cell, of 32 × 32 pixels, is half white.
    const striped = async (width: number) => {
      const data = new Uint8Array(96 * 96 * 3);
      for (let y = 0; y < 96; y++) data.fill(Math.floor(y / width) % 2 ? 255 : 0, y * 288, (y + 1) * 288);
      const photo = await sharp(data, { raw: { width: 96, height: 96, channels: 3 } })
        .png()
        .toBuffer();
      const all = { left: 0, top: 0, width: 1, height: 1 };
      return redact(fromBuffer(photo), [{ boundingBox: all }], { format: 'png' });
    };
    expect(Buffer.compare(await striped(1), await striped(16))).toBe(0);
  });

  it('is nine averages, and what is between them', async () => {
    const after = await redacted(PHOTO, [{ boundingBox }]);
    // Noise of a deviation of 60 averages out, and has no edges any more.
    for (const colour of after.colours(80, 60, 240, 180)) {
      for (const value of colour.split(',')) expect(Math.abs(Number(value) - 128)).toBeLessThan(8);
    }
    let steepest = 0;
    for (let x = 81; x < 320; x++) {
      const [here, before] = [after.at(x, 150), after.at(x - 1, 150)].map((colour) =>
        Number(colour.split(',')[0]),
      );
      steepest = Math.max(steepest, Math.abs(here! - before!));
    }
    expect(steepest).toBeLessThanOrEqual(1);
  });

  it.each([1, 3, 7, 15])('is one average of a face of %i pixels', async (pixels) => {
    const box = { left: 0.5, top: 0.5, width: pixels / 400, height: pixels / 300 };
    const after = await redacted(PHOTO, [{ boundingBox: box }]);
    const colours = [...after.colours(200, 150, pixels, pixels)];
    if (pixels < 11) expect(colours).toHaveLength(1);
    // Two averages across and two down: 200 pixels of noise could have as many colours.
    else expect(colours.length).toBeLessThan(pixels * pixels);
    for (const value of colours.flatMap((colour) => colour.split(',')))
      expect(Math.abs(Number(value) - 128)).toBeLessThan(45);
  });

  it('is nothing at all when it is filled: two photos come out the same', async () => {
    const fill = async (background: string) => {
      const face = await sharp({ create: { width: 240, height: 180, channels: 3, background } })
        .png()
        .toBuffer();
      const photo = await sharp(PHOTO)
        .composite([{ input: face, left: 80, top: 60 }])
        .png()
        .toBuffer();
      return redact(fromBuffer(photo), [{ boundingBox }], { cover: 'fill', format: 'png' });
    };
    expect(Buffer.compare(await fill('#f00'), await fill('#00f'))).toBe(0);
  });
});

describe('the picture that redact answers', () => {
  it('is a JPEG, or a PNG on demand', async () => {
    const formatOf = async (options: RedactOptions) =>
      (await sharp(await redact(fromBuffer(PHOTO), [], options)).metadata()).format;
    expect(await formatOf({})).toBe('jpeg');
    expect(await formatOf({ format: 'png' })).toBe('png');
  });

  it('has no EXIF, thumbnail, place, XMP, IPTC, profile or comment of the photo', async () => {
    const given = await jpegWithSecrets();
    const before = await sharp(given).metadata();
    expect(before).toMatchObject({
      orientation: 6,
      exif: expect.anything(),
      xmp: expect.anything(),
      icc: expect.anything(),
    });
    expect(given.includes('SECRET')).toBe(true);
    expect(segmentsOf(given)).toEqual(expect.arrayContaining(['Exif', 'Phot', 'SECR', 'ICC_', 'http']));
    for (const format of ['jpeg', 'png'] as const) {
      const bytes = Buffer.from(await redact(fromBuffer(given), [{ boundingBox: LEFT }], { format }));
      const after = await sharp(bytes).metadata();
      expect(after).toMatchObject({ width: 300, height: 400, space: 'srgb' });
      for (const kind of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments'] as const)
        expect(after[kind]).toBeUndefined();
      expect(bytes.includes('SECRET')).toBe(false);
      if (format === 'jpeg') expect(segmentsOf(bytes)).toEqual([]);
      else
        expect(chunksOf(bytes).filter((name) => !['IHDR', 'IDAT', 'IEND'].includes(name))).toEqual(['pHYs']);
    }
  });

  it('has no text of a PNG', async () => {
    const png = withTextChunk(PHOTO, 'SECRET');
    expect(png.includes('SECRET')).toBe(true);
    for (const format of ['jpeg', 'png'] as const) {
      const bytes = Buffer.from(await redact(fromBuffer(png), [{ boundingBox: LEFT }], { format }));
      expect(bytes.includes('SECRET')).toBe(false);
    }
  });

  it('shows nothing that transparency hid', async () => {
    const hidden = await sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const bytes = await redact(fromBuffer(hidden), [], { format: 'png' });
    expect((await sharp(bytes).metadata()).channels).toBe(3);
    expect(await colourAt(bytes, 0.5, 0.5)).toBe('w');
  });
});

describe('redact', () => {
  const photo = fromBuffer(PHOTO);
  const wrong = (value: unknown) => value as never;

  it.each<[string, unknown, unknown]>([
    ['options.only', [], { keep: ['ada'], only: ['bob'] }],
    ['options.only', [], { keep: [], only: [] }],
    ['options.keep', [], { keep: 'ada' }],
    ['options.keep[1]', [], { keep: ['ada', 'Ada Lovelace'] }],
    ['options.only[0]', [], { only: [7] }],
    ['options.keeps', [], { keeps: ['ada'] }],
    ['options.cover', [], { cover: 'pixelate' }],
    ['options.wholeHead', [], { wholeHead: 1 }],
    ['options.format', [], { format: 'gif' }],
    ['options.limitInputPixels', [], { limitInputPixels: 0 }],
    ['result', undefined, {}],
    ['result', { faces: 3 }, {}],
  ])('refuses %s', async (argument, result, options) => {
    const refused = redact(photo, wrong(result), wrong(options));
    await expect(refused).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(refused).rejects.toMatchObject({ argument });
  });

  it.each([
    null,
    'a face',
    {},
    { status: 'unmatched' },
    { status: 'unmatched', face: {} },
    { boundingBox: { left: 0, top: 0, width: 0, height: 0 } },
    { boundingBox: { left: Number.NaN, top: 0, width: 1, height: 1 } },
    { boundingBox: { left: 0, top: 0, width: -1, height: 1 } },
  ])('refuses to leave uncovered a face of which it is not known where it is: %j', async (face) => {
    await expect(redact(photo, [{ boundingBox: LEFT }, wrong(face)])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'result.faces[1]',
    });
  });

  it('refuses what is no photo', async () => {
    await expect(redact(wrong('party.jpg'), [])).rejects.toMatchObject({ argument: 'photo' });
    await expect(redact(fromBuffer(Buffer.from('no image')), [])).rejects.toThrow(UnreadableImageError);
  });

  it('rejects with the reason of the signal', async () => {
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(redact(fromFile('any.jpg'), [], { signal })).rejects.toBe(reason);
  });
});

/**
 * A JPEG that lies on its side, of which the EXIF has a place and a thumbnail, and with XMP, a profile and a comment
 * that say SECRET.
 */
async function jpegWithSecrets(): Promise<Buffer> {
  const base = await sharp(PHOTO)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- SECRET --></x:xmpmeta>')
    .withIccProfile('p3')
    .jpeg()
    .toBuffer();
  const thumbnail = await sharp(PHOTO).resize(80).jpeg().toBuffer();
  const comment = Buffer.from('SECRET comment');
  return Buffer.concat([
    base.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exifWith(thumbnail)])),
    segment(
      0xed,
      Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b\x1c\x02\x78\0\x06SECRET\0', 'latin1'),
    ),
    segment(0xfe, comment),
    base.subarray(2),
  ]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A TIFF header with orientation 6, a GPS directory (48° north), and a second image, which is the thumbnail. */
function exifWith(thumbnail: Buffer): Buffer {
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  const directory = (next: number, ...entries: Buffer[]) => {
    const [count, end] = [Buffer.alloc(2), Buffer.alloc(4)];
    count.writeUInt16LE(entries.length);
    end.writeUInt32LE(next);
    return Buffer.concat([count, ...entries, end]);
  };
  const [SHORT, LONG, ASCII] = [3, 4, 2];
  const [gpsAt, nextAt] = [8 + 42, 8 + 42 + 18];
  const thumbnailAt = nextAt + 42;
  const text = Buffer.from('SECRET\0\0');
  return Buffer.concat([
    Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
    directory(
      nextAt,
      entry(0x010e, ASCII, 8, thumbnailAt + thumbnail.length),
      entry(0x0112, SHORT, 1, 6),
      entry(0x8825, LONG, 1, gpsAt),
    ),
    directory(0, entry(0x0001, ASCII, 2, 'N'.charCodeAt(0))),
    directory(
      0,
      entry(0x0103, SHORT, 1, 6),
      entry(0x0201, LONG, 1, thumbnailAt),
      entry(0x0202, LONG, 1, thumbnail.length),
    ),
    thumbnail,
    text,
  ]);
}

/** The names of the application and comment segments of a JPEG. */
function segmentsOf(jpeg: Buffer): string[] {
  const names: string[] = [];
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1]!;
    const isOfApplication = marker >= 0xe0 && marker <= 0xef;
    if (isOfApplication || marker === 0xfe) names.push(jpeg.toString('latin1', at + 4, at + 8));
  }
  return names;
}

function chunksOf(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    names.push(png.toString('latin1', at + 4, at + 8));
  return names;
}

/** The PNG with a tEXt chunk after its header, which ends at 33. */
function withTextChunk(png: Buffer, text: string): Buffer {
  const content = Buffer.from(`tEXtComment\0${text}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([png.subarray(0, 33), length, content, sum, png.subarray(33)]);
}

function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
