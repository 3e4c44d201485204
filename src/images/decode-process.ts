import sharp from 'sharp';
import { type ImageProblem, UnreadableImageError } from '../errors.js';
import { DEFAULTS } from '../limits.js';
import { type DecodedImage, type DecodeSettings, decodeHere, toPixels } from './decode-here.js';
import { checkSize } from './decoding-cost.js';
import { formatOf } from './formats.js';

/** What the process is to decode. */
export interface DecodingTask {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly settings: DecodeSettings;
}

/** What it answers: the image, or why there is none. */
export type DecodingAnswer = DecodedImage | { readonly problem: ImageProblem; readonly message: string };

/* The entry of a process that decodes one image. It is ended by the one that started it. */

process.once('message', async ({ name, bytes, settings }: DecodingTask) => {
  const isHeic = formatOf(bytes)?.name === 'HEIC images';
  const answer = await (isHeic ? decodeHeic : decodeHere)(name, bytes, settings).catch(toAnswer);
  process.send?.(answer);
});

/** HEIC holds HEVC, which sharp's build has no decoder for; a package that has one may be installed. */
async function decodeHeic(name: string, bytes: Uint8Array, settings: DecodeSettings): Promise<DecodedImage> {
  const { default: decoder } = await import('heic-decode').catch(() => {
    const message =
      'HEIC images need the package heic-decode, which is not installed. Run: npm install heic-decode. ' +
      'Or convert it to JPEG first.';
    throw new UnreadableImageError(name, 'UNSUPPORTED_FORMAT', message);
  });
  const [first] = await decoder.all({ buffer: bytes });
  const limit = settings.limitInputPixels ?? DEFAULTS.limitInputPixels;
  const { width, height } = first;
  checkSize(name, { width, height, channels: 3, depth: 'uchar', format: 'heif' }, limit);
  const { data } = await first.decode();
  return toPixels(
    name,
    sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false }),
    first,
    settings,
  );
}

function toAnswer(error: unknown): DecodingAnswer {
  if (!(error instanceof UnreadableImageError))
    return { problem: 'NOT_AN_IMAGE', message: 'it cannot be decoded: it is cut short or damaged.' };
  return { problem: error.problem, message: error.message.slice(`${error.image}: `.length) };
}
