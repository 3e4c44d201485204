import type { CallCost, CostOptions } from '../enrollment/plan.js';
import type { CallCount, CallsPerSecond } from '../service/paced-client.js';
import type { CallOptions, Progress, UserStatus } from '../types.js';

export interface AuditOptions extends CallOptions {
  /**
   * How alike two faces of one person are at least, 0 to 100, and a face and the user it may belong to. Higher finds
   * more faces that are somebody else's, and suspects more poor photos of the right person.
   *
   * @default 80
   */
  threshold?: number | undefined;
  /**
   * How alike two users are at least that look like one person, 0 to 100. The more users there are, the more pairs of
   * strangers are so alike.
   *
   * @default 99
   */
  duplicateThreshold?: number | undefined;
  /**
   * How alike two faces are at least that look like one photo, 0 to 100. A photo that was saved again or made smaller
   * is so alike to itself.
   *
   * @default 99.9
   */
  repeatThreshold?: number | undefined;
  /**
   * With how many different photos a user is good enough.
   *
   * @default 3
   */
  minFaces?: number | undefined;
  /**
   * Most searches in flight.
   *
   * @default 16
   */
  concurrency?: number | undefined;
  /** As for `enrollMany`. */
  pace?: CallsPerSecond | 'none' | undefined;
  /** Called after each user, and after each face that belongs to nobody. */
  onProgress?: ((progress: Progress<Audited>) => void) | undefined;
}

/** A user that has been audited, or a face that belongs to nobody. */
export type Audited =
  | { userId: string; findings: readonly AuditFinding[] }
  | { faceId: string; findings: readonly AuditFinding[] };

/** A face, and what its photo is called if it was enrolled with a name. */
interface OfFace {
  faceId: string;
  photoName?: string;
}

/** A user, and how alike it is, 0 to 100. */
export interface LikelyUser {
  userId: string;
  similarity: number;
}

/** Something about a collection's users that somebody should look at. Ids are as `moveFaces` and the others take them. */
export type AuditFinding = {
  /** What it is and what to do, in a sentence. */
  message: string;
} & (
  | ({
      /** The face looks like another user, and less like its own. */
      kind: 'MISFILED_FACE';
      userId: string;
      /** To the most alike other face of its user. Absent where none is at the threshold. */
      similarity?: number;
      likelyUser: LikelyUser;
    } & OfFace)
  | ({
      /** The face is unlike the other faces of its user, and like nobody else. */
      kind: 'STRAY_FACE';
      userId: string;
    } & OfFace)
  /** Two users look like one person. The first has no more faces than the second. */
  | { kind: 'DUPLICATE_USERS'; userIds: readonly [from: string, into: string]; similarity: number }
  /** The user has fewer faces than `minFaces`, or none. */
  | { kind: 'TOO_FEW_FACES'; userId: string; faces: number }
  | {
      /** The user has `minFaces` faces or more, but of fewer photos that differ. */
      kind: 'TOO_SIMILAR_FACES';
      userId: string;
      faces: number;
      /** How many photos differ. */
      different: number;
      /** Faces that are as good as one photo. */
      repeated: readonly (readonly string[])[];
    }
  | ({
      /** The face belongs to nobody. */
      kind: 'NOBODYS_FACE';
      /** Who is most like it, at the threshold. */
      likelyUser?: LikelyUser;
    } & OfFace)
  /** The user had faces and was not `ACTIVE`, neither when the audit began nor when it ended. */
  | { kind: 'NOT_ACTIVE'; userId: string; status: UserStatus }
);

/** What came of auditing a collection's users. */
export interface UserAudit {
  /** How many there are of each. */
  users: number;
  faces: number;
  findings: readonly AuditFinding[];
  /** Searches that failed: what they would have told is not among the findings. */
  failed: readonly ({ error: Error } & ({ userId: string } | { faceId: string }))[];
  /** By operation. */
  calls: Readonly<Record<string, CallCount>>;
  milliseconds: number;
  /** The signal's reason, where it ended this early. What was found by then is true all the same. */
  stopped?: unknown;
}

export interface AuditPlanOptions extends CallOptions, CostOptions {}

/** What an audit will take. To look closer at each face that is suspicious takes one more SearchUsers. */
export interface AuditPlan extends CallCost {
  users: number;
  faces: number;
}

/** The options with their defaults filled in. */
export interface AuditRequest {
  threshold: number;
  duplicateThreshold: number;
  repeatThreshold: number;
  minFaces: number;
  concurrency: number;
  pace: CallsPerSecond | 'none' | undefined;
  onProgress: ((progress: Progress<Audited>) => void) | undefined;
}
