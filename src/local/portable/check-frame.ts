import { LIMITS } from '../../limits.js';
import type { FaceDetails, KeptSpace } from '../records/records.js';
import type { ByView } from '../search/face-vectors.js';
import type { ExportedCollection, ExportedUser, FacesFrame, Frame } from './frames.js';

/*
 * An exported collection may come from anywhere, and be made to harm. So each frame is checked: what is stored has to
 * be what a request could have made.
 */

/** So many faces of a frame, or users and faces of theirs, are checked at a time. */
const CHECKED_AT_A_TIME = 64;

type Check = (value: unknown) => boolean;

/** How each member of an object is checked. */
type Checks<Checked> = { readonly [Name in keyof Checked]-?: Check };

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isText =
  ({ maxLength, pattern }: { maxLength: number; pattern: RegExp }): Check =>
  (value) =>
    typeof value === 'string' && value.length <= maxLength && pattern.test(value);
const isOptional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isObjectOf =
  <Checked>(checks: Checks<Checked>): Check =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(checks, name)) &&
    Object.entries<Check>(checks).every(([name, check]) => check(value[name]));

const isFaceId = isText(LIMITS.faceId);

const isSpace = isObjectOf<KeptSpace>({
  version: (value) => typeof value === 'string' && value !== '',
  length: (value) => isCount(value) && value !== 0,
  metric: (value) => value === 'cosine' || value === 'euclidean',
});

const COLLECTION: Checks<ExportedCollection> = {
  collectionId: isText(LIMITS.collectionId),
  createdAt: isCount,
  tags: (value) =>
    isObject(value) &&
    Object.keys(value).length <= LIMITS.tags.count &&
    Object.entries(value).every(
      ([key, text]) => LIMITS.tags.key.test(key) && typeof text === 'string' && LIMITS.tags.value.test(text),
    ),
  faceCount: isCount,
  userCount: isCount,
  spaces: isObjectOf<ByView<KeptSpace>>({ front: isOptional(isSpace), profile: isOptional(isSpace) }),
};

const FACE: Checks<FaceDetails> = {
  faceId: isFaceId,
  imageId: isFaceId,
  externalImageId: isOptional(isText(LIMITS.externalImageId)),
  boundingBox: isObjectOf({ left: isNumber, top: isNumber, width: isNumber, height: isNumber }),
  confidence: (value) => isNumber(value) && (value as number) >= 0 && (value as number) <= 100,
};

const USER: Checks<ExportedUser> = {
  userId: isText(LIMITS.userId),
  faceIds: (value) => Array.isArray(value) && value.every(isFaceId),
};

/**
 * A record of the file as a frame; a long one in pieces, each of which is stored in a few milliseconds.
 *
 * @throws TypeError
 */
export function* checkFrame(record: object): Generator<Frame, void, void> {
  const frame = record as Partial<Record<string, unknown>>;
  switch (frame.kind) {
    case 'collection':
      yield { kind: 'collection', collection: checked(COLLECTION, frame.collection) };
      return;
    case 'faces':
      yield* checkFaces(frame);
      return;
    case 'users':
      yield* checkUsers(listOf(frame.users));
      return;
    case 'end':
      yield { kind: 'end' };
      return;
    default:
      throw new TypeError('It is of no kind that is known.');
  }
}

/** What is known of the members of an object. */
function checked<Checked>(checks: Checks<Checked>, value: unknown): Checked {
  const members = Object.entries<Check>(checks).map(([name, check]) => {
    const member = isObject(value) ? value[name] : undefined;
    if (!check(member)) throw new TypeError(`Its ${name} cannot be stored.`);
    return [name, member] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as Checked;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('A list is missing.');
}

function* checkUsers(all: readonly unknown[]): Generator<Frame, void, void> {
  let [users, size]: [ExportedUser[], number] = [[], 0];
  for (const each of all) {
    const user = checked(USER, each);
    users.push(user);
    size += 1 + user.faceIds.length;
    if (size < CHECKED_AT_A_TIME) continue;
    yield { kind: 'users', users };
    [users, size] = [[], 0];
  }
  yield { kind: 'users', users };
}

function* checkFaces(frame: Partial<Record<string, unknown>>): Generator<FacesFrame, void, void> {
  const { numbers, codes, scales } = frame;
  const faces = listOf(frame.faces);
  if (numbers === undefined && codes === undefined) throw new TypeError('Its vectors are missing.');
  if (codes !== undefined && !(codes instanceof Int8Array)) throw new TypeError('Its codes are no bytes.');
  const packed = {
    ...(numbers !== undefined && { numbers: numbersOf(numbers) }),
    ...(codes !== undefined && { codes, scales: numbersOf(scales) }),
  };
  for (const array of Object.values(packed))
    if (array.length % faces.length !== 0) throw new TypeError('Its vectors are not all there.');
  for (let from = 0; from < faces.length; from += CHECKED_AT_A_TIME) {
    const some = faces.slice(from, from + CHECKED_AT_A_TIME);
    const ofSome = <Numbers extends Float32Array | Int8Array>(all: Numbers) =>
      all.subarray(
        (all.length / faces.length) * from,
        (all.length / faces.length) * (from + some.length),
      ) as Numbers;
    yield {
      kind: 'faces',
      faces: some.map((face) => checked(FACE, face)),
      ...(packed.numbers && { numbers: ofSome(packed.numbers) }),
      ...(packed.codes && packed.scales && { codes: ofSome(packed.codes), scales: ofSome(packed.scales) }),
    };
  }
}

function numbersOf(value: unknown): Float32Array {
  if (value instanceof Float32Array && value.every(Number.isFinite)) return value;
  throw new TypeError('Its numbers are missing, or not finite.');
}
