import { checkFunction, checkOptions, checkS3Client, checkString, type OptionChecks } from '../arguments.js';
import { fromS3, type S3ClientLike } from '../images/from-s3.js';
import type { ImageSource } from '../images/image-source.js';
import { type ListedObject, listObjects } from '../images/s3-listing.js';
import { LIMITS } from '../limits.js';
import type { LeftOutFile, Person } from './people.js';
import { type ListedFile, peopleOfFiles, whyNoPhoto } from './people-of-files.js';

/** Which objects of S3 are people's photos. */
export interface BucketOptions {
  bucket: string;
  /**
   * The folder of the bucket that holds the people's folders, with or without a slash at its end.
   *
   * @default the whole bucket
   */
  prefix?: string | undefined;
  /**
   * What lists, and what downloads where that is needed. It needs `s3:ListBucket` and `s3:GetObject`.
   *
   * @default one made with the environment's settings, shared by all sources
   */
  client?: S3ClientLike | undefined;
}

/**
 * People from a bucket: with a prefix of `people/`, the photos of ada are all objects whose keys begin with
 * `people/ada/`. The list is read page by page while people are enrolled.
 *
 * Rekognition reads the photos in place; those that it does not take, of other formats or more than 15 MB, are
 * downloaded and sent. User ids and names of photos are made as `fromFolder` makes them.
 *
 * @throws InvalidArgumentError for a name that S3 does not know; iterating throws S3's own errors, and
 * `MissingPackageError` when `@aws-sdk/client-s3` is not installed
 *
 * @example
 * ```ts
 * const report = await team.enrollMany(fromBucket({ bucket: 'acme-people', prefix: 'people' }));
 * ```
 */
export function fromBucket(options: BucketOptions): AsyncIterable<Person | LeftOutFile> {
  const { bucket, folder, client } = checkBucket(checkOptions(options, BUCKET));
  return { [Symbol.asyncIterator]: () => peopleOfFiles(filesIn(bucket, folder, client)) };
}

/**
 * All photos of a bucket, or of a folder of it, at any depth, in the order of their keys. The list is read page by page
 * as photos are asked for. What is no photo, or lies in an archive, is left out.
 *
 * @param options.onLeftOut called for each object that is left out, with the reason
 * @throws InvalidArgumentError for a name that S3 does not know; iterating throws S3's own errors, and
 * `MissingPackageError` when `@aws-sdk/client-s3` is not installed
 */
export function photosInBucket(
  options: BucketOptions & { onLeftOut?: ((file: LeftOutFile) => void) | undefined },
): AsyncIterable<ImageSource> {
  const { onLeftOut, ...given } = checkOptions(options, { ...BUCKET, onLeftOut: checkFunction });
  const { bucket, folder, client } = checkBucket(given);
  async function* photos(): AsyncGenerator<ImageSource, void, void> {
    for await (const file of filesIn(bucket, folder, client)) {
      const reason = whyNoPhoto(file) ?? file.unreadable;
      if (reason) onLeftOut?.({ leftOut: file.name, reason });
      else yield file.toPhoto(file.path.join('/'));
    }
  }
  return { [Symbol.asyncIterator]: photos };
}

const BUCKET: OptionChecks<BucketOptions> = {
  bucket: checkString,
  prefix: checkString,
  client: checkS3Client,
};

function checkBucket({ bucket, prefix = '', client }: BucketOptions) {
  // As `fromS3` would, but before anything is listed.
  fromS3({ bucket, key: 'any' });
  return { bucket, folder: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`, client };
}

/** Names of images that Rekognition reads in place. It takes no other formats. */
const READ_IN_PLACE = /\.(jpe?g|png)$/i;

/** S3 lists keys in their order, so that those of a person come together. */
async function* filesIn(
  bucket: string,
  prefix: string,
  client: S3ClientLike | undefined,
): AsyncGenerator<ListedFile, void, void> {
  for await (const object of listObjects({ bucket, prefix, client })) {
    // The console keeps a folder by an object that ends in a slash.
    if (object.key.endsWith('/')) continue;
    yield {
      path: object.key.slice(prefix.length).split('/'),
      bytes: object.bytes,
      name: object.address,
      ...(object.isArchived && { unreadable: 'ARCHIVED' }),
      toPhoto: (photoName) => toPhoto(bucket, object, photoName, client),
    };
  }
}

function toPhoto(
  bucket: string,
  { key, bytes, etag }: ListedObject,
  photoName: string,
  client: S3ClientLike | undefined,
): ImageSource {
  const { s3Object, ...source } = fromS3({ bucket, key }, { client });
  const isReadInPlace = READ_IN_PLACE.test(key) && bytes <= LIMITS.s3ObjectBytes;
  return { ...source, ...(isReadInPlace && { s3Object }), photoName, ...(etag && { etag }) };
}
