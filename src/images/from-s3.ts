import { addAbortSignal, Readable } from 'node:stream';
import { InvalidArgumentError, MissingPackageError } from '../errors.js';
import { LIMITS } from '../service/limits.js';
import type { ImageSource, S3ObjectReference } from './image-source.js';

/** An `S3Client` of `@aws-sdk/client-s3`, written by its shape so that any version of it fits. */
export interface S3ClientLike {
  // biome-ignore lint/suspicious/noExplicitAny: the types of commands and answers are the SDK's own affair.
  send(command: any, options?: { abortSignal?: AbortSignal }): Promise<any>;
}

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
export function fromS3(object: S3ObjectReference, options: { client?: S3ClientLike } = {}): ImageSource {
  const { bucket, key, version } = checkReference(object);
  return {
    name: `s3://${bucket}/${key}`,
    s3Object: { bucket, key, ...(version !== undefined && { version }) },
    async read({ signal } = {}) {
      signal?.throwIfAborted();
      try {
        const { GetObjectCommand } = await loadS3();
        const client = options.client ?? (await sharedClient());
        const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version });
        const { Body: body } = await client.send(command, signal && { abortSignal: signal });
        // The client heeds the signal until the answer begins; the rest of it is ours to stop.
        if (signal && body instanceof Readable) addAbortSignal(signal, body);
        return await body.transformToByteArray();
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}

let client: Promise<S3ClientLike> | undefined;

/** One client for the process: each has sockets and credentials of its own. */
function sharedClient(): Promise<S3ClientLike> {
  client ??= loadS3().then(({ S3Client }) => new S3Client({}));
  return client;
}

async function loadS3() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
    if (!isMissing) throw error;
    throw new MissingPackageError(
      '@aws-sdk/client-s3',
      'Downloading an image from S3',
      'npm install @aws-sdk/client-s3',
      { cause: error },
    );
  }
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
