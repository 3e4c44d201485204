import { checkIterable } from '../arguments.js';
import { streamBounded } from '../bounded.js';
import { contentIdsOf, contentIdsOfBytes } from '../enrollment/content-id.js';
import { checkEntry, type LeftOutFile } from '../enrollment/people.js';
import { asError, isRekollectError } from '../errors.js';
import { checkImage, type ImageSource } from '../images/image-source.js';
import { readImage } from '../images/read-image.js';
import { keptName } from '../service/external-image-id.js';
import type { PhotosAtHand } from './move.js';
import type { MoveListing, NoCopy, StoredFace, StoredPhoto } from './move-listing.js';

/** A photo, and in whose folder it lies. */
interface GivenPhoto {
  readonly image: ImageSource;
  readonly userId: string | undefined;
}

/** What was found out about the photos that were given. */
export class FoundPhotos {
  readonly leftOut: LeftOutFile[] = [];
  photos = 0;
  /** Photos that the collection has no face of. */
  otherPhotos = 0;
  /** What became of those that the collection has no face of, by the folder and name that a face may have. */
  readonly #others = new Map<string, Error | undefined>();

  /** Why the photo of a face is not at hand. */
  whyMissing({ userId, photoName, photo }: StoredFace): NoCopy {
    if (photo && hasSeveralContents(photo)) return { reason: 'PHOTO_CHANGED' };
    const place = placeOf(userId, photoName);
    if (photoName === undefined || !this.#others.has(place)) return { reason: 'PHOTO_MISSING' };
    const error = this.#others.get(place);
    return error ? { reason: 'UNREADABLE_IMAGE', error } : { reason: 'PHOTO_CHANGED' };
  }

  addOther({ userId, image }: GivenPhoto, error?: Error): void {
    this.otherPhotos += 1;
    const { name, photoName = name } = image;
    this.#others.set(placeOf(userId, keptName(photoName)), error);
  }
}

/**
 * Looks through the photos for those that faces of the collection came from, and notes them where they belong. A photo
 * is known by its content, wherever it lies and whatever it is called. What is in S3 is read only where its ETag and
 * its place do not tell enough; all others are read one after the other, and not kept.
 *
 * @throws what iterating over the photos throws; MissingPackageError
 */
export async function findPhotos(
  listing: MoveListing,
  given: PhotosAtHand,
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<FoundPhotos> {
  const found = new FoundPhotos();
  const byContent = new Map<string, StoredPhoto[]>();
  for (const photo of listing.photos.values()) {
    if (hasSeveralContents(photo)) continue;
    byContent.set(photo.content, [...(byContent.get(photo.content) ?? []), photo]);
  }
  const kinds = new Set(Array.from(byContent.keys(), (content) => content.slice(0, content.indexOf(':'))));

  const look = async (photo: GivenPhoto, end: AbortSignal): Promise<void> => {
    const { image } = photo;
    try {
      const contents = contentIdsOf(image);
      if (kinds.has('sha256') || (kinds.has('etag') && image.etag === undefined))
        contents.push(...contentIdsOfBytes(await readImage(image, end)));
      const stored = contents.flatMap((content) => byContent.get(content) ?? []);
      for (const one of stored) one.image ??= image;
      if (stored.length === 0) found.addOther(photo);
    } catch (error) {
      end.throwIfAborted();
      if (isRekollectError(error, 'MISSING_PACKAGE')) throw error;
      found.addOther(photo, asError(error));
    }
  };
  const looked = streamBounded(photosOf(given, found), { concurrency, signal }, look);
  for await (const _ of looked) found.photos += 1;
  signal?.throwIfAborted();
  return found;
}

/** An object that is known by its place alone, and that had several contents: nothing says which it has now. */
function hasSeveralContents({ content, faces }: StoredPhoto): boolean {
  return content.startsWith('s3:') && new Set(faces.map(({ imageId }) => imageId)).size > 1;
}

async function* photosOf(given: PhotosAtHand, found: FoundPhotos): AsyncGenerator<GivenPhoto, void, void> {
  for await (const entry of given) {
    if (isImage(entry)) {
      checkImage(entry, 'photos');
      yield { image: entry, userId: undefined };
      continue;
    }
    checkEntry(entry, 'photos');
    if ('leftOut' in entry) {
      found.leftOut.push(entry);
      continue;
    }
    for await (const image of entry.images) {
      checkImage(image, `the images of ${entry.userId}`);
      yield { image, userId: entry.userId };
    }
  }
}

function isImage(entry: unknown): entry is ImageSource {
  return typeof (entry as Partial<ImageSource> | null | undefined)?.read === 'function';
}

function placeOf(userId: string | undefined, photoName: string | undefined): string {
  return `${userId ?? ''}/${photoName ?? ''}`;
}

export function checkPhotosAtHand(value: unknown): asserts value is PhotosAtHand {
  checkIterable(
    'photos',
    value,
    "photos of the collection's faces, such as fromFolder('people'), fromBucket({ bucket }) or an array of image sources",
  );
}
