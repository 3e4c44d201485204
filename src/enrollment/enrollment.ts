import type { LimitFunction } from 'p-limit';
import type { ImageSource } from '../images/image-source.js';
import type { AssociationReason, QualityReason, RejectedFace, Rejection } from '../service/reasons.js';
import type {
  CallOptions,
  DetectedFace,
  Face,
  Progress,
  QualityFilter,
  UserMatch,
  UserStatus,
} from '../types.js';

/** What to do with an image that shows several faces good enough to enroll. */
export type SeveralFaces =
  /** Leave the image out: nobody can tell whose face is meant. */
  | 'reject'
  /** Take the largest face. */
  | 'largest'
  /** Take them all, as for the members of a band that one user stands for. */
  | 'all';

export interface EnrollOptions extends CallOptions {
  /**
   * What to do with an image that shows several faces.
   *
   * @default 'reject'
   */
  severalFaces?: SeveralFaces | undefined;
  /**
   * How strict to be about poor faces.
   *
   * @default 'AUTO'
   */
  qualityFilter?: QualityFilter | undefined;
  /**
   * How alike a face must be to the user it is to become part of, 0 to 100. A user that is made anew is made of the
   * largest group of faces that are so alike, or of the first face; all others are compared with it.
   *
   * @default 75
   */
  threshold?: number | undefined;
  /**
   * Also searches for another user who is like this person, at this similarity or above, 0 to 100: `duplicateOf` in
   * the answer. Nothing else changes. 99 suits it. Takes one search.
   *
   * @default no search
   */
  duplicateThreshold?: number | undefined;
  /**
   * Most images in work at a time.
   *
   * @default 4
   */
  concurrency?: number | undefined;
  /**
   * Leave faces that were indexed and then rejected in the collection, where a search of faces finds them.
   *
   * @default false
   */
  keepRejected?: boolean | undefined;
  /** Called after each image, whatever became of it. */
  onProgress?: ((progress: Progress<ImageSource>) => void) | undefined;
}

/** Why an image did not become part of a user. */
export type RejectionReason =
  | 'NO_FACE'
  | 'SEVERAL_FACES'
  /** It could not be fetched or decoded, or the service could not read it; `error` says more. */
  | 'UNREADABLE_IMAGE'
  | QualityReason
  | AssociationReason;

/** A face that is part of a user, and the image it came from. */
export interface EnrolledFace extends Face {
  image: ImageSource;
}

/** An image that did not become part of a user, and why. */
export interface RejectedImage extends Rejection<RejectionReason> {
  status: 'rejected';
  image: ImageSource;
  /**
   * Every face that was seen in it, the largest first. Of `SEVERAL_FACES`, `cropFace(image, detectedFaces[n])` is the
   * image of one to enroll.
   */
  detectedFaces: readonly DetectedFace[];
  /** What the service said of its faces, when it was the user that they did not fit. */
  rejectedFaces: readonly RejectedFace[];
  /** For `UNREADABLE_IMAGE`. */
  error?: Error;
}

/** What became of one image. */
export type EnrolledImage =
  | {
      status: 'associated';
      image: ImageSource;
      faces: readonly EnrolledFace[];
      /** Its other faces, when all were to be taken and the user did not take some. */
      rejectedFaces: readonly RejectedFace[];
    }
  /** It was part of the user before, or stands twice in the list. */
  | { status: 'known'; image: ImageSource; faces: readonly EnrolledFace[] }
  | RejectedImage;

/** What came of enrolling a user. */
export interface Enrollment {
  userId: string;
  /** The user was made by this enrolment. A user that would have no face is not made. */
  userCreated: boolean;
  /** As the service answered the last association; `UPDATING` for a while, see `waitForUser`. */
  userStatus?: UserStatus;
  /** Another user who is like these faces, at `duplicateThreshold` or above, if any. */
  duplicateOf?: UserMatch;
  /** What became of every image, in the order they were given. */
  images: readonly EnrolledImage[];
  /** The faces of these images that are part of the user vector now, those that were before among them. */
  associated: readonly EnrolledFace[];
  rejected: readonly RejectedImage[];
}

/** The options with their defaults filled in. */
export interface EnrollRequest {
  severalFaces: SeveralFaces;
  qualityFilter: QualityFilter;
  threshold: number;
  duplicateThreshold: number | undefined;
  limit: LimitFunction;
  keepRejected: boolean;
  onProgress: ((progress: Progress<ImageSource>) => void) | undefined;
  limitInputPixels: number | undefined;
}
