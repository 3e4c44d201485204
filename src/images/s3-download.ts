import { addAbortSignal, Readable } from 'node:stream';
import { missingPackage } from '../packages.js';
import type { S3ObjectReference } from './image-source.js';

/** An `S3Client` of `@aws-sdk/client-s3`, written by its shape so that any version of it fits. */
export interface S3ClientLike {
  // biome-ignore lint/suspicious/noExplicitAny: the types of commands and answers are the SDK's own affair.
  send(command: any, options?: { abortSignal?: AbortSignal }): Promise<any>;
}

/** How to download an object. */
export interface S3DownloadOptions {
  /** What downloads; one made with the environment's settings, shared by the whole process, when left out. */
  client?: S3ClientLike | undefined;
  /** Is told how many bytes there are before they are downloaded, and throws when they are too many. */
  checkLength?: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/** The bytes of an object in S3. Rejects with S3's own errors, or MissingPackageError without `@aws-sdk/client-s3`. */
export async function downloadFromS3(
  { bucket, key, version }: S3ObjectReference,
  { client, checkLength, signal }: S3DownloadOptions = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  try {
    const { GetObjectCommand } = await loadS3();
    const s3 = client ?? (await sharedClient());
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version });
    const { Body: body, ContentLength: length = 0 } = await s3.send(
      command,
      signal && { abortSignal: signal },
    );
    try {
      checkLength?.(length);
    } catch (error) {
      // An answer that nobody reads keeps its connection.
      if (body instanceof Readable) body.destroy();
      throw error;
    }
    // The client heeds the signal until the answer begins; the rest of it is ours to stop.
    if (signal && body instanceof Readable) addAbortSignal(signal, body);
    return await body.transformToByteArray();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

let shared: Promise<S3ClientLike> | undefined;

/** One client for the process: each has sockets and credentials of its own. */
function sharedClient(): Promise<S3ClientLike> {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  // Elsewhere than at AWS a bucket is rarely a host name of its own.
  const forcePathStyle = Boolean(AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL);
  shared ??= loadS3().then(({ S3Client }) => new S3Client({ forcePathStyle }));
  return shared;
}

async function loadS3() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw missingPackage('@aws-sdk/client-s3', 'Downloading an image from S3', error);
  }
}
