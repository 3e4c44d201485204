import { types } from 'node:util';

/** What the errors of all copies of this library share: of two installs, or of ESM and CommonJS. */
const BRAND = Symbol.for('rekollect.error');

/**
 * One class for each thing a caller would do differently; `isRekollectError` tells them. Errors of the service
 * (`ResourceNotFoundException` …) are not among them: they pass through as they are, see `withAdvice`.
 */
export abstract class RekollectError extends Error {
  /** What to switch on; never changes with the wording of the message. */
  abstract readonly code: string;

  static {
    Object.defineProperty(RekollectError.prototype, BRAND, { value: true });
  }
}

type FrontError =
  | InvalidArgumentError
  | UnreadableImageError
  | MissingPackageError
  | IncompleteError
  | UserIsFullError
  | UserNotReadyError
  | WrongFaceError;

/**
 * Whether something thrown is an error of this library, and of this code. Unlike `instanceof` it knows those of another
 * copy of the library too: a second install, or the CommonJS beside the ESM.
 *
 * @example
 * if (isRekollectError(error, 'INCOMPLETE')) console.warn(error.leftBehind);
 */
export function isRekollectError(thrown: unknown): thrown is RekollectError;
export function isRekollectError<Code extends FrontError['code']>(
  thrown: unknown,
  code: Code,
): thrown is Extract<FrontError, { code: Code }>;
export function isRekollectError<Code extends string>(
  thrown: unknown,
  code: Code,
): thrown is RekollectError & { code: Code };
export function isRekollectError(thrown: unknown, code?: string): boolean {
  if (typeof thrown !== 'object' || thrown === null || !(BRAND in thrown)) return false;
  return code === undefined || ('code' in thrown && thrown.code === code);
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

  /** @param hint a sentence on what was probably meant */
  constructor(
    argument: string,
    value: unknown,
    allowed: string,
    hint = types.isPromise(value) ? 'Await it first.' : '',
  ) {
    super(`${argument} must be ${allowed}, not ${preview(value)}.${hint && ` ${hint}`}`);
    this.name = 'InvalidArgumentError';
    this.argument = argument;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Why an image could not be used. */
export type ImageProblem =
  /** It could not be fetched: no such file or object, no permission, or no file but a folder, a pipe or a device. */
  | 'NOT_FOUND'
  /** It was being downloaded, and came too slowly or not at all. It may come the next time. */
  | 'TOO_SLOW'
  /** Nothing that can be decoded: not an image, cut short, or damaged. */
  | 'NOT_AN_IMAGE'
  /** An image in a format that is not decoded here, such as a raw photo. Convert it first. */
  | 'UNSUPPORTED_FORMAT'
  /** A file or a download of more than 512 MB: surely no photo, and it would have to be held in memory. */
  | 'TOO_MANY_BYTES'
  /** More pixels than `limitInputPixels`: a decompression bomb, or a picture to shrink first. */
  | 'TOO_MANY_PIXELS'
  /** No photo: it was made to take minutes or gigabytes to decode, or was not decoded in time. */
  | 'TOO_COSTLY';

/** An image that cannot be used. Replace the image; the message says what is wrong with this one. */
export class UnreadableImageError extends RekollectError {
  readonly code = 'UNREADABLE_IMAGE';
  /** The image source's name. A long one is cut in the message, not here: it may hold the image. */
  readonly image: string;
  readonly problem: ImageProblem;

  constructor(image: string, problem: ImageProblem, message: string, options?: ErrorOptions) {
    super(`${cut(image, 300)}: ${message}`, options);
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

  /** @param options `alternative`: a package that would do as well, and is not installed either */
  constructor(
    packageName: string,
    neededFor: string,
    install: string,
    { alternative, ...options }: ErrorOptions & { alternative?: string | undefined } = {},
  ) {
    const missing =
      alternative === undefined
        ? `${packageName}, which is not installed`
        : `${packageName} or ${alternative}, and neither is installed`;
    super(`${neededFor} needs the package ${missing}. Run: ${install}`, options);
    this.name = 'MissingPackageError';
    this.packageName = packageName;
    this.install = install;
  }
}

/** What an interrupted operation made, or had still to delete. */
export interface Remains {
  /** A collection that was made for the operation. Delete it. */
  collectionId?: string;
  /** The user. */
  user: boolean;
  /** Faces that are associated to the user. */
  associatedFaceIds: readonly string[];
  /** Faces that are in the collection. */
  faceIds: readonly string[];
}

/** What an interrupted operation left. Nothing else is there. */
export interface LeftBehind {
  /** Was there at the last check. */
  certain: Remains;
  /** May be there, or may appear yet: the answer of a call was lost, and what it did could not be found out. */
  possible: Remains & {
    /** Images whose faces may be in the collection: their faces are listed with this `externalImageId`. */
    externalImageIds: readonly string[];
  };
}

const NOTHING: LeftBehind['possible'] = {
  user: false,
  associatedFaceIds: [],
  faceIds: [],
  externalImageIds: [],
};

/** What is left, or `undefined` when that is nothing. */
export function leftBehind(
  certain: Partial<LeftBehind['certain']>,
  possible: Partial<LeftBehind['possible']> = {},
): LeftBehind | undefined {
  const isThere = (remains: Partial<LeftBehind['possible']>) =>
    Object.values(remains).some((left) => (typeof left === 'boolean' ? left : left.length > 0));
  if (!isThere(certain) && !isThere(possible)) return undefined;
  const { externalImageIds: _, ...nothing } = NOTHING;
  return { certain: { ...nothing, ...certain }, possible: { ...NOTHING, ...possible } };
}

/**
 * An operation of several calls failed half-way, and what it left could not be cleared away. `cause` is what went
 * wrong first. Calling again is safe and completes it; or clear away what `leftBehind` names.
 */
export class IncompleteError extends RekollectError {
  readonly code = 'INCOMPLETE';
  /** Whom it was about, where it was about a user. */
  readonly userId: string | undefined;
  readonly leftBehind: LeftBehind;

  /** @param operation as in "Erasing user" */
  constructor(operation: string, userId: string | undefined, leftBehind: LeftBehind, options: ErrorOptions) {
    const { certain, possible } = leftBehind;
    const parts = [inWords(certain), inWords(possible, 'possibly ')].filter((part) => part !== '');
    super(
      `${operation}${userId === undefined ? '' : ` user "${userId}"`} failed half-way and left behind: ` +
        `${parts.join('; ')}. Call it again, or clear away what \`leftBehind\` names.`,
      options,
    );
    this.name = 'IncompleteError';
    this.userId = userId;
    this.leftBehind = leftBehind;
  }
}

function inWords(remains: Partial<LeftBehind['possible']>, adverb = ''): string {
  const { collectionId, user, associatedFaceIds = [], faceIds = [], externalImageIds = [] } = remains;
  const left = [
    ...(collectionId === undefined ? [] : [`the collection "${collectionId}", to be deleted`]),
    ...(user ? ['the user'] : []),
    ...(associatedFaceIds.length > 0 ? [`${associatedFaceIds.length} associated faces`] : []),
    ...(faceIds.length > 0 ? [`${faceIds.length} faces in the collection`] : []),
    ...(externalImageIds.length > 0 ? [`faces of ${externalImageIds.length} images`] : []),
  ];
  return left.length > 0 ? adverb + left.join(', ') : '';
}

/** A user would have more faces than a user vector takes. Nothing was changed. Take the poorest away first. */
export class UserIsFullError extends RekollectError {
  readonly code = 'USER_IS_FULL';
  readonly userId: string;
  /** Faces that it has. */
  readonly faces: number;
  /** Faces that were to become part of it. */
  readonly added: number;

  /** @param most faces that a user takes */
  constructor(userId: string, { faces, added, most }: { faces: number; added: number; most: number }) {
    super(
      `User "${userId}" has ${faces} faces, and ${added} more are over the ${most} that a user takes. ` +
        `Delete or disassociate ${faces + added - most} first.`,
    );
    this.name = 'UserIsFullError';
    this.userId = userId;
    this.faces = faces;
    this.added = added;
  }
}

/** Why a user is not ready. */
export type NotReadyReason =
  | 'NO_SUCH_USER'
  /** Nothing that a vector could be made of: associate some. */
  | 'USER_WITHOUT_FACES'
  /** It may be ready later: give a signal to wait longer. */
  | 'TOO_SLOW';

/** Waited for a user that will not be ready, or was not in time. */
export class UserNotReadyError extends RekollectError {
  readonly code = 'USER_NOT_READY';
  readonly userId: string;
  readonly reason: NotReadyReason;

  /** @param message what follows on the user's name */
  constructor(userId: string, reason: NotReadyReason, message: string) {
    super(`User "${userId}" ${message}`);
    this.name = 'UserNotReadyError';
    this.userId = userId;
    this.reason = reason;
  }
}

/** The face that was searched is not the one that was meant but a neighbour. Its matches were dropped. */
export class WrongFaceError extends RekollectError {
  readonly code = 'WRONG_FACE';
  constructor(message: string) {
    super(message);
    this.name = 'WrongFaceError';
  }
}

/** What was thrown, as an error: code of the caller's own may throw anything, and other realms have an `Error` each. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error || types.isNativeError(thrown)) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : 'What was thrown is no error.', { cause: thrown });
}

/** The value as a reader of a log wants it: short, quoted, and never the bytes of an image. */
function preview(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, 80));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return withArticle(value.constructor?.name ?? 'object');
  if (typeof value === 'function') return 'a function';
  return String(value);
}

/** The name of a class as a sentence has it: an Object, a Buffer, an S3Client; but a URL, a Uint8Array. */
function withArticle(name: string): string {
  return `${/^(?!U[Ri]|Uni)[AEIOUaeiou]|^S3/.test(name) ? 'an' : 'a'} ${name}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
