import { InvalidArgumentError } from './errors.js';
import { FACE_ATTRIBUTES, LIMITS, QUALITY_FILTERS } from './limits.js';

/**
 * Each of these throws an `InvalidArgumentError` that names the argument, its value and what is allowed, before
 * anything is sent. They take `unknown`: callers from JavaScript get the same answer as the compiler gives others.
 */

interface TextLimit {
  readonly maxLength: number;
  readonly pattern: RegExp;
  readonly words: string;
}

export function checkS3Client(argument: string, value: unknown): void {
  checkMethods(argument, value, ['send'], 'an S3Client');
}

/**
 * @param words what usually is given
 * @param hint what probably helps
 */
export function checkMethods(
  argument: string,
  value: unknown,
  names: readonly string[],
  words: string,
  hint?: string,
): void {
  const object = value as Record<string, unknown> | null | undefined;
  if (names.every((name) => typeof object?.[name] === 'function')) return;
  const methods = names.map((name) => `${name}()`).join(', ');
  throw new InvalidArgumentError(argument, value, `${words}, or anything else with ${methods}`, hint);
}

/** Many of something, to be listed as they are needed. Bytes, which can be iterated over too, are none. */
export function checkIterable(argument: string, value: unknown, allowed: string): void {
  const items = value as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  const isIterable =
    typeof items?.[Symbol.asyncIterator] === 'function' || typeof items?.[Symbol.iterator] === 'function';
  if (typeof value === 'object' && isIterable && !ArrayBuffer.isView(value)) return;
  throw new InvalidArgumentError(argument, value, allowed);
}

/**
 * How each option of a call is checked, by its name. An interface and its table cannot drift apart: the compiler wants
 * every option here, and takes no other.
 */
export type OptionChecks<Options> = {
  readonly [Name in keyof Options]-?: (argument: string, value: unknown) => void;
};

/**
 * The options as they were given, once each is known and has a value that makes sense. An option that nobody knows is
 * most likely misspelt, and ignoring it would do something else than was asked for. Its value stays out of the
 * message: it may be a secret.
 */
export function checkOptions<Options extends object>(
  options: Options,
  checks: OptionChecks<Options>,
  argument = 'options',
): Options {
  // A signal or an array in place of the options would otherwise be ignored.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new InvalidArgumentError(argument, options, 'an object of options');
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(checks, name)) continue;
    const known = Object.keys(checks).join(', ');
    throw new InvalidArgumentError(`${argument}.${name}`, name, `one of the options ${known}`);
  }
  for (const name of Object.keys(checks) as (keyof Options & string)[]) {
    if (options[name] !== undefined) checks[name](`${argument}.${name}`, options[name]);
  }
  return options;
}

/** For an option whose value is checked where it is used. */
export const anyValue = (): void => {};

export function checkSignal(argument: string, value: unknown): void {
  // The controller in place of its signal is a common slip.
  if (typeof (value as AbortSignal | null)?.throwIfAborted !== 'function') {
    const hint = value instanceof AbortController ? 'Give its signal.' : undefined;
    throw new InvalidArgumentError(argument, value, 'an AbortSignal', hint);
  }
}

export function checkBoolean(argument: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new InvalidArgumentError(argument, value, 'true or false');
}

export function checkFunction(argument: string, value: unknown): void {
  if (typeof value !== 'function') throw new InvalidArgumentError(argument, value, 'a function');
}

export function checkString(argument: string, value: unknown): void {
  if (typeof value !== 'string') throw new InvalidArgumentError(argument, value, 'a string');
}

export function checkCollectionId(value: unknown): asserts value is string {
  checkText('collectionId', value, LIMITS.collectionId);
}

export function checkUserId(value: unknown, argument = 'userId'): asserts value is string {
  checkText(argument, value, LIMITS.userId, 'toUserId makes such an id of any name.');
}

export function checkFaceId(value: unknown, argument = 'faceId'): asserts value is string {
  const isFace = typeof value === 'object' && value !== null && 'faceId' in value;
  checkText(argument, value, LIMITS.faceId, isFace ? 'Give its faceId.' : undefined);
}

export function checkExternalImageId(argument: string, value: unknown): void {
  checkText(argument, value, LIMITS.externalImageId);
}

export function checkFaceIds(
  value: unknown,
  argument = 'faceIds',
  maximum = Number.POSITIVE_INFINITY,
): asserts value is string[] {
  const length = Array.isArray(value) ? value.length : 0;
  if (length === 0 || length > maximum) {
    const most = maximum === Number.POSITIVE_INFINITY ? 'at least one face id' : `1 to ${maximum} face ids`;
    throw new InvalidArgumentError(argument, value, `an array of ${most}`);
  }
  for (const [index, faceId] of (value as unknown[]).entries()) checkFaceId(faceId, `${argument}[${index}]`);
}

export function checkTags(argument: string, value: unknown): void {
  const tags = Object.entries(typeof value === 'object' && value !== null ? value : { '': value });
  const { count, key, value: text, words } = LIMITS.tags;
  for (const [name, content] of tags) {
    const isTag = key.test(name) && typeof content === 'string' && text.test(content);
    if (!isTag || tags.length > count) throw new InvalidArgumentError(argument, value, words);
  }
}

/** A threshold: 0 to 100, both allowed, fractions too. One up to 1 is of another scale: 0.9 of 100 finds everybody. */
export function checkThreshold(argument: string, value: unknown): void {
  const isOfScaleToOne = typeof value === 'number' && value > 0 && value <= 1;
  if (typeof value === 'number' && value >= 0 && value <= 100 && !isOfScaleToOne) return;
  // 0.29 times 100 is 28.999999999999996.
  const hint = isOfScaleToOne ? `Did you mean ${Number((value * 100).toPrecision(12))}?` : '';
  throw new InvalidArgumentError(argument, value, 'a number from 0 to 100', hint);
}

/** A difference of two similarities: 0 to 100. Small ones are what it is for, so 0.5 is no slip. */
export function checkMargin(argument: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value <= 100) return;
  throw new InvalidArgumentError(argument, value, 'a number from 0 to 100');
}

export function checkCount(
  argument: string,
  value: unknown,
  maximum = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > maximum) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? 'of 1 or more' : `from 1 to ${maximum}`;
    throw new InvalidArgumentError(argument, value, `a whole number ${range}`);
  }
}

export function checkQualityFilter(argument: string, value: unknown): void {
  checkOneOf(argument, value, QUALITY_FILTERS);
}

export function checkAttributes(argument: string, value: unknown): void {
  if (!Array.isArray(value)) throw new InvalidArgumentError(argument, value, 'an array');
  for (const [index, attribute] of value.entries()) {
    checkOneOf(`${argument}[${index}]`, attribute, FACE_ATTRIBUTES);
  }
}

export function checkOneOf<Value extends string>(
  argument: string,
  value: unknown,
  allowed: readonly Value[],
): asserts value is Value {
  if (!allowed.includes(value as Value)) {
    throw new InvalidArgumentError(argument, value, `one of ${allowed.map((one) => `'${one}'`).join(', ')}`);
  }
}

/** @param hint what probably helps */
function checkText(argument: string, value: unknown, limit: TextLimit, hint?: string): void {
  const { maxLength, pattern, words } = limit;
  if (typeof value !== 'string' || value.length > maxLength || !pattern.test(value))
    throw new InvalidArgumentError(argument, value, words, hint);
}
