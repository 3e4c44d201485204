import { type RgbImage, toSharp } from '../images/decode.js';

/** In what a picture is encoded. */
export type PictureFormat = 'jpeg' | 'png';

const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const;

/** Encodes the pixels and nothing else: no metadata, and no profile, which sRGB does not need. */
export async function encode(
  picture: RgbImage,
  format: PictureFormat = 'jpeg',
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const encoder = await toSharp(picture);
  const encoded = await (format === 'png' ? encoder.png() : encoder.jpeg(JPEG)).toBuffer();
  signal?.throwIfAborted();
  return encoded;
}
