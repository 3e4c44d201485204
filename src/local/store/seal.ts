import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import { DamagedDataError } from './store-errors.js';

/*
 * LMDB has no checksums and maps its file into memory: a damaged page gives wrong answers or ends the process. So a
 * file that was closed carries a seal behind its last page, a checksum of all that comes before. It is checked and
 * taken off before LMDB sees the file again. A file without one belonged to a process that was killed; LMDB has kept
 * it consistent, and only its length is checked.
 */

/** Behind the last page: these bytes, then the CRC-32 of the file without the seal, little endian. */
const SEAL = Buffer.from('rekollect-seal\n\0');
const SEAL_BYTES = SEAL.length + 4;

const READ_BYTES = 4 * 1024 * 1024;

/** Puts the seal on a database file that nobody has open. */
export async function seal(file: string): Promise<void> {
  await withFile(file, async (handle) => {
    const { size } = await handle.stat();
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(await checksumOf(handle, size));
    await handle.write(Buffer.concat([SEAL, checksum]), 0, SEAL_BYTES, size);
    await handle.sync();
  });
}

/**
 * Checks a database file before it is opened, and takes its seal off.
 *
 * @throws DamagedDataError when it is not as it was when it was closed, or was cut short
 */
export async function unseal(file: string): Promise<void> {
  await withFile(file, async (handle) => {
    const { size } = await handle.stat();
    const length = size - SEAL_BYTES;
    const end = Buffer.alloc(SEAL_BYTES);
    if (length > 0) await handle.read(end, 0, SEAL_BYTES, length);
    if (end.subarray(0, SEAL.length).equals(SEAL)) {
      if ((await checksumOf(handle, length)) !== end.readUInt32LE(SEAL.length))
        throw new DamagedDataError(file, 'is not as it was when it was closed');
      await handle.truncate(length);
      await handle.sync();
    } else {
      await checkLength(handle, size, file);
    }
  });
}

/**
 * Checks that a database file which nobody sealed is as long as it should be: reading behind its end would end the
 * process.
 *
 * @throws DamagedDataError
 */
export async function checkComplete(file: string): Promise<void> {
  await withFile(file, async (handle) => checkLength(handle, (await handle.stat()).size, file));
}

async function withFile<Result>(
  file: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const handle = await open(file, 'r+');
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function checksumOf(handle: FileHandle, length: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  let checksum = 0;
  for (let position = 0; position < length; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(READ_BYTES, length - position), position);
    if (bytesRead === 0) break;
    checksum = crc32(buffer.subarray(0, bytesRead), checksum);
    position += bytesRead;
  }
  return checksum;
}

/** Offsets in the two pages that describe a file: `MDB_meta` in the mdb.c of lmdb 3.5, behind a header of 24 bytes. */
const META = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 };
const MAGIC = 0xbeefc0de;
const VERSION = 2;

async function checkLength(handle: FileHandle, size: number, file: string): Promise<void> {
  const first = await readMeta(handle, 0);
  if (!first) throw new DamagedDataError(file, 'is no database, or has lost its beginning');
  // Laid out in another way than we know: LMDB will say so.
  if (first.version !== VERSION) return;
  const second = await readMeta(handle, first.pageSize);
  const { lastPage } = second && second.transaction > first.transaction ? second : first;
  const told = (lastPage + 1) * first.pageSize;
  if (!second || size < told)
    throw new DamagedDataError(file, `was cut short: it has ${size} bytes of ${told}`);
}

async function readMeta(handle: FileHandle, position: number) {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(META.end), 0, META.end, position);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const isLittleEndian = endianness() === 'LE';
  if (bytesRead < META.end || view.getUint32(META.magic, isLittleEndian) !== MAGIC) return undefined;
  return {
    version: view.getUint32(META.version, isLittleEndian),
    pageSize: view.getUint32(META.pageSize, isLittleEndian),
    lastPage: Number(view.getBigUint64(META.lastPage, isLittleEndian)),
    transaction: Number(view.getBigUint64(META.transaction, isLittleEndian)),
  };
}
