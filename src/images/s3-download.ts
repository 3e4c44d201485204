import { addAbortSignal, Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { withAdvice } from '../advice.js';
import { UnreadableImageError } from '../errors.js';
import { DEFAULTS } from '../limits.js';
import { missingPackage } from '../packages.js';
import type { S3ObjectReference } from '../types.js';
import { checkSourceLength } from './check-source-length.js';

/** An `S3Client` of `@aws-sdk/client-s3`, written by its shape so that any version of it fits. */
export interface S3ClientLike {
  /** Answers a command of `@aws-sdk/client-s3`. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of commands and answers are internal to the SDK.
  send(command: any, options?: { abortSignal?: AbortSignal }): any;
}

/** So many bytes have to come in each so many milliseconds. */
export interface DownloadPace {
  bytes: number;
  milliseconds: number;
}

/** How to download an object. */
export interface S3DownloadOptions {
  /** What downloads; one made with the environment's settings, shared by the whole process, when left out. */
  client?: S3ClientLike | undefined;
  /**
   * Called with the number of bytes, before the download and during it; throws when they are too many.
   *
   * @default throws for more than 512 MB
   */
  checkLength?: ((bytes: number) => void) | undefined;
  /**
   * How slowly the bytes may come.
   *
   * @default a megabyte every half a minute, unless it is done before
   */
  pace?: DownloadPace | undefined;
  signal?: AbortSignal | undefined;
}

/** What S3 calls an object, in errors and results. */
export function s3Address({ bucket, key }: S3ObjectReference): string {
  return `s3://${bucket}/${key}`;
}

/**
 * The bytes of an object in S3. An answer need not say how long it is, nor ever end, so it is counted and timed while
 * it comes.
 *
 * @throws S3's own errors; MissingPackageError without `@aws-sdk/client-s3`; UnreadableImageError `TOO_MANY_BYTES` or
 * `TOO_SLOW`; the signal's reason
 */
export async function downloadFromS3(
  object: S3ObjectReference,
  { client, pace = DEFAULTS.downloadPace, signal, ...options }: S3DownloadOptions = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const name = s3Address(object);
  const { checkLength = (bytes: number) => checkSourceLength(name, bytes) } = options;
  const { bucket: Bucket, key: Key, version: VersionId } = object;

  const ending = new AbortController();
  const abortSignal = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
  let received = 0;
  const download = async () => {
    const { GetObjectCommand } = await loadS3();
    const s3 = client ?? (await sharedClient());
    const command = new GetObjectCommand({ Bucket, Key, VersionId });
    const { Body: body, ContentLength: announced = 0 } = await s3.send(command, { abortSignal });
    // The client heeds the signal until the answer begins; the rest of it is ours to stop.
    if (body instanceof Readable) addAbortSignal(abortSignal, body);
    checkLength(announced);
    return readBody(body, (bytes) => {
      received = bytes;
      checkLength(bytes);
    });
  };
  try {
    return await Promise.race([download(), whenTooSlow(name, pace, () => received, abortSignal)]);
  } catch (error) {
    signal?.throwIfAborted();
    throw withAdvice(error);
  } finally {
    // Ends whichever of the two goes on. An answer that nobody reads would keep its connection.
    ending.abort();
  }
}

/** What an answer has for a body: a stream; or, of a mock, what the SDK gives its streams. */
type Body = AsyncIterable<Uint8Array> | { transformToByteArray(): Promise<Uint8Array> };

/** @param count called with the number of bytes so far */
async function readBody(body: Body, count: (bytes: number) => void): Promise<Uint8Array> {
  if ('transformToByteArray' in body && !(Symbol.asyncIterator in body)) {
    const bytes = await body.transformToByteArray();
    count(bytes.length);
    return bytes;
  }
  const pieces: Uint8Array[] = [];
  let received = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    received += piece.length;
    count(received);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, received);
}

/** Rejects as soon as too few bytes came, or when the signal aborts. */
async function whenTooSlow(
  name: string,
  { bytes, milliseconds }: DownloadPace,
  received: () => number,
  signal: AbortSignal,
): Promise<never> {
  let before: number;
  do {
    before = received();
    await wait(milliseconds, undefined, { signal });
  } while (received() - before >= bytes);
  const message = `S3 sent ${received() - before} bytes in ${milliseconds / 1000} seconds. Try again later.`;
  throw new UnreadableImageError(name, 'TOO_SLOW', message);
}

let shared: Promise<S3ClientLike> | undefined;

/** One client for the process: each has sockets and credentials of its own. */
export function sharedClient(): Promise<S3ClientLike> {
  shared ??= makeS3Client();
  return shared;
}

/** A client with the environment's settings, which the caller closes. */
export async function makeS3Client(): Promise<S3ClientLike & { destroy(): void }> {
  const { S3Client } = await loadS3();
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  // Elsewhere than at AWS a bucket is rarely a host name of its own.
  return new S3Client({ forcePathStyle: Boolean(AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL) });
}

export async function loadS3() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (error) {
    throw missingPackage('@aws-sdk/client-s3', 'Downloading an image from S3', error);
  }
}
