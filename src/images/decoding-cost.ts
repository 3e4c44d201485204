import type { Metadata } from 'sharp';
import { UnreadableImageError } from '../errors.js';

/**
 * Scans of a JPEG: each goes over all of its pixels, even where it holds nothing. Encoders make three, or ten or so for
 * a progressive one; a hundred of the largest image that is decoded take some seconds.
 */
const MOST_SCANS = 100;
/** Bytes before the first chunk. */
const PNG_HEAD = 8;
/** A pixel with transparency. */
const BYTES_PER_PIXEL = 4;

/** Bytes of one sample, by libvips' names. */
const SAMPLE_BYTES: Readonly<Record<string, number>> = {
  uchar: 1,
  char: 1,
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/** The members of a header that are used. */
type Size = Pick<Metadata, 'width' | 'height' | 'channels' | 'depth'> & Partial<Metadata>;

/**
 * Makes a file safe to decode: refuses a JPEG of too many scans, and takes the texts out of a PNG.
 *
 * @throws UnreadableImageError
 */
export function defuse(name: string, bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file[0] === 0x89) return withoutTexts(file);
  const scans = file[0] === 0xff ? countScans(file) : 0;
  if (scans <= MOST_SCANS) return bytes;
  throw new UnreadableImageError(name, 'TOO_COSTLY', `it has ${scans} scans, as no photo has. Save it anew.`);
}

/**
 * Refuses an image by what its header says of its size: in pixels, and in the bytes that they take while it is decoded.
 *
 * @throws UnreadableImageError
 */
export function checkSize(name: string, header: Size, limitInputPixels: number): void {
  const { width, height } = header;
  const limit = `limitInputPixels (${limitInputPixels}`;
  const refuse = (what: string) => {
    throw new UnreadableImageError(
      name,
      'TOO_MANY_PIXELS',
      `it has ${what}). Shrink it, or raise the limit.`,
    );
  };
  if (width * height > limitInputPixels) refuse(`${width} × ${height} pixels, more than ${limit}`);
  const bytes = width * height * bytesPerPixel(header);
  if (bytes > limitInputPixels * BYTES_PER_PIXEL)
    refuse(`${bytes} bytes when decoded, more than ${limit} of ${BYTES_PER_PIXEL} bytes each`);
}

function bytesPerPixel({ channels, depth, isProgressive, format, chromaSubsampling = '' }: Size): number {
  // Planes of colours, and pixels made of them: 67 megapixels of AVIF take 13 seconds and 1.4 GB.
  if (format === 'heif') return 2 * (channels + 1);
  if (format !== 'jpeg' || !isProgressive) return channels * (SAMPLE_BYTES[depth] ?? 1);
  // All coefficients are kept, in two bytes each, until the last scan; of half the colours, or all.
  return 2 * (chromaSubsampling.startsWith('4:2:0') ? channels / 2 : channels);
}

/** Goes from marker to marker until the end of the image, as libjpeg does. */
function countScans(jpeg: Buffer): number {
  let scans = 0;
  let at = 2;
  while (true) {
    at = jpeg.indexOf(0xff, at);
    if (at < 0 || at + 4 > jpeg.length) return scans;
    const marker = jpeg[at + 1]!;
    if (marker === 0xd9) return scans;
    if (marker === 0xda) scans += 1;
    // Fill bytes, bytes of 0xff in the pixels, and the marks between pieces of a scan have no length.
    if (marker === 0xff) at += 1;
    else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + jpeg.readUInt16BE(at + 2);
  }
}

/** Texts may be compressed, and nobody reads them here: twenty of 8 kB become 160 MB, and take 1.2 GB meanwhile. */
function withoutTexts(png: Buffer): Buffer {
  const kept: Buffer[] = [];
  let start = 0;
  for (let at = PNG_HEAD; at + 8 <= png.length; ) {
    const next = at + 12 + png.readUInt32BE(at);
    if (/^[zi]TXt$/.test(png.toString('latin1', at + 4, at + 8))) {
      kept.push(png.subarray(start, at));
      start = next;
    }
    at = next;
  }
  return start === 0 ? png : Buffer.concat([...kept, png.subarray(start)]);
}
