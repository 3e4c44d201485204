import type { LimitFunction } from 'p-limit';
import type { CallCount, CallsPerSecond } from '../service/paced-client.js';
import type { Enrollment, EnrollOptions, EnrollRequest, RejectedImage } from './enrollment.js';
import type { LeftOutFile } from './people.js';

/** How many people are enrolled: how fast, and what becomes of photos that are gone. */
export interface EnrollManyOptions extends Omit<EnrollOptions, 'onProgress'> {
  /**
   * Most people in work at a time, and most photos of all of them.
   *
   * @default 16
   */
  concurrency?: number | undefined;
  /**
   * Your quotas, in calls a second by operation, where they are not the default ones. What you do not name keeps its
   * default. 95 % of them are used, and less while the service throttles. `none` holds nothing back.
   *
   * @default what Amazon Rekognition allows in the client's Region; nothing is held back with the local
   * engine, an endpoint of your own, or a mock
   */
  pace?: CallsPerSecond | 'none' | undefined;
  /**
   * Delete the faces of photos that are gone. Otherwise they are only reported.
   *
   * @default false
   */
  prune?: boolean | undefined;
  /** Called after each person, whatever became of them. */
  onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** How far it is. There is no total, for the people are still being listed. */
export interface BulkProgress extends Counts {
  latest: PersonEnrollment;
}

/** What became of one person. */
export type PersonEnrollment =
  | {
      status: 'enrolled';
      userId: string;
      enrollment: Enrollment;
      former: readonly FormerPhoto[];
    }
  /** All of it was enrolled before, and nothing was sent. */
  | { status: 'unchanged'; userId: string; photos: number }
  /** It was taken back, unless the error is an `IncompleteError`. */
  | { status: 'failed'; userId: string; error: Error };

/** A photo that a user's faces came from and that is not there any more. */
export interface FormerPhoto {
  photo: string;
  faceIds: readonly string[];
  /** Whether another content has its name now, or nothing has. */
  status: 'changed' | 'gone';
  /** Whether its faces were deleted. Those of a photo that changed are, once the new one is part of the user. */
  deleted: boolean;
}

/** A photo that did not become part of its user. */
export interface RejectedPhoto extends Pick<RejectedImage, 'reason' | 'reasons' | 'error'> {
  userId: string;
  photo: string;
  /** What is wrong with it and what to do, in a sentence. */
  message: string;
}

/** Something about a person's photos that somebody should look at. */
export interface Finding {
  userId: string;
  kind:
    | 'NO_USABLE_PHOTO'
    /** One photo alone makes a poor user vector. */
    | 'ONE_USABLE_PHOTO'
    /** Several photos show somebody else than the others. */
    | 'SEVERAL_PEOPLE';
  /** What it is and what to do, in a sentence. */
  message: string;
}

interface Counts {
  people: number;
  usersCreated: number;
  photos: number;
  /** Photos that became part of their user. */
  associated: number;
  /** Photos that were part of their user before. */
  known: number;
}

/** What came of enrolling many people. */
export interface BulkEnrollment extends Counts {
  rejected: readonly RejectedPhoto[];
  former: readonly (FormerPhoto & { userId: string })[];
  failed: readonly { userId: string; error: Error }[];
  leftOut: readonly LeftOutFile[];
  findings: readonly Finding[];
  /** Users with faces who are not among these people. Nothing was done about them. */
  otherUsers: readonly string[];
  /** By operation. */
  calls: Readonly<Record<string, CallCount>>;
  milliseconds: number;
  /** The signal's reason, where it ended this early. The report is true all the same. */
  stopped?: unknown;
}

/** The options with their defaults filled in. */
export interface BulkRequest extends EnrollRequest {
  concurrency: number;
  /** For the photos of all people. */
  limit: LimitFunction;
  pace: CallsPerSecond | 'none' | undefined;
  prune: boolean;
  onPerson: ((progress: BulkProgress) => void) | undefined;
}
