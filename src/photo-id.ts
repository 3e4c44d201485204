import { createHash } from 'node:crypto';
import { escapeName, unescapeName } from './escaped-names.js';
import { LIMITS } from './limits.js';

/** What is known of a photo by the ExternalImageId of its faces. */
export interface PhotoId {
  /** The same whenever the image is. */
  readonly content: string;
  /** The caller's name for it. */
  readonly photoName?: string;
}

/** Contents are equally long, or shorter. */
const ANY_CONTENT = `sha256:${'0'.repeat(64)}`;
const CONTENT = /^((?:sha256|etag|s3):[0-9a-f]{64})(?::(.*))?$/;

/** Characters for a name beside the longest content. */
const ROOM = LIMITS.externalImageId.maxLength - ANY_CONTENT.length - 1;

/** In place of what is left out of a long name; followed by a checksum of all of it. */
const ELLIPSIS = '...';
const CHECKSUM_LENGTH = 16;

/**
 * The ExternalImageId of a photo. The service stores the same image under the same id once, so that enrolling it again
 * adds nothing. A long name is cut: what is left of it, and a checksum, still tell it from others.
 */
export function toExternalImageId({ content, photoName }: PhotoId): string {
  if (photoName === undefined) return content;
  const escaped = escapeName(photoName);
  if (escaped.length <= ROOM) return `${content}:${escaped}`;
  const checksum = createHash('sha256').update(photoName).digest('hex').slice(0, CHECKSUM_LENGTH);
  let kept = '';
  for (const character of photoName) {
    const next = kept + escapeName(character);
    if (next.length > ROOM - ELLIPSIS.length - CHECKSUM_LENGTH) break;
    kept = next;
  }
  return `${content}:${kept}${ELLIPSIS}${checksum}`;
}

/** What an ExternalImageId says. One that was not made here names the photo's content, whatever it means. */
export function toPhotoId(externalImageId: string): PhotoId {
  const [, content, escaped] = CONTENT.exec(externalImageId) ?? [];
  if (content === undefined) return { content: externalImageId };
  return escaped === undefined ? { content } : { content, photoName: unescapeName(escaped) ?? escaped };
}

/** What will be known of a photo's name: all of it, unless it is too long. */
export function keptName({ name, photoName = name }: { name: string; photoName?: string }): string {
  return toPhotoId(toExternalImageId({ content: ANY_CONTENT, photoName })).photoName!;
}
