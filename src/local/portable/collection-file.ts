import { collectionId, externalImageId, faceId, tags, userId } from '../protocol/request-shapes.js';
import { checkRequest } from '../protocol/validation.js';
import { joined, unpackOne } from '../records/packed-vectors.js';
import type { FaceDetails, KeptSpace, NewFace } from '../records/records.js';
import type { ByView } from '../search/face-vectors.js';
import { type RoundedVectors, rounded } from '../search/rounded-vectors.js';
import { decodeRecord, encodeRecord } from '../store/record-encoding.js';
import type { StoredRecord } from '../store/store.js';
import { UnknownFormatError, UnreadableCollectionError } from '../store/store-errors.js';
import { ByteReader } from './byte-reader.js';

/*
 * An exported collection, as bytes:
 *
 *   a line     `rekollect collection 2`, the number being the format's
 *   frames     each of them 4 bytes, little endian, that tell the length of what follows, and then one record as
 *              stores encode it. A record's key is the frame's number, so none can be missing or out of place.
 *
 * The first frame tells about the collection, then come its faces, its users and the end.
 */

const FORMAT = 2;
const TITLE = /^rekollect collection (\d{1,9})\n/;
const LONGEST_TITLE = 'rekollect collection 123456789\n'.length;

/** Far above what is written, in bytes and in values of its text; whoever says more means harm. */
const LONGEST_FRAME = 8 * 1024 * 1024;
const MOST_VALUES = 2 ** 15;

/** So many faces of a frame, or users and faces of theirs, are checked and answered together. Others have their turn. */
const PER_PIECE = 64;

/** What the first frame says. */
export interface ExportedCollection {
  readonly collectionId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly faceCount: number;
  readonly userCount: number;
  /** Of its vectors; none when there are no faces. */
  readonly spaces: ByView<KeptSpace>;
}

/** A user, and the faces it is made of. Its vector is made anew from theirs. */
export interface ExportedUser {
  readonly userId: string;
  readonly faceIds: readonly string[];
}

/** Faces which all have vectors of the same views, in their order: those from the front whole, others as bytes. */
export interface FacesFrame {
  readonly kind: 'faces';
  readonly faces: readonly FaceDetails[];
  readonly numbers?: Float32Array;
  readonly codes?: Int8Array;
  readonly scales?: Float32Array;
}

/** One record of the file. */
export type Frame =
  | { readonly kind: 'collection'; readonly collection: ExportedCollection }
  | FacesFrame
  | { readonly kind: 'users'; readonly users: readonly ExportedUser[] }
  | { readonly kind: 'end' };

export function encodeTitle(): Buffer {
  return Buffer.from(`rekollect collection ${FORMAT}\n`);
}

/** @param faces one or more which all have vectors of the same views */
export function toFacesFrame(faces: readonly NewFace[]): FacesFrame {
  const front = faces.flatMap((face) => face.vectors.front ?? []);
  const profile = faces.flatMap((face) => face.vectors.profile ?? []);
  const { codes, scales } = profile.length > 0 ? rounded(profile) : ({} as Partial<RoundedVectors>);
  return {
    kind: 'faces',
    faces: faces.map(({ vectors: _, ...face }) => face),
    ...(front.length > 0 && { numbers: joined(front) }),
    ...(codes && scales && { codes, scales }),
  };
}

export function facesOf({ faces, numbers, codes, scales }: FacesFrame): NewFace[] {
  return faces.map((face, i) => ({
    ...face,
    vectors: {
      ...(numbers && { front: unpackOne({ numbers }, faces.length, i) }),
      ...(codes && scales && { profile: unpackOne({ codes, scales }, faces.length, i) }),
    },
  }));
}

/** @param number of the frame: 0 for the first */
export function encodeFrame(number: number, frame: Frame): Buffer {
  const record = encodeRecord(keyOf(number), frame);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(record.length);
  return Buffer.concat([length, record]);
}

/**
 * The frames of an exported collection; long ones in pieces, so that each is taken in within a moment. Each is what its
 * kind says; whether they make sense together is not checked. The last one is the end, and nothing comes after it.
 *
 * @throws UnreadableCollectionError, UnknownFormatError; the signal's reason; whatever the source throws
 */
