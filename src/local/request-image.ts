import type { Image, S3Object } from '@aws-sdk/client-rekognition';
import sharp from 'sharp';
import { LIMITS } from '../service/limits.js';
import { refusal } from './refusals.js';
import { checkS3ObjectLength, type ReadS3Object } from './s3-object.js';

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

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
  const startsWith = (signature: Uint8Array) => signature.every((byte, i) => bytes[i] === byte);
  if (!startsWith(JPEG) && !startsWith(PNG)) throw invalidFormat();

  const { width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error) => {
      throw invalidFormat(error);
    });
  if (Math.min(width, height) < LIMITS.imageSide)
    throw refusal('InvalidParameterException', 'Request has invalid parameters');
}

/** What the service says of bytes that are no JPEG or PNG. */
export function invalidFormat(cause?: unknown) {
  return refusal('InvalidImageFormatException', 'Request has invalid image format', cause);
}
