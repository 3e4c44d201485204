import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from './lmdb.js';
import { checkComplete } from './seal.js';
import { DirectoryTakenError } from './store-errors.js';

/** That this process, and no other, works in a directory. */
export interface DirectoryClaim {
  release(): Promise<void>;
}

/**
 * Claims a directory. The claim is a reader of a database without records: LMDB keeps a table of its readers, and
 * the system drops the lock behind each of them when its process ends, however it ends. So there is no stale claim,
 * and a process that happens to get the number of a dead one is not taken for it.
 *
 * @throws DirectoryTakenError when an engine has it, in this process or in another
 */
export async function claimDirectory(directory: string): Promise<DirectoryClaim> {
  const file = join(directory, 'in-use.mdb');
  // It is empty for the moment in which another process makes it.
  if (existsSync(file) && statSync(file).size > 0) await checkComplete(file);
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
