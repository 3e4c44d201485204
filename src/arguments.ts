import { InvalidArgumentError } from './errors.js';
import type { ImageSource } from './images/image-source.js';
import type { CallOptions, SearchOptions } from './options.js';
import type { CommandClient } from './service/client.js';
import { DEFAULTS, LIMITS } from './service/limits.js';
import type { ImageMatchRequest } from './service/searches.js';
import type { FaceAttribute, QualityFilter } from './types.js';

/**
 * Each of these throws an `InvalidArgumentError` that names the argument, its value and what is allowed, before
 * anything is sent. They take `unknown`: callers from JavaScript get the same answer as the compiler gives others.
 */

const QUALITY_FILTERS: readonly QualityFilter[] = ['NONE', 'AUTO', 'LOW', 'MEDIUM', 'HIGH'];

const FACE_ATTRIBUTES: readonly FaceAttribute[] = [
  'DEFAULT',
  'ALL',
  'AGE_RANGE',
  'BEARD',
  'EMOTIONS',
  'EYEGLASSES',
  'EYES_OPEN',
  'EYE_DIRECTION',
  'FACE_OCCLUDED',
  'GENDER',
  'MOUTH_OPEN',
  'MUSTACHE',
  'SMILE',
  'SUNGLASSES',
];

interface TextLimit {
  readonly maxLength: number;
  readonly pattern: RegExp;
  readonly words: string;
}

export function checkClient(value: unknown): asserts value is CommandClient {
  if (typeof (value as CommandClient | undefined)?.send !== 'function') {
    throw new InvalidArgumentError(
      'options.client',
      value,
      'a RekognitionClient, a LocalRekognition, or anything else with send(command)',
    );
  }
}

/** The signal of the options of a call. To give the controller itself is a slip that would otherwise go unseen. */
export function signalOf(options: CallOptions): AbortSignal | undefined {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError('options', options, 'an object');
  }
  const { signal } = options;
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new InvalidArgumentError('options.signal', signal, 'an AbortSignal');
  }
  return signal;
}

export function checkCollectionId(value: unknown): asserts value is string {
  checkText('collectionId', value, LIMITS.collectionId);
}

export function checkUserId(value: unknown, argument = 'userId'): asserts value is string {
  checkText(argument, value, LIMITS.userId);
}

export function checkFaceId(value: unknown, argument = 'faceId'): asserts value is string {
  checkText(argument, value, LIMITS.faceId);
}

export function checkExternalImageId(value: unknown): asserts value is string {
  checkText('options.externalImageId', value, LIMITS.externalImageId);
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

export function checkImage(value: unknown, argument = 'image'): asserts value is ImageSource {
  const source = value as Partial<ImageSource> | null | undefined;
  const isSource =
    typeof source === 'object' &&
    source !== null &&
    typeof source.read === 'function' &&
    // Streams and file handles can be read too, but not as images are.
    typeof source.name === 'string';
  if (isSource) return;
  // A bare string could be a path, a key or base64, so it says nothing.
  throw new InvalidArgumentError(
    argument,
    value,
    "an image source, such as fromFile('photo.jpg'), fromBuffer(bytes) or fromS3({ bucket, key })",
  );
}

export function checkTags(value: unknown): asserts value is Record<string, string> {
  const tags = Object.entries(typeof value === 'object' && value !== null ? value : { '': value });
  const { count, key, value: text } = LIMITS.tags;
  for (const [name, content] of tags) {
    const isTag = key.test(name) && typeof content === 'string' && text.test(content);
    if (!isTag || tags.length > count) {
      throw new InvalidArgumentError(
        'options.tags',
        value,
        `up to ${count} names of 1 to 128 characters, not starting with "aws:", with texts of up to 256; ` +
          'letters, digits, spaces and _.:/=+-@',
      );
    }
  }
}

export function checkImages(value: unknown): asserts value is readonly ImageSource[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new InvalidArgumentError('images', value, 'an array of at least one image source');
  }
  for (const [index, image] of value.entries()) checkImage(image, `images[${index}]`);
}

/** A threshold: 0 to 100, both allowed, fractions too. */
export function checkPercent(argument: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError(argument, value, 'a number from 0 to 100');
  }
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

export function checkQualityFilter(value: unknown): asserts value is QualityFilter {
  checkOneOf('options.qualityFilter', value, QUALITY_FILTERS);
}

export function checkAttributes(value: unknown): asserts value is readonly FaceAttribute[] {
  if (!Array.isArray(value)) throw new InvalidArgumentError('options.attributes', value, 'an array');
  for (const [index, attribute] of value.entries()) {
    checkOneOf(`options.attributes[${index}]`, attribute, FACE_ATTRIBUTES);
  }
}

/** The options of a search, checked, with their defaults filled in. */
export function checkSearch(options: SearchOptions, mostMatches: number): ImageMatchRequest {
  const {
    threshold = DEFAULTS.searchThreshold,
    limit = DEFAULTS.matches,
    qualityFilter = DEFAULTS.searchQualityFilter,
  } = options;
  checkPercent('options.threshold', threshold);
  checkCount('options.limit', limit, mostMatches);
  checkQualityFilter(qualityFilter);
  return { threshold, limit, qualityFilter };
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

/** Whether a search starts from the stored face, or the user, of this id. */
export function isIdOf<Key extends 'faceId' | 'userId'>(
  key: Key,
  value: unknown,
): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}

function checkText(argument: string, value: unknown, { maxLength, pattern, words }: TextLimit): void {
  if (typeof value !== 'string' || value.length > maxLength || !pattern.test(value)) {
    const allowed = maxLength === LIMITS.faceId.maxLength ? words : `1 to ${maxLength} of ${words}`;
    throw new InvalidArgumentError(argument, value, allowed);
  }
}
