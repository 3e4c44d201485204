import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { checkDatabase } from './database-check.js';
import { DamagedDataError } from './store-errors.js';

/*
 * LMDB has no checksums of its own. So a file that was closed carries a seal behind its last page, a checksum of all
 * that comes before. It is checked and taken off before LMDB sees the file again. A file without one belonged to a
 * process that was killed; LMDB has kept it consistent, and that is checked page by page.
 */

/** Behind the last page: these bytes, then the CRC-32 of the file without the seal, little endian. */
const SEAL = Buffer.from('rekollect-seal\n\0');
const SEAL_BYTES = SEAL.length + 4;

const READ_BYTES = 4 * 1024 * 1024;

/** A database file without its seal. It is the same one when its directory was moved meanwhile. */
export interface UnsealedFile {
  /** Puts the seal on, once nobody has the database open. */
  seal(): Promise<void>;
  /** Leaves it as it was found. */
  restore(): Promise<void>;
}

/**
 * Checks a database file before it is opened, and takes its seal off.
 *
 * @throws DamagedDataError when it is not as it was when it was closed or when its process was killed
 */
export async function unseal(file: string): Promise<UnsealedFile> {
  const handle = await open(file, 'r+');
  let hadSeal: boolean;
  try {
    hadSeal = await isSealed(handle, file);
    if (hadSeal) {
      const { size } = await handle.stat();
      await handle.truncate(size - SEAL_BYTES);
      await handle.sync();
    } else {
      await checkDatabase(handle, file);
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  const seal = () => addSeal(handle).finally(() => handle.close());
  return { seal, restore: () => (hadSeal ? seal() : handle.close()) };
}

/** @throws DamagedDataError when it is not as it was when it was sealed */
async function isSealed(handle: FileHandle, file: string): Promise<boolean> {
  const { size } = await handle.stat();
  const length = size - SEAL_BYTES;
  const end = Buffer.alloc(SEAL_BYTES);
  if (length > 0) await handle.read(end, 0, SEAL_BYTES, length);
  if (!end.subarray(0, SEAL.length).equals(SEAL)) return false;
  if ((await checksumOf(handle, length)) !== end.readUInt32LE(SEAL.length))
    throw new DamagedDataError(file, 'is not as it was when it was closed');
  return true;
}

async function addSeal(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(await checksumOf(handle, size));
  await handle.write(Buffer.concat([SEAL, checksum]), 0, SEAL_BYTES, size);
  await handle.sync();
}

async function checksumOf(handle: FileHandle, length: number): Promise<number> {
  const read = async (buffer: Buffer, position: number) => {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(READ_BYTES, length - position), position);
    return buffer.subarray(0, bytesRead);
  };
  let [buffer, other] = [Buffer.allocUnsafe(READ_BYTES), Buffer.allocUnsafe(READ_BYTES)];
  let checksum = 0;
  let position = 0;
  let bytes = await read(buffer, 0);
  while (bytes.length > 0) {
    position += bytes.length;
    // The system reads the next bytes while these are added up, which takes as long.
    const reading = read(other, position);
    checksum = crc32(bytes, checksum);
    bytes = await reading;
    [buffer, other] = [other, buffer];
  }
  return checksum;
}
