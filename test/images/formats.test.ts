import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readPixels } from '../../src/images/decode.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { prepareImage } from '../../src/images/prepare.js';
import { quarterColours, quarters } from './test-pictures.js';

const HEIC = await readFile('test/images/quarters.heic');

const read = (bytes: Uint8Array) => readPixels(fromBuffer(bytes, { name: 'photo' }));
const prepare = (bytes: Uint8Array) => prepareImage(fromBuffer(bytes, { name: 'photo' }));
const latin1 = (text: string) => Buffer.from(text.padEnd(200, '\0'), 'latin1');

/** A TIFF with one page of a few tags, each of one number. */
function aTiff(tags: readonly (readonly [tag: number, value: number])[], order: 'II' | 'MM' = 'II'): Buffer {
  const [write16, write32] =
    order === 'II'
      ? (['writeUInt16LE', 'writeUInt32LE'] as const)
      : (['writeUInt16BE', 'writeUInt32BE'] as const);
  const tiff = Buffer.alloc(200);
  tiff.write(order, 'latin1');
  tiff[write16](42, 2);
  tiff[write32](8, 4);
  tiff[write16](tags.length, 8);
  for (const [i, [tag, value]] of tags.entries()) {
    tiff[write16](tag, 10 + i * 12);
    tiff[write16](4, 12 + i * 12);
    tiff[write32](1, 14 + i * 12);
    tiff[write32](value, 18 + i * 12);
  }
  return tiff;
}

describe('a format that is not decoded', () => {
  it.each([
    [
      'Raw photos (DNG)',
      aTiff([
        [254, 1],
        [50_706, 0x0104],
      ]),
    ],
    [
      'Raw photos (NEF, ARW or alike)',
      aTiff(
        [
          [254, 1],
          [256, 160],
        ],
        'MM',
      ),
    ],
    ['Raw photos (CR2)', latin1('II*\0\x10\0\0\0CR\x02\0')],
    ['Raw photos (CR3)', latin1('\0\0\0\x18ftypcrx \0\0\0\x01')],
    ['Raw photos (RAF)', latin1('FUJIFILMCCD-RAW 0201')],
    ['Raw photos (ORF)', latin1('IIRO\x08\0\0\0')],
    ['PSD images', latin1('8BPS\0\x01')],
    ['ICO images', latin1('\0\0\x01\0\x01\0')],
    ['PPM images', latin1('P6\n4 4\n255\n')],
    ['EXR images', latin1('v/1\x01\x02\0\0\0')],
    ['JPEG XL images', latin1('\xff\n\xfa\x1f')],
    ['JPEG XL images', latin1('\0\0\0\x0cJXL \r\n\x87\n')],
    ['JPEG 2000 images', latin1('\0\0\0\x0cjP  \r\n\x87\n')],
    ['BMP images', latin1('BM')],
    ['PDF documents', latin1('%PDF-1.7\n')],
    ['Videos (MP4, MOV)', latin1('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41')],
    ['Videos (MP4, MOV)', latin1('\0\0\0\x14ftypqt  ')],
    ['SVG drawings', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['SVG drawings', Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="9" height="9"/>')],
  ])('is named: %s', async (names, bytes) => {
    const refused = {
      code: 'UNREADABLE_IMAGE',
      problem: 'UNSUPPORTED_FORMAT',
      message: `photo: ${names} are not decoded here. Convert it to JPEG first.`,
    };
    await expect(read(bytes)).rejects.toMatchObject(refused);
    await expect(prepare(bytes)).rejects.toMatchObject(refused);
  });

  it.each([
    ['a web page', Buffer.from('<!DOCTYPE html><html><svg></svg></html>')],
    ['a drawing that is packed', Buffer.from('H4sIAAAAAAAAA7Mpyy9KUVAoLk0qSy0CAMQ', 'base64')],
    ['words', Buffer.from('Not found')],
  ])('is none of %s', async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ problem: 'NOT_AN_IMAGE' });
  });
});

describe('a format that is decoded', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('is %s', async (format) => {
    const bytes = await sharp(await quarters(160, 120))
      .toFormat(format)
      .toBuffer();
    const { width, height } = await read(bytes);
    expect([width, height]).toEqual([160, 120]);
    const prepared = await prepare(bytes);
    expect(await quarterColours(prepared.bytes)).toBe('rgbw');
  });

  it('is a TIFF of several pages, of which the first is taken', async () => {
    const pages = [await quarters(100, 80), await quarters(100, 80)];
    const tiff = await sharp(pages, { join: { animated: true } })
      .tiff()
      .toBuffer();
    expect(await read(tiff)).toMatchObject({ width: 100, height: 80 });
  });

  it('is HEIC, where a package for it is installed', async () => {
    const { bytes, width, height } = await prepare(HEIC);
    expect([width, height]).toEqual([160, 120]);
    expect(await quarterColours(bytes)).toBe('rgbw');
  });

  it('has to be whole', async () => {
    for (const bytes of [
      HEIC,
      await sharp(await quarters())
        .avif()
        .toBuffer(),
    ])
      await expect(read(bytes.subarray(0, bytes.length - 100))).rejects.toMatchObject({
        problem: 'NOT_AN_IMAGE',
      });
  });
});
