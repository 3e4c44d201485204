import { InvalidArgumentError } from './errors.js';
import { LIMITS } from './limits.js';

/**
 * The id of a user for a name that the service would refuse: `Ada Lovelace` becomes `Ada::Lovelace`, `José` becomes
 * `Jos:e9:`. No two names have one id, and `fromUserId` gives the name again.
 *
 * Letters, digits and `_.-` stay as they are, and a single space becomes `::`. Whatever else stands together is written as
 * Unicode code points, in hexadecimal between colons: `a/日本` becomes `a:2f.65e5.672c:`. An id has room for some 25
 * Chinese or 30 Arabic characters. Names are compared by code points, of which `é` may have one or two.
 *
 * @throws InvalidArgumentError when the name is empty, or its id would have more than 128 characters
 */
export function toUserId(name: string): string {
  const { maxLength } = LIMITS.userId;
  const userId = typeof name === 'string' ? escapeName(name) : '';
  if (userId.length >= 1 && userId.length <= maxLength) return userId;
  throw new InvalidArgumentError('name', name, `a string of 1 to ${maxLength} characters when escaped`);
}

/** The name that `toUserId` made an id of. An id that it did not make is returned as it is, if that can be told. */
export function fromUserId(userId: string): string {
  return unescapeName(userId) ?? userId;
}

/** A name in the characters of the service's ids, as `toUserId` tells. */
export function escapeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]+/g, (others) => (others === ' ' ? '::' : `:${toHex(others)}:`));
}

/** The name, or undefined for what `escapeName` never gives. */
export function unescapeName(escaped: string): string | undefined {
  const name = escaped.replace(/:([0-9a-f.]*):/g, (_, codePoints: string) =>
    codePoints === '' ? ' ' : codePoints.split('.').map(fromHex).join(''),
  );
  return escapeName(name) === escaped ? name : undefined;
}

function toHex(text: string): string {
  return Array.from(text, (character) => character.codePointAt(0)!.toString(16)).join('.');
}

function fromHex(codePoint: string): string {
  const number = Number.parseInt(codePoint, 16);
  return number <= 0x10ffff ? String.fromCodePoint(number) : '';
}
