import { InvalidArgumentError } from './errors.js';
import { LIMITS } from './limits.js';

/**
 * Names in the letters that the service allows for user ids and external image ids, and back. Letters without accents,
 * digits, `_`, `.` and `-` stay; every other byte of a name in UTF-8 becomes `:` and two hexadecimal digits, as in URLs.
 * No two names become the same.
 */
export function escapeName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_.-]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `:${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** The name that was escaped so; nothing, when none was. */
export function unescapeName(escaped: string): string | undefined {
  const bytes = Buffer.from(
    escaped.replace(/:([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const name = bytes.toString();
  return escapeName(name) === escaped ? name : undefined;
}

/**
 * A user id for any name, as of a folder: "ada" is its own, "Ada Lovelace" becomes `Ada:20Lovelace`, and "José"
 * `Jos:c3:a9`. `nameOfUser` gives the name again, and no two names have the same id.
 *
 * @throws InvalidArgumentError when the name is empty, is no valid Unicode, or takes more than 128 characters
 */
export function toUserId(name: string): string {
  const { maxLength } = LIMITS.userId;
  const userId = typeof name === 'string' && !/\p{Surrogate}/u.test(name) ? escapeName(name) : '';
  if (userId.length >= 1 && userId.length <= maxLength) return userId;
  throw new InvalidArgumentError('name', name, `1 to ${maxLength} characters once it is escaped, in Unicode`);
}

/** The name that `toUserId` made a user id of. A user id that it did not make is its own name. */
export function nameOfUser(userId: string): string {
  return unescapeName(userId) ?? userId;
}
