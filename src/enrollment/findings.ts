import { fromUserId } from '../names.js';
import type { Finding, RejectedPhoto } from './bulk-enrollment.js';
import type { EnrolledImage, RejectedImage, RejectionReason } from './enrollment.js';

/** What is wrong with a photo and what to do, by the reason for which it was rejected. */
const WORDS: { readonly [reason in RejectionReason]?: string } = {
  NO_FACE: 'shows no face that is clear enough. Take another one',
  UNREADABLE_IMAGE: 'cannot be read',
  SMALL_BOUNDING_BOX: 'shows a face that is too small. Take it from nearer, or crop it',
  LOW_BRIGHTNESS: 'is too dark',
  LOW_SHARPNESS: 'is blurred',
  EXTREME_POSE: 'shows a face that is turned away too far',
  LOW_CONFIDENCE: 'shows hardly a face',
  LOW_FACE_QUALITY: 'shows a face that is too poor: covered, dark or blurred',
  USER_IS_FULL: 'is one too many: a user has 100 faces at most',
};

/** A rejected photo, in words that whoever keeps the photos can act on. */
export function toRejectedPhoto(userId: string, rejection: RejectedImage): RejectedPhoto {
  const { image, reason, reasons, error } = rejection;
  const photo = image.photoName ?? image.name;
  const message = `${fromUserId(userId)}: ${photo} ${wordsFor(userId, rejection)}.`;
  return { userId, photo, reason, reasons, message, ...(error && { error }) };
}

function wordsFor(
  userId: string,
  { reason, detectedFaces, rejectedFaces: [face], error }: RejectedImage,
): string {
  switch (reason) {
    case 'SEVERAL_FACES':
      return (
        `shows ${detectedFaces.length} people, and nobody can tell who is meant. ` +
        `Crop it to ${fromUserId(userId)}, or pass severalFaces: 'largest'`
      );
    case 'LOW_MATCH_CONFIDENCE': {
      const { similarity } = face ?? {};
      const howAlike = similarity === undefined ? '' : ` (similarity ${similarity.toFixed(1)})`;
      return `shows somebody else than the other photos${howAlike}. Move it to the person it shows`;
    }
    case 'ASSOCIATED_TO_A_DIFFERENT_USER':
      return `belongs to ${face?.userId === undefined ? 'another user' : fromUserId(face.userId)} already. Take it away from one of the two`;
    default:
      return `${WORDS[reason] ?? `was rejected: ${reason}`}${error ? ` (${error.message})` : ''}`;
  }
}

/** What somebody should know of a person's photos as a whole. */
export function findingsOf(userId: string, images: readonly EnrolledImage[]): Finding[] {
  const name = fromUserId(userId);
  const usable = images.filter(({ status }) => status !== 'rejected').length;
  const others = images.filter(isSomebodyElse).length;
  const findings: Finding[] = [];
  if (usable === 0) {
    const message = `${name} has no usable photo among ${images.length}, and cannot be found.`;
    findings.push({ userId, kind: 'NO_USABLE_PHOTO', message });
  }
  if (usable === 1) {
    const message = `${name} has one usable photo. Add some: five, from different sides, make a good user vector.`;
    findings.push({ userId, kind: 'ONE_USABLE_PHOTO', message });
  }
  if (others > 1) {
    const message =
      `${name} has ${others} of ${images.length} photos that show somebody else: ` +
      'two people seem to share the folder.';
    findings.push({ userId, kind: 'SEVERAL_PEOPLE', message });
  }
  return findings;
}

function isSomebodyElse(image: EnrolledImage): boolean {
  if (image.status !== 'rejected') return false;
  return image.reason === 'LOW_MATCH_CONFIDENCE' || image.reason === 'ASSOCIATED_TO_A_DIFFERENT_USER';
}
