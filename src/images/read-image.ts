import { types } from 'node:util';
import { InvalidArgumentError, UnreadableImageError } from '../errors.js';
import { underSignal } from '../signals.js';
import { isBase64Image } from './base64-image.js';
import { checkSourceLength } from './check-source-length.js';
import { checkImage, type ImageSource } from './image-source.js';

/**
 * The bytes of an image source. A source can be the caller's own code, so what it gives is checked before it
 * reaches the decoder.
 *
 * @throws InvalidArgumentError when it is no image source, or one that gives something else than bytes
 * @throws UnreadableImageError when they are more than 512 MB, or an image in base64
 */
export async function readImage(source: ImageSource, signal?: AbortSignal): Promise<Uint8Array> {
  checkImage(source);
  // Not waited for once it was given up: a source of the caller's own may not heed the signal.
  const bytes = await underSignal(signal, async (own) => source.read({ signal: own }));
  signal?.throwIfAborted();
  if (!types.isUint8Array(bytes)) {
    // A string may be the image after all, in base64, which does not belong in messages.
    const given = typeof bytes === 'string' ? 'a string' : bytes;
    throw new InvalidArgumentError('image.read()', given, `a Uint8Array for ${source.name.slice(0, 300)}`);
  }
  checkSourceLength(source.name, bytes.length);
  if (isText(bytes)) {
    const message = 'it is text, an image in base64. Decode it first: Buffer.from(text, "base64").';
    throw new UnreadableImageError(source.name, 'NOT_AN_IMAGE', message);
  }
  return bytes;
}

/** Buffer.from(text), and a file that a data URL was written to, hold the text and not the image. */
function isText(bytes: Uint8Array): boolean {
  const beginning = String.fromCharCode(...bytes.subarray(0, 256));
  return isBase64Image(beginning) || /^data:image\/[\w.+-]+;base64,/i.test(beginning);
}
