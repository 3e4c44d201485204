import { chmod, open as openFile } from 'node:fs/promises';
import type { RootDatabase } from 'lmdb';
import { MissingPackageError } from '../../errors.js';

/** An LMDB database, one file with keys in order, of bytes. */
export type Database = RootDatabase<Buffer, string>;

/** The records as they were at one moment. */
export type Moment = ReturnType<Database['useReadTransaction']>;

/** Loads LMDB, which is an optional package: whoever keeps nothing on disk does not need it. */
export async function loadLmdb() {
  try {
    return await import('lmdb');
  } catch (error) {
    const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
    if (!isMissing) throw error;
    throw new MissingPackageError('lmdb', 'Keeping collections in a directory', 'npm install lmdb', {
      cause: error,
    });
  }
}

/** Opens the database in a file, which is made when there is none. It and its lock file are for this user only. */
export async function openDatabase(file: string): Promise<Database> {
  const { open } = await loadLmdb();
  // LMDB would make them for everybody whom the umask lets in.
  for (const path of [file, `${file}-lock`]) await makePrivate(path);
  return open<Buffer, string>({
    path: file,
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

async function makePrivate(path: string): Promise<void> {
  try {
    // Never opens a file that is there: closing it again would drop the locks that LMDB has on it in this process.
    const file = await openFile(path, 'wx', 0o600);
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  await chmod(path, 0o600);
}
