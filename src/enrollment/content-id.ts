import { createHash, getFips } from 'node:crypto';
import type { ImageSource } from '../images/image-source.js';
import { readImage } from '../images/read-image.js';

/**
 * A name for an image that is the same whenever the image is.
 *
 * An object in S3 is not downloaded for it: its ETag is enough. Where that is not known either, it is named by where it
 * is; the service compares the image as well, so that another image put in the same place is another face.
 */
export async function contentId(source: ImageSource, signal?: AbortSignal): Promise<string> {
  const [known] = contentIdsOf(source);
  return known ?? `sha256:${sha256(await readImage(source, signal))}`;
}

/** The content ids of an image that are known without reading it: by its ETag, and by where it is in S3. */
export function contentIdsOf({ s3Object, etag }: ImageSource): string[] {
  const ids: string[] = [];
  if (etag !== undefined) ids.push(`etag:${sha256(etag)}`);
  if (s3Object) {
    const { bucket, key, version = null } = s3Object;
    ids.push(`s3:${sha256(JSON.stringify([bucket, key, version]))}`);
  }
  return ids;
}

/**
 * The content ids that an image of these bytes may have, wherever it was read from. The ETag of an object that was put
 * in S3 in one part is the MD5 of its bytes, in quotes; that of one in several parts, or encrypted with keys of one's
 * own, is not (Amazon S3 API reference, "Object").
 */
export function contentIdsOfBytes(bytes: Uint8Array): string[] {
  const ids = [`sha256:${sha256(bytes)}`];
  if (getFips() === 1) return ids;
  const md5 = createHash('md5').update(bytes).digest('hex');
  return [...ids, `etag:${sha256(`"${md5}"`)}`, `etag:${sha256(md5)}`];
}

/** Whether two images with this content id are surely the same. */
export function namesContent(content: string): boolean {
  return content.startsWith('sha256:') || content.startsWith('etag:');
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
