import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkApart } from './check-apart.js';
import { DATA_FILE, markCleanShutdown } from './clean-shutdown.js';
import { explained } from './explain.js';
import { loadLmdb } from './lmdb.js';
import { flush, flushDirectoryOf } from './private-file.js';
import { DirectoryUnusableError } from './store-errors.js';

/**
 * Copies the collections of a directory, as they are at one moment, to a new one, while an engine or server may be
 * using it. The copy is checked, private, and without what was deleted; it opens as any directory does.
 *
 * @param to a path where there is nothing yet
 * @throws DirectoryUnusableError when there are no collections, or the copy cannot be written; DamagedDataError when
 * what is copied is damaged; UnknownFormatError; MissingPackageError without the package `lmdb`
 *
 * @example
 * await backUpDirectory('.faces', 'backups/2026-11-30');
 */
export async function backUpDirectory(directory: string, to: string): Promise<void> {
  await loadLmdb();
  const target = resolve(to);
  if (existsSync(target))
    throw new DirectoryUnusableError(target, 'cannot become a backup', new Error('it exists already'));
  const draft = `${target}.${randomUUID()}.new`;
  await explained(target, async () => {
    await mkdir(draft, { recursive: true, mode: 0o700 });
    try {
      // The umask may have taken more than it should.
      await chmod(draft, 0o700);
      const copy = join(draft, DATA_FILE);
      await checkApart({ dataFile: join(resolve(directory), DATA_FILE), copyTo: copy });
      await flush(copy);
      await rm(`${copy}-lock`, { force: true });
      await markCleanShutdown(draft);
      await rename(draft, target);
      await flushDirectoryOf(target);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
}
