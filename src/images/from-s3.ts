import { checkOptions, checkS3Client, checkString, type OptionChecks } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import { LIMITS } from '../limits.js';
import type { S3ObjectReference } from '../types.js';
import type { ImageSource } from './image-source.js';
import { downloadFromS3, type S3ClientLike, s3Address } from './s3-download.js';

export type { S3ClientLike } from './s3-download.js';

/**
 * An image in S3. Rekognition reads it there itself, so the bucket must be in the Region of the Rekognition client
 * and the caller allowed to read it. It is downloaded only to cut faces out, to draw on it, or for the local engine,
 * and that takes the package `@aws-sdk/client-s3`.
 *
 * @param options.client what downloads; one made with the environment's settings, shared by all sources, when left out
 * @param options.photoName see `ImageSource`
 * @param options.etag the object's ETag, as S3 lists it: when it is enrolled, another content is then seen to be one
 * @throws InvalidArgumentError for a name that S3 does not know; `read` rejects with S3's own errors, and with
 * `MissingPackageError` when `@aws-sdk/client-s3` is not installed
 *
 * @example
 * ```ts
 * await team.enrollUser('ada', [fromS3({ bucket: 'people', key: 'ada/1.jpg' })]);
 * ```
 */
export function fromS3(
  object: S3ObjectReference,
  options: {
    client?: S3ClientLike | undefined;
    photoName?: string | undefined;
    etag?: string | undefined;
  } = {},
): ImageSource {
  const { bucket, key, version } = checkReference(object);
  const { client, photoName, etag } = checkOptions(options, {
    client: checkS3Client,
    photoName: checkString,
    etag: checkString,
  });
  const s3Object = { bucket, key, ...(version !== undefined && { version }) };
  return {
    name: s3Address(s3Object),
    s3Object,
    ...(photoName !== undefined && { photoName }),
    ...(etag !== undefined && { etag }),
    read: ({ signal } = {}) => downloadFromS3(s3Object, { client, signal }),
  };
}

const REFERENCE: OptionChecks<S3ObjectReference> = {
  bucket: (argument, value) => {
    const { minLength, maxLength, pattern, words } = LIMITS.s3Bucket;
    if (!isText(value, maxLength) || value.length < minLength || !pattern.test(value)) {
      throw new InvalidArgumentError(argument, value, `${minLength} to ${maxLength} of ${words}`);
    }
  },
  key: (argument, value) => checkName(argument, value, LIMITS.s3Key),
  version: (argument, value) => checkName(argument, value, LIMITS.s3Version),
};

function checkReference(object: S3ObjectReference): S3ObjectReference {
  const isOfAws = typeof object === 'object' && object !== null && 'Bucket' in object;
  if (typeof object !== 'object' || object === null || isOfAws) {
    const hint = isOfAws ? "AWS's Bucket and Key, or Name, are bucket and key here." : undefined;
    throw new InvalidArgumentError('object', object, "such as { bucket: 'people', key: 'ada/1.jpg' }", hint);
  }
  REFERENCE.bucket('object.bucket', object.bucket);
  REFERENCE.key('object.key', object.key);
  return checkOptions(object, REFERENCE, 'object');
}

function checkName(argument: string, value: unknown, maxLength: number): void {
  if (!isText(value, maxLength)) {
    throw new InvalidArgumentError(argument, value, `1 to ${maxLength} characters`);
  }
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= maxLength;
}
