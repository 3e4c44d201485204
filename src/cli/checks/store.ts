import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isRekollectError } from '../../errors.js';
import { attempt, type Check } from './check.js';

/** A face takes some 1.5 KB on disk; less than this is little for anything. */
const LITTLE_ROOM = 2 ** 30;

/** The directory with the collections: whether it can be written and is sound. One that is in use is only read. */
export async function checkStore(directory: string): Promise<Check[]> {
  const path = resolve(directory);
  const there = existing(path);
  return [
    await attempt(
      'directory',
      async () => {
        await access(there, constants.R_OK | constants.W_OK | constants.X_OK);
        return { status: 'ok', message: `${directory} can be ${there === path ? 'written' : 'made'}` };
      },
      `Give this user the right to write in ${there}, or name another directory with --local.`,
    ),
    await attempt('disk', () => checkRoom(there)),
    await attempt('store', () => checkSoundness(path, directory)),
  ];
}

async function checkRoom(path: string): Promise<Omit<Check, 'name'>> {
  const { bsize, bavail } = await statfs(path);
  const free = bsize * bavail;
  const message = `${(free / 2 ** 30).toFixed(1)} GB are free on its disk`;
  if (free >= LITTLE_ROOM) return { status: 'ok', message };
  return { status: 'warn', message, mend: 'Make room, or name a directory elsewhere with --local.' };
}

async function checkSoundness(path: string, directory: string): Promise<Omit<Check, 'name'>> {
  const { DATA_FILE } = await import('../../local/store/clean-shutdown.js');
  const { CLAIM_FILE } = await import('../../local/store/directory-claim.js');
  const { checkApart } = await import('../../local/store/check-apart.js');
  const dataFile = join(path, DATA_FILE);
  if (!existsSync(dataFile)) return { status: 'ok', message: `${directory} keeps no faces yet` };
  const claimFile = join(path, CLAIM_FILE);
  try {
    await checkApart({ claimFile: existsSync(claimFile) ? claimFile : undefined, dataFile });
    return { status: 'ok', message: `every record of ${directory} is sound` };
  } catch (error) {
    if (!isRekollectError(error, 'DIRECTORY_TAKEN')) throw error;
    // As a backup does, which a directory in use stands too.
    await checkApart({ dataFile });
    return { status: 'ok', message: `every record is sound. ${error.message}` };
  }
}

/** The path, or the nearest folder above it that is there. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}
