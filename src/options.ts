import type { GroupingProgress } from './face-grouping/face-groups.js';
import type { ManyPhotosOptions, PhotosProgress } from './photo-search/searched-photo.js';
import type { CommandClient } from './service/client.js';
import type { ServiceCall } from './service/observed-client.js';
import type { CallOptions, FaceAttribute, QualityFilter } from './types.js';

/** Who answers a collection, and what is checked and told on the way. */
export interface FaceCollectionOptions {
  /** Who answers: a `RekognitionClient`, a `LocalRekognition`, or anything else with `send(command)`. */
  client: CommandClient;
  /**
   * Most pixels that an image may have; one with more is refused before it is decoded.
   *
   * @default 134_217_728
   */
  limitInputPixels?: number | undefined;
  /**
   * Called for each call to the service when it has ended, for metrics, traces and a running count of what is billed.
   * It reports and never steers: what it throws becomes a warning of the process.
   */
  onCall?: ((call: ServiceCall) => void) | undefined;
}

/** What a new collection gets. */
export interface CreateOptions extends CallOptions {
  /** Tags of the collection: at most 200. They need the permission `rekognition:TagResource`. */
  tags?: Readonly<Record<string, string>> | undefined;
}

/** How often to ask whether a user is ready. */
export interface WaitOptions extends CallOptions {
  /**
   * Milliseconds between two list calls. The service allows five list calls a second for the whole account.
   *
   * @default 1000
   */
  interval?: number | undefined;
}

/** Which faces of an image are stored, and under which name. */
export interface IndexOptions extends CallOptions {
  /**
   * Your name for the image. The same image under the same name is stored once, however often it is indexed.
   * Letters, digits and `_.-:`, at most 255.
   */
  externalImageId?: string | undefined;
  /** Store no more faces than this. Faces of poor quality are dropped first, then small ones. */
  maxFaces?: number | undefined;
  /**
   * How strict to be about poor faces.
   *
   * @default 'AUTO'
   */
  qualityFilter?: QualityFilter | undefined;
  /** What to tell of each face beside its box, landmarks, pose and quality. */
  attributes?: readonly FaceAttribute[] | undefined;
}

/** Which faces to list. */
export interface ListFacesOptions extends CallOptions {
  /** Only the faces of this user. */
  userId?: string | undefined;
  /** Only these faces: 1 to 4096. */
  faceIds?: readonly string[] | undefined;
}

/** Which faces may be deleted. */
export interface DeleteFacesOptions extends CallOptions {
  /**
   * Delete faces that belong to a user too, by taking them from the user first. Otherwise they are rejected
   * (`ASSOCIATED_TO_AN_EXISTING_USER`).
   *
   * @default false
   */
  evenIfAssociated?: boolean | undefined;
}

/** What to tell of each face. */
export interface DetectOptions extends CallOptions {
  /** What to tell of each face beside its box, landmarks, pose and quality. */
  attributes?: readonly FaceAttribute[] | undefined;
}

/** From which similarity on faces match. */
export interface CompareOptions extends CallOptions {
  /**
   * The weakest match worth returning, 0 to 100.
   *
   * @default 80
   */
  threshold?: number | undefined;
  /**
   * How strict to be about poor faces.
   *
   * @default 'NONE'
   */
  qualityFilter?: QualityFilter | undefined;
}

/** How alike faces must be to the user that they become part of. */
export interface AssociateOptions extends CallOptions {
  /**
   * How alike a face must be to the user it is to become part of, 0 to 100. The first faces of a user are taken
   * without.
   *
   * @default 75
   */
  threshold?: number | undefined;
}

/** From which similarity on somebody is an answer, and how many of them. */
export interface SearchOptions extends CallOptions {
  /**
   * The weakest match that counts as one, 0 to 100.
   * Raise it to 99 where a wrong name costs more than a missing one.
   *
   * @default 80
   */
  threshold?: number | undefined;
  /**
   * The weakest match worth suggesting, 0 to 100 and below `threshold`. Where nobody is at `threshold` and somebody at
   * this one, the answer is `suggested` in place of `unmatched`, from the same search.
   *
   * @default none: nothing is suggested
   */
  suggestionThreshold?: number | undefined;
  /**
   * How far the most alike user must be ahead of the next, in points of similarity, 0 to 100. The answer is `ambiguous`
   * where another user at the threshold is no further behind than this. Not for a search that starts from a user.
   *
   * @default 0: only users who are exactly as alike
   */
  margin?: number | undefined;
  /**
   * Most matches to return: up to 4096 faces, or 500 users.
   *
   * @default 10
   */
  limit?: number | undefined;
  /**
   * Whether an `unmatched` answer tells the nearest match below the thresholds, as `best`, so that they can be tuned
   * without searching again. Matches stay the same.
   *
   * @default false
   */
  best?: boolean | undefined;
  /**
   * How strict to be about poor faces. Only for a search that starts from an image.
   *
   * @default 'NONE'
   */
  qualityFilter?: QualityFilter | undefined;
}

/** How the faces of a photo are searched. */
export interface SearchPhotoOptions extends SearchOptions {
  /**
   * What to search: users, whose vectors combine several faces and tell people apart best, or single faces.
   *
   * @default 'users'
   */
  by?: 'users' | 'faces' | undefined;
  /**
   * Whether a user is given to one face of the photo at most. Users then go to the faces where all similarities at the
   * threshold add up to the most; `taken` says what a face lost by it. Not for collages, or where there are mirrors.
   *
   * @default false
   */
  uniqueUsers?: boolean | undefined;
  /**
   * Most calls in flight.
   *
   * @default 4
   */
  concurrency?: number | undefined;
}

/** How the faces of many photos are searched. */
export interface SearchPhotosOptions extends Omit<SearchPhotoOptions, 'concurrency'>, ManyPhotosOptions {
  /** Called after each photo, whatever became of it. */
  onProgress?: ((progress: PhotosProgress) => void) | undefined;
}

/** Which faces are grouped, and how alike those of a group are. */
export interface GroupFacesOptions extends ManyPhotosOptions {
  /**
   * Which faces to group: those who are nobody of the collection, or all of them.
   *
   * @default 'unknown'
   */
  faces?: 'unknown' | 'all' | undefined;
  /**
   * How alike two groups must be on average to be taken for one person, 0 to 100. Raise it where a wrong face in a group
   * costs more than a person in two groups.
   *
   * @default 90
   */
  threshold?: number | undefined;
  /**
   * How strict to be about poor faces, which are not grouped.
   *
   * @default 'AUTO'
   */
  qualityFilter?: QualityFilter | undefined;
  /** Called after each photo, and then after each face. */
  onProgress?: ((progress: GroupingProgress) => void) | undefined;
}
