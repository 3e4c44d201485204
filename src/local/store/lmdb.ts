import type { RootDatabase } from 'lmdb';
import { missingPackage } from '../../packages.js';
import { makePrivateFile } from './private-file.js';

/** An LMDB database, one file with keys in order, of bytes. */
export type Database = RootDatabase<Buffer, string>;

/** The records as they were at one moment. */
export type Moment = ReturnType<Database['useReadTransaction']>;

/** Loads LMDB, which is an optional package: whoever keeps nothing on disk does not need it. */
export async function loadLmdb() {
  try {
    return await import('lmdb');
  } catch (error) {
    throw missingPackage('lmdb', 'Keeping collections in a directory', error);
  }
}

/** A lock file: room for more than 200 readers, of 64 bytes each. LMDB fills it in. */
const LOCK_FILE = Buffer.alloc(16_384);

/**
 * Opens the database in a file, which is made when there is none. It and its lock file are for this user only.
 *
 * When LMDB finds the file to be no database, or cannot write a new one, it does not say so but ends the process
 * (lmdb 3.5: `closeEnv` in its env.cpp). So that has to be known before.
 *
 * @param options.readOnly that it is on a disk which can only be read: it has to be there, and needs no lock file
 */
export async function openDatabase(file: string, { readOnly = false } = {}): Promise<Database> {
  const { open } = await loadLmdb();
  if (!readOnly) {
    // LMDB would make them for everybody whom the umask lets in.
    await makePrivateFile(file, Buffer.alloc(0));
    // It is mapped, and a page of it for which the disk has no room would end the process.
    await makePrivateFile(`${file}-lock`, LOCK_FILE);
  }
  return open<Buffer, string>({
    path: file,
    readOnly,
    noSubdir: true,
    encoding: 'binary',
    // A commit is answered once it is on disk, and its failure reaches whoever asked for it.
    overlappingSync: false,
    eventTurnBatching: false,
  });
}

/** The bytes under a key. They are overwritten by whatever is read next. */
export function readBytes(database: Database, key: string, moment?: Moment): Buffer | undefined {
  // Its types know only the first parameter.
  const read = database.getBinaryFast as (
    key: string,
    options?: { transaction: Moment },
  ) => Buffer | undefined;
  return read.call(database, key, moment && { transaction: moment });
}
