import { basename } from 'node:path';
import { asError, isRekollectError } from '../errors.js';
import type { ImageSource } from '../index.js';
import { problemWith } from './failure.js';
import { warn } from './output.js';
import { photosOf } from './photos.js';
import type { PlaceOptions } from './place.js';
import { draw, wipe } from './progress.js';

/** What the service says of one photo, in words that say nothing of the next. */
const ABOUT_ONE_PHOTO: readonly string[] = [
  'ImageTooLargeException',
  'InvalidImageFormatException',
  'InvalidS3ObjectException',
];

/**
 * Does something with each photo that arguments name. One that cannot be used is told of on stderr, and spoils no
 * other.
 *
 * @param work answers whether to go on
 * @returns whether a photo could not be used
 */
export async function eachPhoto(
  given: readonly string[],
  options: PlaceOptions & { json?: true | undefined },
  signal: AbortSignal,
  work: (photo: ImageSource) => Promise<boolean>,
): Promise<{ hasFailed: boolean }> {
  const photos: ImageSource[] = [];
  for await (const photo of photosOf(given, options)) {
    signal.throwIfAborted();
    photos.push(photo);
  }
  let hasFailed = false;
  for (const [done, photo] of photos.entries()) {
    if (photos.length > 1) draw({ done, total: photos.length, latest: basename(photo.name) });
    try {
      if (!(await work(photo))) break;
    } catch (thrown) {
      signal.throwIfAborted();
      const error = asError(thrown);
      if (!isRekollectError(error, 'UNREADABLE_IMAGE') && !ABOUT_ONE_PHOTO.includes(error.name)) throw thrown;
      warn(options, problemWith(photo, error));
      hasFailed = true;
    }
  }
  wipe();
  return { hasFailed };
}
