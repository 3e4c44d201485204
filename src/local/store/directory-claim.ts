import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDatabase } from './database-check.js';
import { emptyDatabase } from './database-pages.js';
import { openDatabase } from './lmdb.js';
import { makePrivateFile } from './private-file.js';
import { DamagedDataError, DirectoryTakenError } from './store-errors.js';

/** That this process, and no other, works in a directory. */
export interface DirectoryClaim {
  release(): Promise<void>;
}

/** Where nothing can be written, nobody has to be kept away. */
export const NO_CLAIM: DirectoryClaim = { async release() {} };

/**
 * Claims a directory. The claim is a reader of a database without records: LMDB keeps a table of its readers, and
 * the system drops the lock behind each of them when its process ends, however it ends. So there is no stale claim,
 * and a process that happens to get the number of a dead one is not taken for it.
 *
 * @throws DirectoryTakenError when an engine has it, in this process or in another
 */
export async function claimDirectory(directory: string): Promise<DirectoryClaim> {
  const file = join(directory, 'in-use.mdb');
  await makePrivateFile(file, emptyDatabase());
  await checkClaims(file);
  const database = await openDatabase(file);
  // One process at a time gets to look at the table and to enter itself.
  const claim = database.transactionSync(() => {
    database.readerCheck();
    const holder = /^\s*(\d+)\s/m.exec(database.readerList())?.[1];
    return holder === undefined ? database.useReadTransaction() : Number(holder);
  });
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

/** Nothing is ever written to it, so it may be in use. */
async function checkClaims(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await checkDatabase(handle, file);
  } catch (error) {
    if (!(error instanceof DamagedDataError)) throw error;
    const remedy = 'It holds no faces: delete it while no engine runs.';
    throw new DamagedDataError(file, 'is damaged', { cause: error, remedy });
  } finally {
    await handle.close();
  }
}
