import { createHash } from 'node:crypto';
import type { ImageSource } from '../images/image-source.js';
import { readImage } from '../images/read-image.js';

/**
 * A name for an image that is the same whenever the image is.
 *
 * An object in S3 is not downloaded for it: its ETag is enough. Where that is not known either, it is named by where it
 * is; the service compares the image as well, so that another image put in the same place is another face.
 */
export async function contentId(source: ImageSource, signal?: AbortSignal): Promise<string> {
  const { s3Object, etag } = source;
  if (etag !== undefined) return `etag:${sha256(etag)}`;
  if (!s3Object) return `sha256:${sha256(await readImage(source, signal))}`;
  return `s3:${sha256(JSON.stringify([s3Object.bucket, s3Object.key, s3Object.version ?? null]))}`;
}

/** Whether two images with this content id are surely the same. */
export function namesContent(content: string): boolean {
  return content.startsWith('sha256:') || content.startsWith('etag:');
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
