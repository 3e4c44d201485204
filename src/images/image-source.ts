import { InvalidArgumentError } from '../errors.js';
import type { S3ObjectReference } from '../types.js';

/**
 * Where an image comes from. `fromFile`, `fromBuffer` and `fromS3` are built in; an object with a name and a
 * `read` is a fourth.
 */
export interface ImageSource {
  /** What results and errors call it: a path, an `s3://` address, a URL. */
  readonly name: string;
  /** The image's bytes, JPEG, PNG, WebP, GIF, TIFF, AVIF or HEIC. May be called again, and must give the same bytes. */
  read(options?: { signal?: AbortSignal | undefined }): Promise<Uint8Array>;
  /** Where Rekognition can read the image itself. It is then not downloaded, unless a part of it is cut out. */
  readonly s3Object?: S3ObjectReference;
  /**
   * Your name for the photo, as its path in the person's folder. It is kept with the faces that are enrolled from it,
   * and listed as their `photoName`. Of one that takes more than 183 characters as `toUserId` would write it, the beginning is kept and a checksum.
   */
  readonly photoName?: string;
  /** Something short that is another whenever the content is, as the ETag of S3: the content need not be read to know it. */
  readonly etag?: string;
}

export function checkImage(value: unknown, argument = 'image'): asserts value is ImageSource {
  if (isImage(value)) return;
  // A bare string could be a path, a key or base64, so it says nothing.
  throw new InvalidArgumentError(
    argument,
    value,
    "an image source, such as fromFile('photo.jpg'), fromBuffer(bytes) or fromS3({ bucket, key })",
  );
}

function isImage(value: unknown): value is ImageSource {
  const source = value as Partial<ImageSource> | null | undefined;
  return (
    typeof source === 'object' &&
    source !== null &&
    typeof source.read === 'function' &&
    // Streams and file handles can be read too, but not as images are.
    typeof source.name === 'string'
  );
}

export function checkImages(value: unknown): asserts value is readonly ImageSource[] {
  if (!Array.isArray(value) || value.length === 0) {
    const hint = isImage(value) ? 'Put it into an array.' : undefined;
    throw new InvalidArgumentError('images', value, 'an array of at least one image source', hint);
  }
  for (const [index, image] of value.entries()) checkImage(image, `images[${index}]`);
}
