import { crc32, deflateSync } from 'node:zlib';

/** Files that are small, and made to take long or much to decode. Sides are in pixels. */

/** A progressive JPEG, grey, whose scans hold nothing: decoders go over all pixels for each. */
export function jpegOfScans(side: number, scans: number): Buffer {
  const blocks = Math.ceil(side / 8) ** 2;
  // Of one symbol each, a bit long: no difference (DC), and nothing in the next 16,384 blocks or more (AC).
  const tables = Buffer.concat([huffmanTable(0x00, 0x00), huffmanTable(0x10, 0xe0)]);
  const frame = Buffer.from([8, side >> 8, side & 255, side >> 8, side & 255, 1, 1, 0x11, 0]);
  const first = [segment(0xda, [1, 1, 0, 0, 0, 0]), Buffer.alloc(Math.ceil(blocks / 8))];
  const next = [
    segment(0xda, [1, 1, 0, 1, 63, 0]),
    Buffer.alloc(Math.ceil((Math.ceil(blocks / 16_384) * 15) / 8)),
  ];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc2, frame),
    tables,
    ...first,
    ...Array.from({ length: scans - 1 }, () => next).flat(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A TIFF whose only strip is this JPEG. */
export function tiffOfJpeg(jpeg: Buffer, side: number): Buffer {
  const tags = [
    [256, side],
    [257, side],
    [258, 8],
    [259, 7],
    [262, 1],
    [273, 8 + 2 + 9 * 12 + 4],
    [277, 1],
    [278, side],
    [279, jpeg.length],
  ];
  const directory = Buffer.alloc(8 + 2 + tags.length * 12 + 4);
  directory.write('II*\0', 'latin1');
  directory.writeUInt32LE(8, 4);
  directory.writeUInt16LE(tags.length, 8);
  for (const [i, [tag, value]] of tags.entries()) {
    const at = 10 + i * 12;
    directory.writeUInt16LE(tag!, at);
    directory.writeUInt16LE(4, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value!, at + 8);
  }
  return Buffer.concat([directory, jpeg]);
}

/** A black PNG of 16 bits with transparency, interlaced, which has to be decoded as a whole. */
export function interlacedPng(side: number): Buffer {
  const passes = [
    [8, 8],
    [8, 8],
    [4, 8],
    [4, 4],
    [2, 4],
    [2, 2],
    [1, 2],
  ] as const;
  const bytes = passes.reduce(
    (sum, [across, down]) => sum + Math.ceil(side / down) * (1 + 8 * Math.ceil(side / across)),
    0,
  );
  return png({ side, depth: 16, colour: 6, interlaced: true }, deflateSync(Buffer.alloc(bytes)));
}

/** A PNG with texts that are short and become megabytes. */
export function pngOfTexts(texts: number, megabytes: number): Buffer {
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(megabytes * 1e6, 'a'))]);
  return png({ side: 100, depth: 8, colour: 0 }, pixels(100), Array(texts).fill(chunk('zTXt', text)));
}

/** A PNG whose pixels go on long after the last row. */
export function pngWithMorePixels(megabytes: number): Buffer {
  return png({ side: 100, depth: 8, colour: 0 }, deflateSync(Buffer.alloc(megabytes * 1e6)));
}

/** A GIF of tiny frames, of which the first is decoded. */
export function gifOfFrames(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x64\0\x64\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0', 'latin1');
  return Buffer.concat([head, ...Array<Buffer>(frames).fill(frame), Buffer.from(';')]);
}

/** A drawing of one blurred square. */
export function blurredSvg(side: number, blur: number): Buffer {
  const filter = `<filter id="f"><feGaussianBlur stdDeviation="${blur}"/></filter>`;
  const square = `<rect width="${side}" height="${side}" filter="url(#f)"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${filter}${square}</svg>`,
  );
}

function segment(marker: number, content: Iterable<number>): Buffer {
  const bytes = Buffer.from([...content]);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

function huffmanTable(place: number, symbol: number): Buffer {
  return segment(0xc4, [place, 1, ...Array(15).fill(0), symbol]);
}

function pixels(side: number): Buffer {
  return deflateSync(Buffer.alloc(side * (side + 1)));
}

interface PngHeader {
  readonly side: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced?: boolean;
}

function png(
  { side, depth, colour, interlaced = false }: PngHeader,
  data: Buffer,
  texts: readonly Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...texts,
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), content, Buffer.alloc(4)]);
  bytes.writeUInt32BE(content.length, 0);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}
