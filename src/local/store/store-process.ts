import { checkFormat } from './data-file.js';
import { holderOf } from './directory-claim.js';
import { damageIn } from './explain.js';
import { type Database, openDatabase, readBytes } from './lmdb.js';
import { makePrivate } from './private-file.js';
import { isIntact } from './record-encoding.js';
import { DamagedDataError, UnknownFormatError } from './store-errors.js';

/** What the process is to do, in this order. */
export interface StoreTask {
  /** Tells which process has the directory. If there is one, that is all. */
  readonly claimFile?: string | undefined;
  /** The database to walk. */
  readonly dataFile?: string | undefined;
  /** Copies the database to this file, as it is at one moment, and walks the copy instead. */
  readonly copyTo?: string | undefined;
}

/** That it is through with the claim file, and then what came of all. */
export type StoreAnswer =
  | { readonly status: 'claim-file-works' }
  | { readonly status: 'sound' }
  | { readonly status: 'taken'; readonly pid: number }
  | { readonly status: 'damaged'; readonly problem: string }
  | { readonly status: 'other-format'; readonly found: number; readonly supported: number }
  | { readonly status: 'failed'; readonly message: string };

/** After so many records it notices if the process that started it has ended. */
const RECORDS_AT_A_TIME = 1000;

/*
 * The entry of a process that opens a database which may be damaged. LMDB may well end it: a damaged page makes LMDB
 * read elsewhere, or for ever. So it reads every record in the way the engine does, and its end is an answer too.
 */

// Ctrl-C reaches all processes of a terminal. This one ends with the one that started it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.once('message', async (task: StoreTask) => {
  const answer = await carryOut(task).catch(toAnswer);
  process.send?.(answer);
});

async function carryOut({ claimFile, dataFile, copyTo }: StoreTask): Promise<StoreAnswer> {
  if (claimFile !== undefined) {
    const pid = await holderOf(claimFile);
    if (pid !== undefined) return { status: 'taken', pid };
    const works: StoreAnswer = { status: 'claim-file-works' };
    await new Promise((resolve) => process.send?.(works, resolve));
  }
  if (dataFile !== undefined && copyTo !== undefined) await copy(dataFile, copyTo);
  const walked = copyTo ?? dataFile;
  if (walked !== undefined) await using(walked, (database) => walk(database, walked));
  return { status: 'sound' };
}

/** Leaves out pages that are free: what was deleted is not in the copy. */
async function copy(from: string, to: string): Promise<void> {
  await using(from, (database) => database.backup(to, true));
  await makePrivate(to);
}

async function using(file: string, use: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(file, { readOnly: true });
  try {
    await use(database);
  } finally {
    await database.close();
  }
}

/**
 * Reads every record by its key, and compares its checksum.
 *
 * @throws DamagedDataError, UnknownFormatError
 */
async function walk(database: Database, file: string): Promise<void> {
  checkFormat(database, file);
  const { entryCount } = database.getStats() as { entryCount: number };
  const transaction = database.useReadTransaction();
  try {
    let [records, last] = [0, ''];
    for (const key of database.getKeys({ start: '', transaction })) {
      const bytes = typeof key === 'string' && key > last ? readBytes(database, key, transaction) : undefined;
      if (!bytes || !isIntact(key, bytes)) throw new DamagedDataError(file, 'has a damaged record');
      last = key;
      if (++records % RECORDS_AT_A_TIME === 0) await new Promise(setImmediate);
    }
    if (records !== entryCount)
      throw new DamagedDataError(file, `has ${records} records, and says that it has ${entryCount}`);
  } finally {
    transaction.done();
  }
}

function toAnswer(error: unknown): StoreAnswer {
  if (error instanceof UnknownFormatError)
    return { status: 'other-format', found: error.found, supported: error.supported };
  const problem = error instanceof DamagedDataError ? error.problem : damageIn(error);
  if (problem !== undefined) return { status: 'damaged', problem };
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
}
