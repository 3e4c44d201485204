import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files of ours that are not finished. The directory may hold other things too. */
const DRAFT = /^(collections|in-use)\.mdb(-lock)?(\.new(-lock)?)?(\.[\da-f-]+\.new)?$/;
/** What is finished, of the same beginning. */
const FINISHED = /^(collections|in-use)\.mdb(-lock)?$/;

/**
 * Makes a file for this user only, or makes one that is there private and leaves it as it is otherwise. Nobody sees it
 * half made, and there is room on the disk for what it holds. One that is there is never opened: closing it again would
 * drop the locks that LMDB has on it in this process.
 */
export async function makePrivateFile(path: string, contents: Uint8Array): Promise<void> {
  if (!existsSync(path)) {
    const draft = `${path}.${randomUUID()}.new`;
    try {
      await writePrivately(draft, contents);
      // Unlike a rename, a link never replaces what another process was first to make. Not every disk knows links.
      await link(draft, path).catch(async () => {
        if (!existsSync(path)) await rename(draft, path);
      });
    } finally {
      await rm(draft, { force: true });
    }
  }
  await makePrivate(path);
}

/** Takes from others what they may do with a file or directory. Its owner may do no more than before. */
export async function makePrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) await chmod(path, mode & 0o7700);
}

/** Removes what a process that was killed did not finish making. */
export async function clearDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    // Another process, which will be refused, may have one open.
    if (DRAFT.test(name) && !FINISHED.test(name))
      await rm(join(directory, name), { force: true }).catch(() => {});
  }
}

/** A file's name is on disk once its directory is. */
export async function flushDirectoryOf(path: string): Promise<void> {
  // Windows has no such thing as opening a directory.
  if (process.platform === 'win32') return;
  const handle = await open(dirname(path));
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writePrivately(path: string, contents: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    // The umask may have taken more than it should.
    await handle.chmod(0o600);
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
