import { checkIterable } from '../arguments.js';
import { InvalidArgumentError } from '../errors.js';
import type { ImageSource } from '../images/image-source.js';
import { toUserId } from '../names.js';

/** Somebody to enroll, and all photos of them. */
export interface Person {
  /** 1 to 128 letters, digits and `_.:-`. `toUserId` makes one of any name. */
  userId: string;
  images: Iterable<ImageSource> | AsyncIterable<ImageSource>;
}

/** A file that is nobody's photo. */
export interface LeftOutFile {
  /** Its path, or its `s3://` address. */
  leftOut: string;
  reason: LeftOutReason;
}

/** Why a file is nobody's photo. */
export type LeftOutReason =
  /** It lies beside the people's folders, not in one of them. */
  | 'IN_NO_FOLDER'
  /** Its name does not end as that of an image that can be read: `.txt`, `.mp4`, `.cr2`. */
  | 'NO_IMAGE_NAME'
  /** Its name begins with a dot, as those that systems keep to themselves. */
  | 'HIDDEN'
  | 'EMPTY'
  /** It is a pipe, a socket, a device, or a link that leads nowhere or in a circle. */
  | 'NO_FILE'
  /** This process may not read it, or the folder that it is. */
  | 'NO_PERMISSION'
  /** S3 keeps it in an archive. Restore it first. */
  | 'ARCHIVED'
  /** The name of its folder makes no user id: it takes more than 128 characters, or is no valid Unicode. */
  | 'NO_USER_ID';

/** People to enroll, one after the other, and the files that were left out on the way. Each comes once. */
export type People = AsyncIterable<Person | LeftOutFile> | Iterable<Person | LeftOutFile>;

const IMAGE_NAMES = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|avif|hei[cf])$/i;

/**
 * Why a file of this name is nobody's photo, as far as its name and size tell. One without an extension is taken:
 * uploads often have none.
 */
export function whyLeftOut(fileName: string, bytes: number): LeftOutReason | undefined {
  if (fileName.startsWith('.')) return 'HIDDEN';
  if (/\.[^. ]{1,10}$/.test(fileName) && !IMAGE_NAMES.test(fileName)) return 'NO_IMAGE_NAME';
  return bytes === 0 ? 'EMPTY' : undefined;
}

/** The user id for a folder's name; nothing, when the name makes none. */
export function userIdFor(folderName: string): string | undefined {
  try {
    return toUserId(folderName);
  } catch {
    return undefined;
  }
}

export function checkPeople(value: unknown): asserts value is People {
  checkIterable(
    'people',
    value,
    "people to enroll, such as fromFolder('people'), fromBucket({ bucket }) or an array of { userId, images }",
  );
}

/** @throws InvalidArgumentError for what a source of the caller's own may give by mistake */
export function checkEntry(value: unknown, argument = 'people'): asserts value is Person | LeftOutFile {
  const entry = (typeof value === 'object' && value !== null ? value : {}) as Partial<Person & LeftOutFile>;
  const { images } = entry;
  const isIterable =
    typeof images === 'object' && (Symbol.asyncIterator in images || Symbol.iterator in images);
  if (typeof entry.leftOut === 'string' || ('userId' in entry && isIterable)) return;
  throw new InvalidArgumentError(argument, value, 'of persons, each { userId, images }');
}
