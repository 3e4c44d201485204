// biome-ignore-all lint/suspicious/noControlCharactersInRegex: files of pictures begin with such bytes.
import { rawPhotoKind } from './tiff-tags.js';

/** How an image in a format is decoded. */
export type Decoding =
  /** By sharp in this process: the file shows what that costs. */
  | 'here'
  /**
   * In a process of its own, which can be ended: these formats hold images inside images, so that a small file can
   * take minutes, and nothing stops a decoder from outside.
   */
  | 'apart';

/** A format that a file is in. */
export interface Format {
  /** As a sentence begins with it. */
  readonly name: string;
  /** Left out: it is not decoded. */
  readonly decoding?: Decoding;
  /** Rekognition takes it as it is. */
  readonly isOfService?: true;
}

/** Formats by how a file begins, in the order in which they are tried. */
const SIGNATURES: readonly (Format & { signature: RegExp })[] = [
  { name: 'JPEG images', signature: /^\xff\xd8\xff/, decoding: 'here', isOfService: true },
  { name: 'PNG images', signature: /^\x89PNG\r\n\x1a\n/, decoding: 'here', isOfService: true },
  { name: 'WebP images', signature: /^RIFF.{4}WEBP/s, decoding: 'here' },
  { name: 'GIF images', signature: /^GIF8[79]a/, decoding: 'here' },
  { name: 'Raw photos (CR2)', signature: /^II\*\0.{4}CR/s },
  { name: 'TIFF images', signature: /^(II[*+]\0|MM\0[*+])/, decoding: 'apart' },
  // Brands come in fours, the main one first; files of one brand say that they are like others.
  { name: 'AVIF images', signature: /^.{4}ftyp(.{4})*?avi[fs]/s, decoding: 'apart' },
  { name: 'HEIC images', signature: /^.{4}ftyp(he[iv][cxms]|mif1|msf1)/s, decoding: 'apart' },
  { name: 'Raw photos (CR3)', signature: /^.{4}ftypcrx/s },
  { name: 'Videos (MP4, MOV)', signature: /^.{4}(ftyp|moov|mdat|wide)/s },
  { name: 'Videos (AVI)', signature: /^RIFF.{4}AVI /s },
  { name: 'Videos (WebM, MKV)', signature: /^\x1aE\xdf\xa3/ },
  { name: 'JPEG XL images', signature: /^(\xff\n|.{4}JXL )/s },
  { name: 'JPEG 2000 images', signature: /^(\xff\x4f\xff\x51|.{4}jP {2})/s },
  { name: 'JPEG XR images', signature: /^II\xbc/ },
  { name: 'Raw photos (RAF)', signature: /^FUJIFILMCCD-RAW/ },
  { name: 'Raw photos (ORF)', signature: /^(IIR[OS]|MMOR)/ },
  { name: 'Raw photos (RW2)', signature: /^IIU\0/ },
  { name: 'Raw photos (X3F)', signature: /^FOVb/ },
  { name: 'PSD images', signature: /^8BPS/ },
  { name: 'GIMP images (XCF)', signature: /^gimp xcf/ },
  { name: 'ICO images', signature: /^\0\0[\x01\x02]\0/ },
  { name: 'ICNS images', signature: /^icns/ },
  { name: 'BMP images', signature: /^BM/ },
  { name: 'PPM images', signature: /^P[1-7fF]\s/ },
  { name: 'EXR images', signature: /^v\/1\x01/ },
  { name: 'Radiance HDR images', signature: /^#\?R/ },
  { name: 'FITS images', signature: /^SIMPLE {2}=/ },
  { name: 'DDS images', signature: /^DDS / },
  { name: 'QOI images', signature: /^qoif/ },
  { name: 'PDF documents', signature: /^%PDF-/ },
  { name: 'PostScript documents', signature: /^%!PS/ },
  {
    name: 'SVG drawings',
    signature: /^(\xef\xbb\xbf)?\s*<(svg[\s>]|(\?xml|!--|!DOCTYPE svg)[\s\S]*<svg[\s>])/i,
  },
];

/** Bytes of a file that its format is recognised by. */
const HEAD = 1024;

/** The format that a file says it is in, or undefined where none is known. */
export function formatOf(file: Uint8Array): Format | undefined {
  const head = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, HEAD)).toString('latin1');
  const format = SIGNATURES.find(({ signature }) => signature.test(head));
  const raw = format?.name === 'TIFF images' ? rawPhotoKind(file) : undefined;
  return raw ? { name: `Raw photos (${raw})` } : format;
}