export async function* readFrames(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Frame, void, void> {
  const bytes = new ByteReader(source, signal);
  try {
    await readTitle(bytes);
    let isEnd = false;
    for (let number = 0; !isEnd; number++) {
      const header = await bytes.read(4);
      const length = header.length < 4 ? 0 : header.readUInt32LE();
      if (length > LONGEST_FRAME) throw new UnreadableCollectionError(`it has a frame of ${length} bytes`);
      const record = await bytes.read(length);
      if (length === 0 || record.length < length) throw new UnreadableCollectionError('its end is missing');
      for (const frame of piecesOf(number, record)) {
        isEnd = frame.kind === 'end';
        yield frame;
      }
    }
    if ((await bytes.read(1)).length > 0)
      throw new UnreadableCollectionError('something comes after its end');
  } finally {
    await bytes.close();
  }
}

async function readTitle(bytes: ByteReader): Promise<void> {
  let line = '';
  for (let byte = '?'; byte !== '' && byte !== '\n' && line.length < LONGEST_TITLE; line += byte)
    byte = (await bytes.read(1)).toString('latin1');
  const title = TITLE.exec(line);
  if (!title) throw new UnreadableCollectionError('it does not begin as one');
  const format = Number(title[1]);
  if (format !== FORMAT) throw new UnknownFormatError(undefined, format, FORMAT);
}

function* piecesOf(number: number, bytes: Buffer): Generator<Frame, void, void> {
  try {
    yield* checkFrame(decodeRecord(keyOf(number), bytes, { mostValues: MOST_VALUES }));
  } catch (error) {
    throw new UnreadableCollectionError(`frame ${number} cannot be read`, { cause: error });
  }
}

function keyOf(number: number): string {
  return `frame/${number}`;
}

const ratio = { type: 'float' } as const;
const count = { type: 'integer', min: 0 } as const;

const SPACE = structure({
  version: { type: 'string', min: 1 },
  length: { type: 'integer', min: 1 },
  metric: { type: 'string', enum: ['cosine', 'euclidean'] },
});
const COLLECTION = structure({
  collectionId,
  createdAt: count,
  faceCount: count,
  userCount: count,
  tags,
  spaces: structure({}, { front: SPACE, profile: SPACE }),
});
const FACE = structure(
  {
    faceId,
    imageId: faceId,
    boundingBox: structure({ left: ratio, top: ratio, width: ratio, height: ratio }),
    confidence: { type: 'float', min: 0, max: 100 },
  },
  { externalImageId },
);
const USER = structure({ userId, faceIds: { type: 'list', member: faceId } });

type Shape = Parameters<typeof checkRequest>[0];

function structure(required: Shape['members'], optional: Shape['members'] = {}): Shape {
  return { type: 'structure', members: { ...required, ...optional }, required: Object.keys(required) };
}

/** The file may come from anywhere: what is stored has to be what a request could have made. */
function* checkFrame(record: StoredRecord): Generator<Frame, void, void> {
  const frame = record as Partial<Record<string, unknown>>;
  switch (frame.kind) {
    case 'collection':
      yield { kind: 'collection', collection: checkRequest(COLLECTION, frame.collection) };
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

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('A list is missing.');
}

function* checkUsers(all: readonly unknown[]): Generator<Frame, void, void> {
  let [users, size]: [ExportedUser[], number] = [[], 0];
  for (const each of all) {
    const user = checkRequest<ExportedUser>(USER, each);
    users.push(user);
    size += 1 + user.faceIds.length;
    if (size < PER_PIECE) continue;
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
  for (let from = 0; from < faces.length; from += PER_PIECE) {
    const some = faces.slice(from, from + PER_PIECE);
    const ofSome = <Numbers extends Float32Array | Int8Array>(all: Numbers) =>
      all.subarray(
        (all.length / faces.length) * from,
        (all.length / faces.length) * (from + some.length),
      ) as Numbers;
    yield {
      kind: 'faces',
      faces: some.map((face) => checkRequest<FaceDetails>(FACE, face)),
      ...(packed.numbers && { numbers: ofSome(packed.numbers) }),
      ...(packed.codes && packed.scales && { codes: ofSome(packed.codes), scales: ofSome(packed.scales) }),
    };
  }
}

function numbersOf(value: unknown): Float32Array {
  if (value instanceof Float32Array && value.every(Number.isFinite)) return value;
  throw new TypeError('Its numbers are missing, or not finite.');
}
