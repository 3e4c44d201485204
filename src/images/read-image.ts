import { types } from 'node:util';
import { checkImage } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { underSignal } from '../signals.js';
import type { ImageSource } from './image-source.js';

/**
 * The bytes of an image source. A source can be the caller's own code, so what it gives is looked at before it
 * reaches the decoder.
 *
 * @throws InvalidArgumentError when it is no image source, or one that gives something else than bytes
 */
export async function readImage(source: ImageSource, signal?: AbortSignal): Promise<Uint8Array> {
  checkImage(source);
  // Not waited for once it was given up: a source of the caller's own may not heed the signal.
  const bytes = await underSignal(signal, async (own) => source.read({ signal: own }));
  signal?.throwIfAborted();
  if (!types.isUint8Array(bytes)) {
    // A string may be the image after all, in base64, which does not belong in messages.
    const given = typeof bytes === 'string' ? 'a string' : bytes;
    throw new InvalidArgumentError('image.read()', given, `a Uint8Array for ${source.name}`);
  }
  return bytes;
}
