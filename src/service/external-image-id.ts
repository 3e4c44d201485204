import { createHash } from 'node:crypto';
import { LIMITS } from '../limits.js';
import { escapeName, unescapeName } from '../names.js';

/**
 * The ExternalImageId of an enrolled photo: what it holds, as a kind of hash and the hash itself, and the caller's name
 * for it, if there is one: `sha256:9f86…0a08:2020:2f:1.jpg`. The service stores the same image under the same id once,
 * so that enrolling it again adds nothing.
 */
const ENROLLED = /^((?:sha256|etag|s3):[0-9a-f]{64})(?::(.+))?$/;

/** Characters that the name has room for, escaped. */
const NAME_LENGTH = LIMITS.externalImageId.maxLength - `sha256:${'f'.repeat(64)}:`.length;

/** Of a name that has no room this many characters stand for the rest: a checksum tells it from others. */
const CHECKSUM_LENGTH = 16;

/** @param contentId a kind of hash, a colon and the hash */
export function externalImageIdOf(contentId: string, photoName: string | undefined): string {
  return photoName ? `${contentId}:${escapeName(keptName(photoName))}` : contentId;
}

/** What is kept of a photo's name: all of it, or as much as there is room for. */
export function keptName(photoName: string): string {
  if (escapeName(photoName).length <= NAME_LENGTH) return photoName;
  const end = `...${createHash('sha256').update(photoName).digest('hex').slice(0, CHECKSUM_LENGTH)}`;
  const characters = [...photoName].slice(0, NAME_LENGTH - end.length);
  while (escapeName(characters.join('') + end).length > NAME_LENGTH) characters.pop();
  return characters.join('') + end;
}

/** What the photo holds, or undefined for one that was not enrolled. */
export function contentIdOf(externalImageId: string | undefined): string | undefined {
  return ENROLLED.exec(externalImageId ?? '')?.[1];
}

/** The caller's name for the photo, if it was enrolled under one. */
export function photoNameOf(externalImageId: string | undefined): string | undefined {
  const escaped = ENROLLED.exec(externalImageId ?? '')?.[2];
  return escaped === undefined ? undefined : unescapeName(escaped);
}
