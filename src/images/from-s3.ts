import { InvalidArgumentError } from '../errors.js';
import { LIMITS } from '../service/limits.js';
import type { ImageSource, S3ObjectReference } from './image-source.js';
import { downloadFromS3, type S3ClientLike } from './s3-download.js';

export type { S3ClientLike } from './s3-download.js';

/**
 * An image in S3. Rekognition reads it there itself, so the bucket must be in the Region of the Rekognition client
 * and the caller allowed to read it. It is downloaded only to cut faces out, to draw on it, or for the local engine,
 * and that takes the package `@aws-sdk/client-s3`.
 *
 * @param options.client what downloads; one made with the environment's settings, shared by all sources, when left out
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
  options: { client?: S3ClientLike | undefined } = {},
): ImageSource {
  const { bucket, key, version } = checkReference(object);
  const s3Object = { bucket, key, ...(version !== undefined && { version }) };
  return {
    name: `s3://${bucket}/${key}`,
    s3Object,
    read: ({ signal } = {}) => downloadFromS3(s3Object, { ...options, signal }),
  };
}

function checkReference(object: S3ObjectReference): S3ObjectReference {
  const { bucket, key, version } = object ?? {};
  const { minLength, maxLength, pattern, words } = LIMITS.s3Bucket;
  if (!isText(bucket, maxLength) || bucket.length < minLength || !pattern.test(bucket)) {
    throw new InvalidArgumentError('bucket', bucket, `${minLength} to ${maxLength} of ${words}`);
  }
  if (!isText(key, LIMITS.s3Key)) {
    throw new InvalidArgumentError('key', key, `1 to ${LIMITS.s3Key} characters`);
  }
  if (version !== undefined && !isText(version, LIMITS.s3Version)) {
    throw new InvalidArgumentError('version', version, `1 to ${LIMITS.s3Version} characters`);
  }
  return object;
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= maxLength;
}
