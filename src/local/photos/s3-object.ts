import type { S3Object } from '@aws-sdk/client-rekognition';
import { isRekollectError } from '../../errors.js';
import { downloadFromS3, type S3ClientLike } from '../../images/s3-download.js';
import { LIMITS } from '../../limits.js';
import { refusal } from '../protocol/refusals.js';

/** An object in S3, by the names that a request must give. */
export type NamedS3Object = S3Object & { Bucket: string; Name: string };

/**
 * Reads an object that a request names as its image.
 *
 * @throws InvalidS3ObjectException when there is no such object, or no permission to read it
 * @throws ImageTooLargeException when it has more than 15 MB
 */
export type ReadS3Object = (object: NamedS3Object, signal?: AbortSignal) => Promise<Uint8Array>;

/** Reads from S3, with this client or with one for the whole process. */
export function readFromS3(clientOf: () => Promise<S3ClientLike | undefined>): ReadS3Object {
  return async ({ Bucket, Name, Version }, signal) => {
    const object = { bucket: Bucket, key: Name, ...(Version !== undefined && { version: Version }) };
    try {
      return await downloadFromS3(object, {
        client: await clientOf(),
        checkLength: checkS3ObjectLength,
        signal,
      });
    } catch (error) {
      if (!isRefusedByS3(error) && !isTooSlow(error)) throw error;
      const message =
        'Unable to get object metadata from S3. Check object key, region and/or access permissions.';
      throw refusal('InvalidS3ObjectException', message, error);
    }
  };
}

/** @throws ImageTooLargeException */
export function checkS3ObjectLength(bytes: number): void {
  if (bytes > LIMITS.s3ObjectBytes) throw refusal('ImageTooLargeException', 'Image size is too large.');
}

/** S3 sends too slowly, or nothing. To the service that would be one of its own servers: it has no answer for it. */
function isTooSlow(error: unknown): boolean {
  return isRekollectError(error, 'UNREADABLE_IMAGE') && error.problem === 'TOO_SLOW';
}

/** S3 answered, and the answer is no: it would take another bucket, key, region or permission. */
function isRefusedByS3(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  return status >= 300 && status < 500;
}
