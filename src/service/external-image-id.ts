import { LIMITS } from '../limits.js';
import { escapeName, unescapeName } from '../names.js';

/**
 * The ExternalImageId of an enrolled photo: what it holds, as a kind of hash and the hash itself, and the caller's name
 * for it, if there is one: `sha256:9f86…0a08:ada:2f:1.jpg`.
 */
const ENROLLED = /^((?:sha256|s3):[0-9a-f]{64})(?::(.+))?$/;

/** Characters that the name has room for, escaped. */
const NAME_LENGTH = LIMITS.externalImageId.maxLength - `sha256:${'f'.repeat(64)}:`.length;

/** @throws InvalidArgumentError for a name that is empty or too long */
export function checkImageName(argument: string, name: unknown): void {
  escapeName(name, argument, NAME_LENGTH);
}

/** @param contentId a kind of hash, a colon and the hash */
export function externalImageIdOf(contentId: string, name: string | undefined): string {
  return name === undefined ? contentId : `${contentId}:${escapeName(name, 'name', NAME_LENGTH)}`;
}

/** What the photo holds, or undefined for one that was not enrolled. */
export function contentIdOf(externalImageId: string | undefined): string | undefined {
  return ENROLLED.exec(externalImageId ?? '')?.[1];
}

/** The caller's name for the photo, if it was enrolled under one. */
export function imageNameOf(externalImageId: string | undefined): string | undefined {
  const escaped = ENROLLED.exec(externalImageId ?? '')?.[2];
  return escaped === undefined ? undefined : unescapeName(escaped);
}
