/** Of the first page: whether it is a smaller version of another (TIFF 6.0, "NewSubfileType"). */
const NEW_SUBFILE_TYPE = 254;
/** In every DNG file (Digital Negative Specification, "DNGVersion"). */
const DNG_VERSION = 50_706;
const ENTRY_BYTES = 12;

/**
 * What a TIFF file is whose first page is not the photo: raw photos are such files, with a small preview first.
 * Undefined for others, and for BigTIFF, which no camera writes.
 */
export function rawPhotoKind(file: Uint8Array): string | undefined {
  const tiff = Buffer.from(file.buffer, file.byteOffset, file.length);
  const isLittle = tiff[0] === 0x49;
  const read16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const read32 = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  if (tiff.length < 8 || read16(2) !== 42) return undefined;

  const first = read32(4);
  if (first + 2 > tiff.length) return undefined;
  const end = Math.min(first + 2 + read16(first) * ENTRY_BYTES, tiff.length - ENTRY_BYTES + 1);
  let isPreview = false;
  for (let at = first + 2; at < end; at += ENTRY_BYTES) {
    const tag = read16(at);
    if (tag === DNG_VERSION) return 'DNG';
    if (tag === NEW_SUBFILE_TYPE) isPreview = (read32(at + 8) & 1) === 1;
  }
  return isPreview ? 'NEF, ARW or alike' : undefined;
}
