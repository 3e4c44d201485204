import { checkIterable } from '../arguments.js';
import type { ImageSource } from '../images/image-source.js';
import type { CallsPerSecond } from '../service/paced-client.js';
import type { CallOptions, FaceMatch, UserMatch } from '../types.js';
import type { FaceSearch } from './face-search.js';

/** What all methods take that work through many photos. */
export interface ManyPhotosOptions extends CallOptions {
  /**
   * Most photos in work at a time, and most calls for single faces of all of them.
   *
   * @default 16
   */
  concurrency?: number | undefined;
  /**
   * Your quotas, in calls a second by operation, where they are not the default ones. What you do not name keeps its
   * default. 95 % of them are used, and less while the service throttles. `none` holds nothing back.
   *
   * @default what Amazon Rekognition allows in the client's Region; nothing is held back with the local
   * engine, an endpoint of your own, or a mock
   */
  pace?: CallsPerSecond | 'none' | undefined;
}

/** Photos to search, one after the other. They are asked for as they are needed, so there may be any number. */
export type Photos = AsyncIterable<ImageSource> | Iterable<ImageSource>;

/** What came of one photo of many. */
export type SearchedPhoto<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> =
  | { status: 'searched'; photo: ImageSource; faces: readonly FaceSearch<Match>[] }
  /** It could not be read, or not be searched at all. Others are not touched by it. */
  | { status: 'failed'; photo: ImageSource; error: Error };

/** How far it is. There is no total, for the photos are still being listed. */
export interface PhotosProgress {
  /** Photos that are done, also those that failed. */
  photos: number;
  failed: number;
  /** Faces that were seen in them. */
  faces: number;
  latest: SearchedPhoto;
}

export function checkPhotos(value: unknown): asserts value is AsyncIterable<unknown> | Iterable<unknown> {
  checkIterable(
    'photos',
    value,
    "photos, such as photosInFolder('party'), photosInBucket({ bucket }) or an array of image sources",
  );
}
