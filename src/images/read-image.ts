import { types } from 'node:util';
import { checkImage } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { ImageSource } from './image-source.js';

/**
 * The bytes of an image source. A source can be the caller's own code, so what it gives is looked at before it
 * reaches the decoder.
 *
 * @throws InvalidArgumentError when it is no image source, or one that gives something else than bytes
 */
export async function readImage(source: ImageSource, signal?: AbortSignal): Promise<Uint8Array> {
  checkImage(source);
  signal?.throwIfAborted();
  const bytes = await orAborted(async () => source.read({ signal }), signal);
  signal?.throwIfAborted();
  if (!types.isUint8Array(bytes)) {
    // A string may be the image after all, in base64, which does not belong in messages.
    const given = typeof bytes === 'string' ? 'a string' : bytes;
    throw new InvalidArgumentError('image.read()', given, `a Uint8Array for ${source.name}`);
  }
  return bytes;
}

/** Does not wait for work that goes on after it was given up: a source of the caller's own may not heed the signal. */
export function orAborted<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return work();
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
