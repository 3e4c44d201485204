import type { Metadata } from 'sharp';
import { UnreadableImageError } from '../errors.js';

/**
 * Scans of a JPEG: each goes over all of its pixels, even where it holds nothing. Encoders make three, or ten or so for
 * a progressive one; a hundred of the largest image that is decoded take some seconds.
 */
const MOST_SCANS = 100;
/** Compressed texts and profiles of a PNG: each may become 8 MB (libpng's limit). libvips takes as many texts. */
const MOST_COMPRESSED_CHUNKS = 20;
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

/** What is looked at of a header. */
type Size = Pick<Metadata, 'width' | 'height' | 'channels' | 'depth'> & Partial<Metadata>;

/**
 * Refuses files that are made to take long, by what can be counted before anything is decoded.
 *
 * @throws UnreadableImageError
 */
export function checkStructure(name: string, bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const isJpeg = file[0] === 0xff;
  const count = isJpeg ? countScans(file) : file[0] === 0x89 ? countCompressedChunks(file) : 0;
  if (count <= (isJpeg ? MOST_SCANS : MOST_COMPRESSED_CHUNKS)) return;
  const parts = isJpeg ? 'scans' : 'compressed texts';
  throw new UnreadableImageError(
    name,
    'TOO_COSTLY',
    `it has ${count} ${parts}, as no photo has. Save it anew.`,
  );
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
  if (format !== 'jpeg' || !isProgressive) return channels * (SAMPLE_BYTES[depth] ?? 1);
  // All coefficients are kept, in two bytes each, until the last scan; of half the colours, or all.
  return 2 * (chromaSubsampling.startsWith('4:2:0') ? channels / 2 : channels);
}

/** As libjpeg comes by them: from marker to marker, until the end of the image. */
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

function countCompressedChunks(png: Buffer): number {
  let count = 0;
  for (let at = 8; at + 8 <= png.length; at += 12 + png.readUInt32BE(at))
    if (/zTXt|iTXt|iCCP/.test(png.toString('latin1', at + 4, at + 8))) count += 1;
  return count;
}
