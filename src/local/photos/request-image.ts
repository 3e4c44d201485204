import type { Image, S3Object } from '@aws-sdk/client-rekognition';
import { isRekollectError } from '../../errors.js';
import { readHeader } from '../../images/decode-here.js';
import { formatOf } from '../../images/formats.js';
import { LIMITS } from '../../limits.js';
import { refusal } from '../protocol/refusals.js';
import { checkS3ObjectLength, type ReadS3Object } from './s3-object.js';

/**
 * The bytes of a request's image, as far as the service takes them: JPEG or PNG, and not too small.
 *
 * @throws InvalidParameterException, InvalidImageFormatException, InvalidS3ObjectException, ImageTooLargeException
 */
export async function readRequestImage(
  { Bytes, S3Object }: Image,
  readS3Object: ReadS3Object,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if ((Bytes === undefined) === (S3Object === undefined)) {
    const message = 'Requested image should either contain bytes or s3 object.';
    throw refusal('InvalidParameterException', message);
  }
  const bytes = Bytes ?? (await readNamedObject(S3Object!, readS3Object, signal));
  await checkFormat(bytes);
  return bytes;
}

async function readNamedObject(
  { Bucket, Name, Version }: S3Object,
  readS3Object: ReadS3Object,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (Bucket === undefined || Name === undefined)
    throw refusal('InvalidParameterException', 'Request has invalid parameters');
  const bytes = await readS3Object({ Bucket, Name, ...(Version !== undefined && { Version }) }, signal);
  checkS3ObjectLength(bytes.length);
  return bytes;
}

/** Only the head of the image is read here; whether the rest can be decoded shows when the models look at it. */
async function checkFormat(bytes: Uint8Array): Promise<void> {
  if (!formatOf(bytes)?.isOfService) throw invalidFormat();
  const { width, height } = await readHeader('The image', bytes, Number.MAX_SAFE_INTEGER).catch((error) => {
    throw refusalOf(error);
  });
  if (Math.min(width, height) < LIMITS.imageSide)
    throw refusal('InvalidParameterException', 'Request has invalid parameters');
}

/** What the service says of an image that cannot be read. Any other error stays what it is. */
export function refusalOf(error: unknown): unknown {
  if (!isRekollectError(error, 'UNREADABLE_IMAGE')) return error;
  return error.problem === 'TOO_MANY_PIXELS' || error.problem === 'TOO_COSTLY'
    ? refusal('ImageTooLargeException', 'Image size is too large.', error)
    : invalidFormat(error);
}

function invalidFormat(cause?: unknown) {
  return refusal('InvalidImageFormatException', 'Request has invalid image format', cause);
}
