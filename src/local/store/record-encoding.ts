import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import type { StoredRecord } from './store.js';

/*
 * A record as bytes; all numbers little endian:
 *
 *   4 bytes   CRC-32 of the record's key and of all bytes that follow
 *   4 bytes   length of the JSON text
 *   …         JSON in UTF-8: [the record without its Float32Arrays, { name: length of each of those }]
 *   …         the numbers of the arrays, one after the other
 *
 * The key is part of the checksum, so that a record under the wrong key is noticed too.
 */

const HEADER_BYTES = 8;
const IS_BIG_ENDIAN = endianness() === 'BE';

/** The bytes are not what was written under this key. */
export class UndecodableRecordError extends Error {}

export function encodeRecord(key: string, record: StoredRecord): Buffer {
  const arrays = Object.entries(record).filter(isArrayOfNumbers);
  const lengths = Object.fromEntries(arrays.map(([name, numbers]) => [name, numbers.length]));
  const json = Buffer.from(JSON.stringify([arrays.length > 0 ? without(record, lengths) : record, lengths]));

  const bytes = Buffer.concat([
    Buffer.alloc(HEADER_BYTES),
    json,
    ...arrays.map(([, array]) => toBytes(array)),
  ]);
  bytes.writeUInt32LE(json.length, 4);
  bytes.writeUInt32LE(checksum(key, bytes), 0);
  return bytes;
}

/** Whether the bytes are those that were written under this key. */
export function isIntact(key: string, bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && checksum(key, bytes) === bytes.readUInt32LE(0);
}

/**
 * @param bytes are copied: what is answered does not depend on them
 * @throws UndecodableRecordError when they are not what was written under this key
 */
export function decodeRecord<Stored extends StoredRecord>(key: string, bytes: Uint8Array): Stored {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isIntact(key, buffer)) throw new UndecodableRecordError(`The record "${key}" is damaged.`);

  let end = HEADER_BYTES + buffer.readUInt32LE(4);
  const [record, lengths] = parse(key, buffer.toString('utf8', HEADER_BYTES, end));
  for (const [name, length] of Object.entries(lengths)) {
    const start = end;
    end += 4 * length;
    // Whoever made this record may have meant harm: a checksum is no proof of good will.
    if (!Number.isInteger(length) || length < 0 || end > buffer.length)
      throw new UndecodableRecordError(`The record "${key}" is shorter than it says.`);
    Object.defineProperty(record, name, {
      value: fromBytes(buffer.subarray(start, end)),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  if (end !== buffer.length) throw new UndecodableRecordError(`The record "${key}" is longer than it says.`);
  return record as Stored;
}

function parse(key: string, json: string): [StoredRecord, Record<string, number>] {
  try {
    const [record, lengths] = JSON.parse(json);
    if (isObject(lengths) && (isObject(record) || (record === true && Object.keys(lengths).length === 0)))
      return [record, lengths];
  } catch {}
  throw new UndecodableRecordError(`The record "${key}" is none of ours.`);
}

function isObject(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null;
}

function isArrayOfNumbers(entry: [string, unknown]): entry is [string, Float32Array] {
  return entry[1] instanceof Float32Array;
}

function without(record: StoredRecord, names: object): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !Object.hasOwn(names, name)));
}

function checksum(key: string, bytes: Uint8Array): number {
  return crc32(bytes.subarray(4), crc32(key));
}

function toBytes(numbers: Float32Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return IS_BIG_ENDIAN ? Buffer.from(bytes).swap32() : bytes;
}

function fromBytes(bytes: Buffer): Float32Array {
  // A copy of its own, which begins where an array of numbers may.
  const copy = new Uint8Array(bytes);
  if (IS_BIG_ENDIAN) Buffer.from(copy.buffer).swap32();
  return new Float32Array(copy.buffer);
}
