import type { Image } from '@aws-sdk/client-rekognition';
import type { ReadOptions } from './decode.js';
import type { ImageSource, S3ObjectReference } from './image-source.js';
import { prepareImage } from './prepare.js';

/**
 * An image source as AWS's `Image`. What lies in S3 is named, and the service reads it there, as it is; anything else
 * is made ready and sent along.
 *
 * @throws UnreadableImageError when there is something to send, and it is no image that can be
 */
export async function toServiceImage(source: ImageSource, options: ReadOptions = {}): Promise<Image> {
  if (source?.s3Object) return s3Image(source.s3Object);
  const { bytes } = await prepareImage(source, options);
  return bytesImage(bytes);
}

/** Bytes that are ready for the service: a JPEG or PNG of at most 5,242,880 bytes. */
export function bytesImage(bytes: Uint8Array): Image {
  return { Bytes: bytes };
}

function s3Image({ bucket, key, version }: S3ObjectReference): Image {
  return { S3Object: { Bucket: bucket, Name: key, ...(version !== undefined && { Version: version }) } };
}
