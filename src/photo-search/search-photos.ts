import { streamBounded } from '../bounded.js';
import { asError } from '../errors.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { type CollectionScope, isServiceError } from '../service/client.js';
import { concernsAll } from '../service/concerns-all.js';
import { type CallsPerSecond, pacedScope } from '../service/paced-client.js';
import { type PhotoSearchRequest, searchPhoto } from './search-photo.js';
import type { Photos, PhotosProgress, SearchedPhoto } from './searched-photo.js';

export interface PhotosSearchRequest extends PhotoSearchRequest {
  /** Photos in work at a time. */
  concurrency: number;
  pace: CallsPerSecond | 'none' | undefined;
  onPhoto: ((progress: PhotosProgress) => void) | undefined;
}

/**
 * Searches photos, several at a time, and tells what came of each in the order in which they come.
 *
 * @throws an error that every photo would meet; what `photos` throws
 */
export async function* searchPhotos(
  scope: CollectionScope,
  photos: Photos,
  request: PhotosSearchRequest,
  signal?: AbortSignal,
): AsyncGenerator<SearchedPhoto, void, void> {
  const { concurrency, pace, onPhoto } = request;
  const paced = await pacedScope(scope, pace);
  const progress = { photos: 0, failed: 0, faces: 0 };
  const searched = streamBounded(photos, { concurrency, signal }, (photo, end) =>
    settlePhoto(paced, photo, request, end),
  );
  for await (const latest of searched) {
    signal?.throwIfAborted();
    progress.photos += 1;
    if (latest.status === 'failed') progress.failed += 1;
    else progress.faces += latest.faces.length;
    onPhoto?.({ ...progress, latest });
    yield latest;
  }
  signal?.throwIfAborted();
}

/** Searches one photo of many: unless every photo would meet the error, it fails alone. */
export async function settlePhoto(
  scope: CollectionScope,
  photo: ImageSource,
  request: PhotoSearchRequest,
  signal: AbortSignal,
): Promise<SearchedPhoto> {
  checkImage(photo, 'each of photos');
  try {
    const { faces } = await searchPhoto(scope, photo, request, signal);
    for (const face of faces) if (face.status === 'failed') throwIfForEveryPhoto(face.error);
    return { status: 'searched', photo, faces };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = asError(thrown);
    throwIfForEveryPhoto(error);
    return { status: 'failed', photo, error };
  }
}

/** Throws errors that every photo would meet: also where the collection is gone. */
export function throwIfForEveryPhoto(error: Error): void {
  if (concernsAll(error) || isServiceError(error, 'ResourceNotFoundException')) throw error;
}
