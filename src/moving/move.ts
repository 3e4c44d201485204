import type { LeftOutFile, People, Person } from '../enrollment/people.js';
import type { CallCost, PlanOptions } from '../enrollment/plan.js';
import type { ImageSource } from '../images/image-source.js';
import type { CallCount, CallsPerSecond } from '../service/paced-client.js';
import type { AssociationReason, QualityReason } from '../service/reasons.js';
import type { CallOptions, Progress, QualityFilter } from '../types.js';

/**
 * Photos that faces of a collection may have come from: `fromFolder('people')`, `fromBucket({ bucket, prefix })`, or
 * anything that iterates over people, images, or both. Whose folder a photo lies in does not matter.
 */
export type PhotosAtHand =
  | People
  | Iterable<Person | LeftOutFile | ImageSource>
  | AsyncIterable<Person | LeftOutFile | ImageSource>;

export interface MoveOptions extends CallOptions {
  /**
   * How alike a face must be to the user it is to become part of, 0 to 100. Above 0 faces may be left behind that belong
   * to their users: two models do not see the same likeness.
   *
   * @default 0: whoever belonged to a user does
   */
  threshold?: number | undefined;
  /**
   * How strict to be about poor faces. Anything but `NONE` may leave faces behind that the collection has.
   *
   * @default 'NONE'
   */
  qualityFilter?: QualityFilter | undefined;
  /**
   * Most users in work at a time, and most photos of all of them.
   *
   * @default 16
   */
  concurrency?: number | undefined;
  /** As for `enrollMany`. */
  pace?: CallsPerSecond | 'none' | undefined;
  /** Called after each user, and after the faces of each photo that belong to nobody. */
  onProgress?: ((progress: Progress<MovedPart>) => void) | undefined;
}

export interface MovePlanOptions extends PlanOptions {
  /** Most photos that are read at a time. @default 16 */
  concurrency?: number | undefined;
}

/** Why a face was not moved. */
export type UnmovedReason =
  /** Its photo is not among those given. */
  | 'PHOTO_MISSING'
  /** The photo of its name has another content now. */
  | 'PHOTO_CHANGED'
  /** It was indexed by other means than enrolling: nothing says which photo it came from. */
  | 'UNKNOWN_PHOTO'
  /** Its photo could not be fetched or decoded, or the service could not read it; `error` says more. */
  | 'UNREADABLE_IMAGE'
  /** The other model sees no face where it was. */
  | 'NO_FACE'
  | QualityReason
  | AssociationReason
  /** A call failed, see `error`. Moving again completes it. */
  | 'FAILED';

/** A face that was not moved, and why. */
export interface UnmovedFace {
  /** Its id in the collection that it stays in. */
  faceId: string;
  /** Whose it is; absent for nobody's. */
  userId?: string;
  photoName?: string;
  externalImageId?: string;
  reason: UnmovedReason;
  /** What it is and what to do, in a sentence. */
  message: string;
  error?: Error;
}

/** A user that is not in the other collection, since none of its faces is, or since a call failed. */
export interface UnmovedUser {
  userId: string;
  reason: 'NO_FACE_MOVED' | 'FAILED';
  /** What it is and what to do, in a sentence. */
  message: string;
  error?: Error;
}

/** What became of a user, or of the faces of a photo that belong to nobody. */
export interface MovedPart {
  /** Absent for faces that belong to nobody. */
  userId?: string;
  /** The ids of its faces in the other collection, by those they had. */
  faceIds: ReadonlyMap<string, string>;
  /** Of these, how many were there before. */
  known: number;
  unmoved: readonly UnmovedFace[];
  /** Why the user is not in the other collection, where it is not. */
  unmovedUser?: UnmovedUser;
}

/** What came of moving a collection. All its faces are in `faceIds` or in `unmoved`, unless it was stopped. */
export interface CollectionMove extends Counts {
  /** Faces that came into the other collection, or to their user, by this. */
  moved: number;
  /** Faces that were there before. */
  known: number;
  /** The ids of faces in the other collection, by those they had: of all that are there, whenever they were moved. */
  faceIds: ReadonlyMap<string, string>;
  unmoved: readonly UnmovedFace[];
  unmovedUsers: readonly UnmovedUser[];
  /** Photos that were given. */
  photos: number;
  /** Of these, how many the collection has no face of. Nothing was done about them. */
  otherPhotos: number;
  leftOut: readonly LeftOutFile[];
  /** What the other collection is seen to hold in the end, from a listing of its own. Absent where it was stopped. */
  comparison?: MoveComparison;
  /** To the other collection, by operation. The one that is moved is listed, and asked nothing else. */
  calls: Readonly<Record<string, CallCount>>;
  milliseconds: number;
  /** The signal's reason, where it ended this early. The report is true of all that was reached. */
  stopped?: unknown;
}

/** Two collections, counted after a move. */
export interface MoveComparison {
  from: Counts;
  /** With what it had before. */
  to: Counts;
  /**
   * The old ids of faces that are in `faceIds` and that the listing does not show with their user. Normally none; on
   * AWS a listing may be seconds behind.
   */
  unconfirmed: readonly string[];
}

interface Counts {
  users: number;
  faces: number;
}

/** What moving a collection will take, if its photos show what they showed. */
export interface MovePlan extends CallCost, Counts {
  /** Faces that will be moved. */
  movable: number;
  /** Faces that are there already. */
  known: number;
  /** Faces that cannot be moved, and why, as far as it shows without asking the service. */
  unmoved: readonly UnmovedFace[];
  photos: number;
  otherPhotos: number;
  leftOut: readonly LeftOutFile[];
  /** Vectors that will be added: of faces and of users. */
  vectors: number;
  /** Of keeping them, where a price was given. */
  pricePerMonth?: number;
}

/** The options with their defaults filled in. */
export interface MoveRequest {
  threshold: number;
  qualityFilter: QualityFilter;
  concurrency: number;
  pace: CallsPerSecond | 'none' | undefined;
  onProgress: ((progress: Progress<MovedPart>) => void) | undefined;
  limitInputPixels: number | undefined;
}
