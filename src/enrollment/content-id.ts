import { createHash } from 'node:crypto';
import type { ImageSource } from '../images/image-source.js';
import { readImage } from '../images/read-image.js';

/**
 * What an image holds, as a hash: the service stores the same image under the same ExternalImageId once, so enrolling
 * it again adds nothing.
 *
 * Of an S3 object it is a hash of where it is, since hashing it would download it. The service compares the image as
 * well: another image put in the same place is another face.
 */
export async function contentId(source: ImageSource, signal?: AbortSignal): Promise<string> {
  const { s3Object } = source;
  if (!s3Object) return `sha256:${sha256(await readImage(source, signal))}`;
  return `s3:${sha256(JSON.stringify([s3Object.bucket, s3Object.key, s3Object.version ?? null]))}`;
}

/** Whether two images with this id are the same to the last byte. */
export function namesContent(contentId: string): boolean {
  return contentId.startsWith('sha256:');
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
