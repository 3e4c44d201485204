import { fromUserId } from '../names.js';
import { present } from '../service/shapes.js';
import type { UnmovedFace, UnmovedReason, UnmovedUser } from './move.js';
import type { NoCopy, StoredFace } from './move-listing.js';

/** What is the matter with a face and what to do, by the reason for which it was not moved. */
const WORDS: { readonly [reason in UnmovedReason]?: string } = {
  PHOTO_MISSING: 'its photo is not among those given, and vectors cannot be taken along. Give that photo too',
  PHOTO_CHANGED:
    'its photo has another content now, which may show somebody else. Give the former one, or enroll the new one',
  UNKNOWN_PHOTO:
    'it was not enrolled but indexed by other means, so nothing says which photo it came from. Index that photo again',
  UNREADABLE_IMAGE: 'its photo cannot be read',
  NO_FACE: 'the other model sees no face where it was. Enroll another photo',
  LOW_MATCH_CONFIDENCE:
    'the other model finds it unlike its user. Lower the threshold, or look whom it shows',
  USER_IS_FULL: 'its user has as many faces there as a user takes',
  ASSOCIATED_TO_A_DIFFERENT_USER: 'it belongs to another user there. Take it away from one of the two',
  FACE_NOT_FOUND: 'it was indexed and is not found yet. Move again',
  FAILED: 'a call failed. Move again',
};

export function unmovedFace(
  { faceId, userId, photoName, externalImageId }: StoredFace,
  { reason, error }: NoCopy,
): UnmovedFace {
  const owner = userId === undefined ? 'Nobody' : fromUserId(userId);
  const words = `${WORDS[reason] ?? `it is too poor for the quality filter: ${reason}`}${withCause(error)}`;
  const message = `${owner}: ${photoName ?? `face ${faceId}`}: ${words}.`;
  return present({ faceId, userId, photoName, externalImageId, reason, message, error });
}

export function unmovedUser(userId: string, error?: Error): UnmovedUser {
  const words = error
    ? `a call failed. Move again${withCause(error)}`
    : 'none of its faces could be moved, so there is nothing to find it by';
  const message = `${fromUserId(userId)}: ${words}.`;
  return present({
    userId,
    reason: error ? ('FAILED' as const) : ('NO_FACE_MOVED' as const),
    message,
    error,
  });
}

function withCause(error: Error | undefined): string {
  return error ? ` (${error.message.replace(/\.$/, '')})` : '';
}
