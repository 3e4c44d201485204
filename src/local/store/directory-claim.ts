import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, makeDatabase, openDatabase } from './lmdb.js';
import { DirectoryTakenError } from './store-errors.js';

/** That this process, and no other, works in a directory. */
export interface DirectoryClaim {
  release(): Promise<void>;
}

/** Where nothing can be written, nobody has to be kept away. */
export const NO_CLAIM: DirectoryClaim = { async release() {} };

export const CLAIM_FILE = 'in-use.mdb';

/** @returns whether there was none yet */
export async function makeClaimFile(directory: string): Promise<boolean> {
  const file = join(directory, CLAIM_FILE);
  const isNew = !existsSync(file);
  if (isNew) await makeDatabase(file);
  return isNew;
}

/**
 * Claims a directory. The claim is a reader of a database without records: LMDB keeps a table of its readers, and
 * the system drops the lock behind each of them when its process ends, however it ends. So there is no stale claim,
 * and a process that happens to get the number of a dead one is not taken for it.
 *
 * @throws DirectoryTakenError when an engine has it, in this process or in another
 */
export async function claimDirectory(directory: string): Promise<DirectoryClaim> {
  const database = await openDatabase(join(directory, CLAIM_FILE));
  const claim = inTurn(database, (holder) => holder ?? database.useReadTransaction());
  if (typeof claim === 'number') {
    await database.close();
    throw new DirectoryTakenError(directory, claim);
  }
  return {
    async release() {
      claim.done();
      await database.close();
    },
  };
}

/** The process that has claimed a directory, by its claim file. */
export async function holderOf(claimFile: string): Promise<number | undefined> {
  const database = await openDatabase(claimFile);
  try {
    return inTurn(database, (holder) => holder);
  } finally {
    await database.close();
  }
}

/** Looks at the table of readers, which one process at a time may do, and may enter itself. */
function inTurn<Result>(database: Database, use: (holder: number | undefined) => Result): Result {
  return database.transactionSync(() => {
    database.readerCheck();
    const holder = /^\s*(\d+)\s/m.exec(database.readerList())?.[1];
    return use(holder === undefined ? undefined : Number(holder));
  });
}
