import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { RootDatabase } from 'lmdb';
import { missingPackage } from '../../packages.js';
import { flush, flushDirectoryOf, makePrivateFile, moveUnlessThere } from './private-file.js';

/** An LMDB database, one file with keys in order, of bytes. */
export type Database = RootDatabase<Buffer, string>;

/** A snapshot of the records. */
export type ReadTransaction = ReturnType<Database['useReadTransaction']>;

/** Loads LMDB, which is an optional package: it is needed only to keep collections on disk. */
export async function loadLmdb() {
  try {
    return await import('lmdb');
  } catch (error) {
    throw missingPackage('lmdb', 'Keeping collections in a directory', error);
  }
}

/** A lock file: room for more than 200 readers, of 64 bytes each. LMDB fills it in. */
const LOCK_FILE = Buffer.alloc(16_384);

/** Bytes of a new database: three pages, the largest being of 64 KiB. */
const FIRST_PAGES = Buffer.alloc(3 * 65_536);

/**
 * Opens the database in a file, which is made when there is none. It and its lock file are for this user only.
 *
 * LMDB trusts the file: one that is no database, or a damaged one, ends the process (lmdb 3.5: `closeEnv` in its
 * env.cpp; or a bad address). So only a file that was checked is opened in the process of the user.
 *
 * @param options.readOnly leaves the file as it is; it has to be there, and may be in use by other processes
 */
export async function openDatabase(file: string, { readOnly = false } = {}): Promise<Database> {
  const { open } = await loadLmdb();
  // LMDB would make both files for everybody whom the umask lets in.
  if (!readOnly) await makePrivateFile(file, Buffer.alloc(0));
  // It is mapped, and a page of it for which the disk has no room would end the process.
  await makePrivateFile(`${file}-lock`, LOCK_FILE).catch((error) => {
    // On a disk that can only be read, LMDB does without.
    if (!readOnly || error.code !== 'EROFS') throw error;
  });
  return open<Buffer, string>({
    path: file,
    readOnly,
    noSubdir: true,
    encoding: 'binary',
    // A commit is answered once it is on disk, and its failure reaches its caller.
    overlappingSync: false,
    eventTurnBatching: false,
  });
}

/**
 * Makes a database under another name first, so that nobody sees it half made. If another process was faster, that
 * one's stays.
 *
 * @param fill puts the first records in
 */
export async function makeDatabase(
  file: string,
  fill: (database: Database) => Promise<unknown> = async () => {},
): Promise<void> {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    // Where there is room for this, there is room for the first pages.
    await makePrivateFile(draft, FIRST_PAGES);
    await rm(draft);
    const database = await openDatabase(draft);
    try {
      await fill(database);
    } finally {
      await database.close();
    }
    await flush(draft);
    await moveUnlessThere(draft, file);
    await flushDirectoryOf(file);
  } catch (error) {
    // One that was faster may have cleared this draft away.
    if (!existsSync(file)) throw error;
  } finally {
    for (const path of [draft, `${draft}-lock`]) await rm(path, { force: true });
  }
}

/** The bytes under a key. The next read overwrites them. */
export function readBytes(
  database: Database,
  key: string,
  transaction?: ReadTransaction,
): Buffer | undefined {
  // Its types know only the first parameter.
  const read = database.getBinaryFast as (
    key: string,
    options?: { transaction: ReadTransaction },
  ) => Buffer | undefined;
  const bytes = read.call(database, key, transaction && { transaction });
  // A small value comes as one buffer for all reads, of which LMDB sets a `length` of its own: Node 24 does not heed it
  // in `subarray`, where 20 and 22 do.
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
