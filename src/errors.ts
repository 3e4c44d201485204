/**
 * One class for each thing a caller would do differently. Errors of the service (`ResourceNotFoundException` …)
 * are not among them: they pass through unchanged.
 */
export abstract class RekollectError extends Error {
  /** What to switch on; never changes with the wording of the message. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An argument that the service would refuse. Nothing was sent. Correct the call. */
export class InvalidArgumentError extends RekollectError {
  readonly code = 'INVALID_ARGUMENT';
  /** Which argument, as a path: `userId`, `options.threshold`, `faceIds[3]`. */
  readonly argument: string;
  /** What was given. Long values are cut in the message, not here. */
  readonly value: unknown;
  /** What would have been taken, in words. */
  readonly allowed: string;

  constructor(argument: string, value: unknown, allowed: string) {
    super(`${argument} must be ${allowed}, not ${preview(value)}.`);
    this.name = 'InvalidArgumentError';
    this.argument = argument;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Why an image could not be used. */
export type ImageProblem =
  /** It could not be fetched: no such file or object, no permission. */
  | 'NOT_FOUND'
  /** Nothing that can be decoded: not an image, cut short, or damaged. */
  | 'NOT_AN_IMAGE'
  /** An image in a format this machine cannot decode, such as HEIC. */
  | 'UNSUPPORTED_FORMAT'
  /** More pixels than `limitInputPixels`: a decompression bomb, or a picture to shrink first. */
  | 'TOO_MANY_PIXELS';

/** An image that cannot be used. Replace the image; the message says what is wrong with this one. */
export class UnreadableImageError extends RekollectError {
  readonly code = 'UNREADABLE_IMAGE';
  /** The image source's name. */
  readonly image: string;
  readonly problem: ImageProblem;

  constructor(image: string, problem: ImageProblem, message: string, options?: ErrorOptions) {
    super(`${image}: ${message}`, options);
    this.name = 'UnreadableImageError';
    this.image = image;
    this.problem = problem;
  }
}

/** An optional package is needed and not installed. Run the command in the message. */
export class MissingPackageError extends RekollectError {
  readonly code = 'MISSING_PACKAGE';
  readonly packageName: string;
  /** The command that installs it. */
  readonly install: string;

  constructor(packageName: string, neededFor: string, install: string, options?: ErrorOptions) {
    super(`${neededFor} needs the package ${packageName}, which is not installed. Run: ${install}`, options);
    this.name = 'MissingPackageError';
    this.packageName = packageName;
    this.install = install;
  }
}

/** What a failed enrolment could not take back, so that the caller can. */
export interface LeftBehind {
  /** The user was made by this enrolment and still exists. */
  user: boolean;
  /** Faces that were associated to the user and still are. */
  associatedFaceIds: readonly string[];
  /** Faces that were indexed and are still in the collection. */
  faceIds: readonly string[];
}

/**
 * An enrolment failed, and so did taking back what it had made. `cause` is what went wrong first. Enrolling the
 * same images again is safe and completes it; or delete what `leftBehind` names.
 */
export class EnrollmentIncompleteError extends RekollectError {
  readonly code = 'ENROLLMENT_INCOMPLETE';
  readonly userId: string;
  readonly leftBehind: LeftBehind;

  constructor(userId: string, leftBehind: LeftBehind, options: ErrorOptions) {
    const { user, associatedFaceIds, faceIds } = leftBehind;
    super(
      `Enrolling user "${userId}" failed, and these could not be taken back: ` +
        `${user ? 'the new user, ' : ''}${associatedFaceIds.length} associated and ${faceIds.length} indexed faces. ` +
        'Enroll the same images again, or delete what `leftBehind` names.',
      options,
    );
    this.name = 'EnrollmentIncompleteError';
    this.userId = userId;
    this.leftBehind = leftBehind;
  }
}

/** Waited for a user that does not exist, or has no faces that a vector could be made of. */
export class UserNotReadyError extends RekollectError {
  readonly code = 'USER_NOT_READY';
  readonly userId: string;

  constructor(userId: string, why: string) {
    super(`User "${userId}" ${why}`);
    this.name = 'UserNotReadyError';
    this.userId = userId;
  }
}

/** The face that was searched is not the one that was meant: a neighbour stood in for it. Its answer was dropped. */
export class WrongFaceError extends RekollectError {
  readonly code = 'WRONG_FACE';
  constructor(message: string) {
    super(message);
    this.name = 'WrongFaceError';
  }
}

/** The value as a reader of a log wants it: short, quoted, and never the bytes of an image. */
function preview(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  if (typeof value === 'function') return 'a function';
  return String(value);
}
