import { decodeRecord, encodeRecord } from '../store/record-encoding.js';
import { UnknownFormatError, UnreadableCollectionError } from '../store/store-errors.js';
import { ByteReader } from './byte-reader.js';
import { checkFrame } from './check-frame.js';
import type { Frame } from './frames.js';

/*
 * An exported collection, as bytes:
 *
 *   a line     `rekollect collection 2`, the number being the format's
 *   frames     each of them 4 bytes, little endian, the length of what follows, and then one record as
 *              stores encode it. A record's key is the frame's number, so none can be missing or out of place.
 *
 * The first frame describes the collection, then come its faces, its users and the end.
 */

const FORMAT = 2;
const TITLE = /^rekollect collection (\d{1,9})\n/;
const LONGEST_TITLE = 'rekollect collection 123456789\n'.length;

/** Far above what is written, in bytes and in values of its text. A frame of more was made to harm. */
const LONGEST_FRAME = 8 * 1024 * 1024;
const MOST_VALUES = 2 ** 15;

export function encodeTitle(): Buffer {
  return Buffer.from(`rekollect collection ${FORMAT}\n`);
}

/** @param number of the frame: 0 for the first */
export function encodeFrame(number: number, frame: Frame): Buffer {
  const record = encodeRecord(keyOf(number), frame);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(record.length);
  return Buffer.concat([length, record]);
}

/**
 * The frames of an exported collection; long ones in pieces, each of which is stored in a few milliseconds. Each is what its
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
