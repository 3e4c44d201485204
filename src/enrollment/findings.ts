import { fromUserId } from '../names.js';
import type { UnsearchableReason } from '../service/searches.js';
import type { Finding, RejectedPhoto } from './bulk-enrollment.js';
import type { EnrolledImage, RejectedImage, RejectionReason } from './enrollment.js';

/** What is wrong with a photo and what to do, by the reason for which it was rejected. */
const WORDS: { readonly [reason in RejectionReason | UnsearchableReason]?: string } = {
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

/** What is wrong with a photo, as it follows its name. */
export function whatIsWrong(reason: RejectionReason | UnsearchableReason): string {
  return WORDS[reason] ?? `was rejected: ${reason}`;
}

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
        `Crop it to ${fromUserId(userId)}, or have the largest face taken`
      );
    case 'LOW_MATCH_CONFIDENCE': {
      const { similarity } = face ?? {};
      const howAlike = similarity === undefined ? '' : ` (similarity ${similarity.toFixed(1)})`;
      return `shows somebody else than the other photos${howAlike}. Move it to the person it shows`;
    }
    case 'ASSOCIATED_TO_A_DIFFERENT_USER':
      return `belongs to ${face?.userId === undefined ? 'another user' : fromUserId(face.userId)} already. Take it away from one of the two`;
    default:
      return `${whatIsWrong(reason)}${error ? ` (${error.message})` : ''}`;
  }
}

/** How many photos of a person could be used, and of how many somebody else is the face. */
interface PhotoCounts {
  readonly photos: number;
  readonly usable: number;
  readonly others?: number;
}

export function countsOf(images: readonly EnrolledImage[]): PhotoCounts {
  return {
    photos: images.length,
    usable: images.filter(({ status }) => status !== 'rejected').length,
    others: images.filter(isSomebodyElse).length,
  };
}

/** What somebody should know of a person's photos as a whole. */
export function findingsOf(userId: string, { photos, usable, others = 0 }: PhotoCounts): Finding[] {
  const name = fromUserId(userId);
  const findings: Record<Finding['kind'], string | false> = {
    NO_USABLE_PHOTO: usable === 0 && `${name} has no usable photo among ${photos}, and cannot be found.`,
    ONE_USABLE_PHOTO:
      usable === 1 &&
      `${name} has one usable photo. Add some: five, from different sides, make a good user vector.`,
    SEVERAL_PEOPLE:
      others > 1 &&
      `${name} has ${others} of ${photos} photos that show somebody else: two people seem to share the folder.`,
  };
  return Object.entries(findings).flatMap(([kind, message]) =>
    message ? { userId, kind: kind as Finding['kind'], message } : [],
  );
}

function isSomebodyElse(image: EnrolledImage): boolean {
  if (image.status !== 'rejected') return false;
  return image.reason === 'LOW_MATCH_CONFIDENCE' || image.reason === 'ASSOCIATED_TO_A_DIFFERENT_USER';
}
