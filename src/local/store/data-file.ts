import { existsSync } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Database, makeDatabase, openDatabase, readBytes } from './lmdb.js';
import { clearDrafts } from './private-file.js';
import { decodeRecord, encodeRecord } from './record-encoding.js';
import { DamagedDataError, DirectoryUnusableError, UnknownFormatError } from './store-errors.js';

/** The records' format. Another one gets another number, and code that reads this one or says what to do. */
const FORMAT = 5;
export const FORMAT_KEY = 'format';

/** Opens a directory's data file, which was checked or is not there yet, or makes one of no records. */
export async function openDataFile(
  file: string,
  readOnly: boolean,
): Promise<{ database: Database; ino: number }> {
  if (!readOnly) await clearDrafts(dirname(file));
  if (!existsSync(file))
    await makeDatabase(file, (database) =>
      database.put(FORMAT_KEY, encodeRecord(FORMAT_KEY, { format: FORMAT })),
    );
  const { ino } = await stat(file);
  const database = await openDatabase(file, { readOnly });
  try {
    checkFormat(database, file);
    return { database, ino };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** @throws UnknownFormatError, DamagedDataError */
export function checkFormat(database: Database, file: string): void {
  const bytes = readBytes(database, FORMAT_KEY);
  if (!bytes) throw new DamagedDataError(file, 'holds no collections of Rekollect');
  const { format } = decodeRecord<{ format: number }>(FORMAT_KEY, bytes);
  if (format !== FORMAT) throw new UnknownFormatError(file, format, FORMAT);
}

/** @throws DirectoryUnusableError for a link: another engine may have the file itself, and not be noticed */
export async function refuseLink(file: string): Promise<void> {
  const found = await lstat(file).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (found?.isSymbolicLink())
    throw new DirectoryUnusableError(file, 'is a link', new Error('another engine may have the file itself'));
}
