import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import type { StoredRecord } from './store.js';

/*
 * A record as bytes; all numbers little endian:
 *
 *   4 bytes   CRC-32 of the record's key and of all bytes that follow
 *   4 bytes   length of the JSON text
 *   …         JSON in UTF-8, filled up with blanks to a multiple of 4 bytes: [the record without its arrays of
 *             numbers, { name: what each of those is }]: its length, or [its kind, its length] if it is no Float32Array
 *   …         the numbers of the arrays, one after the other, each filled up to a multiple of 4 bytes
 *
 * The key is part of the checksum, so that a record under the wrong key is noticed too.
 */

const HEADER_BYTES = 8;
const IS_BIG_ENDIAN = endianness() === 'BE';

/** The bytes are not what was written under this key. */
export class UndecodableRecordError extends Error {}

/** Arrays of numbers begin at multiples of so many bytes. */
const ALIGNMENT = 4;

/** The kinds of arrays, as the JSON names them. */
const KINDS = { f32: Float32Array, i8: Int8Array, u8: Uint8Array, i32: Int32Array };

type Kind = keyof typeof KINDS;
type Numbers = InstanceType<(typeof KINDS)[Kind]>;
type ArrayShape = number | [Kind, number];

/** A record as bytes. */
export function encodeRecord(key: string, record: StoredRecord): Buffer {
  const arrays = Object.entries(record).filter(isArrayOfNumbers);
  const shapes = Object.fromEntries(arrays.map(([name, numbers]) => [name, shapeOf(numbers)]));
  const json = Buffer.from(JSON.stringify([arrays.length > 0 ? without(record, shapes) : record, shapes]));

  const jsonLength = aligned(json.length);
  let end = HEADER_BYTES + jsonLength;
  const places = arrays.map(([, { byteLength }]) => {
    const start = end;
    end += aligned(byteLength);
    return start;
  });
  const bytes = Buffer.alloc(end);
  bytes.writeUInt32LE(jsonLength, 4);
  bytes.fill(' ', HEADER_BYTES, HEADER_BYTES + jsonLength).set(json, HEADER_BYTES);
  for (const [i, [, numbers]] of arrays.entries()) bytes.set(toBytes(numbers), places[i]!);
  bytes.writeUInt32LE(checksum(key, bytes), 0);
  return bytes;
}

/** Whether the bytes are those that were written under this key. */
export function isIntact(key: string, bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && checksum(key, bytes) === bytes.readUInt32LE(0);
}

/**
 * @param bytes are copied: what is answered does not depend on them
 * @param options.mostValues in its JSON text, for bytes that may have been made to harm. @default any number
 * @throws UndecodableRecordError when they are not what was written under this key
 */
export function decodeRecord<Stored extends StoredRecord>(
  key: string,
  bytes: Uint8Array,
  { mostValues = Number.POSITIVE_INFINITY } = {},
): Stored {
  // A copy that begins where arrays of numbers may: they share its memory.
  return decode(key, bytes, (buffer) => new Uint8Array(buffer), mostValues);
}

/**
 * The same without a copy: its arrays of numbers may share the memory of the bytes.
 *
 * @throws UndecodableRecordError
 */
export function decodeUncopied<Stored extends StoredRecord>(key: string, bytes: Uint8Array): Stored {
  return decode(key, bytes, IS_BIG_ENDIAN ? (buffer) => new Uint8Array(buffer) : (buffer) => buffer);
}

function decode<Stored extends StoredRecord>(
  key: string,
  bytes: Uint8Array,
  own: (bytes: Uint8Array) => Uint8Array,
  mostValues = Number.POSITIVE_INFINITY,
): Stored {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isIntact(key, buffer)) throw new UndecodableRecordError(`The record "${key}" is damaged.`);

  let end = HEADER_BYTES + buffer.readUInt32LE(4);
  if (hasMoreValues(buffer.subarray(HEADER_BYTES, end), mostValues))
    throw new UndecodableRecordError(`The record "${key}" has more than ${mostValues} values.`);
  const [record, shapes] = parse(key, buffer.toString('utf8', HEADER_BYTES, end));
  const arrays = Object.entries(shapes);
  const numbers = arrays.length > 0 ? own(buffer) : buffer;
  for (const [name, shape] of arrays) {
    const { kind, length } = readShape(key, shape);
    const start = end;
    end += aligned(length * KINDS[kind].BYTES_PER_ELEMENT);
    if (end > numbers.length)
      throw new UndecodableRecordError(`The record "${key}" is shorter than it says.`);
    Object.defineProperty(record, name, {
      value: fromBytes(kind, numbers, start, length),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (end !== numbers.length) throw new UndecodableRecordError(`The record "${key}" is longer than it says.`);
  return record as Stored;
}

/** Whether a text may have more than so many values: each but the first comes after a comma or an opening bracket. */
function hasMoreValues(json: Buffer, most: number): boolean {
  if (json.length <= most) return false;
  let values = 1;
  for (const byte of json) if (byte === 0x2c || byte === 0x5b || byte === 0x7b) values++;
  return values > most;
}

function parse(key: string, json: string): [StoredRecord, Record<string, unknown>] {
  try {
    const [record, shapes] = JSON.parse(json);
    if (isObject(shapes) && (isObject(record) || (record === true && Object.keys(shapes).length === 0)))
      return [record, shapes];
  } catch {}
  throw new UndecodableRecordError(`The record "${key}" is none of ours.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isArrayOfNumbers(entry: [string, unknown]): entry is [string, Numbers] {
  return Object.values(KINDS).some((kind) => entry[1] instanceof kind);
}

function shapeOf(numbers: Numbers): ArrayShape {
  if (numbers instanceof Float32Array) return numbers.length;
  const kinds = Object.keys(KINDS) as Kind[];
  return [kinds.find((kind) => numbers instanceof KINDS[kind])!, numbers.length];
}

/** Bytes that were made to harm have a checksum that fits, too. */
function readShape(key: string, shape: unknown): { kind: Kind; length: number } {
  const [kind, length] = Array.isArray(shape) ? shape : ['f32', shape];
  if (Object.hasOwn(KINDS, kind) && Number.isInteger(length) && length >= 0) return { kind, length };
  throw new UndecodableRecordError(`The record "${key}" has an array of no kind that is known.`);
}

function without(record: StoredRecord, names: object): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !Object.hasOwn(names, name)));
}

function checksum(key: string, bytes: Uint8Array): number {
  return crc32(bytes.subarray(4), crc32(key));
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function toBytes(numbers: Numbers): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return isSwapped(numbers.BYTES_PER_ELEMENT) ? Buffer.from(bytes).swap32() : bytes;
}

function fromBytes(kind: Kind, bytes: Uint8Array, start: number, length: number): Numbers {
  const Numbers = KINDS[kind];
  const byteLength = length * Numbers.BYTES_PER_ELEMENT;
  const isSwappedHere = isSwapped(Numbers.BYTES_PER_ELEMENT);
  // The record itself may begin anywhere.
  if ((bytes.byteOffset + start) % ALIGNMENT === 0 && !isSwappedHere)
    return new Numbers(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, length);
  // Not `slice`, which copies nothing where the bytes are a Buffer.
  const own = new Uint8Array(bytes.subarray(start, start + byteLength));
  if (isSwappedHere) Buffer.from(own.buffer, own.byteOffset, byteLength).swap32();
  return new Numbers(own.buffer, own.byteOffset, length);
}

function isSwapped(bytesPerElement: number): boolean {
  return IS_BIG_ENDIAN && bytesPerElement === 4;
}
