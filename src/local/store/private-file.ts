import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OUR_FILE = '(collections\\.mdb|in-use\\.mdb|clean-shutdown\\.json)';
/** Files of ours that are not finished. The directory may hold other things too. */
const DRAFT = new RegExp(`^${OUR_FILE}(-lock)?(\\.[\\da-f-]+)?\\.new(-lock)?(\\.[\\da-f-]+\\.new)?$`);

/**
 * Makes a file for this user only, or makes one that is there private and leaves it as it is otherwise. Nobody sees it
 * half made, and there is room on the disk for what it holds. One that is there is never opened: closing it again would
 * drop the locks that LMDB has on it in this process.
 */
export async function makePrivateFile(path: string, contents: Uint8Array): Promise<void> {
  if (!existsSync(path)) await viaDraft(path, contents, moveUnlessThere);
  await makePrivate(path);
}

/** Writes a file for this user only, in the place of one that is there: at any moment one of the two is complete. */
export async function replacePrivateFile(path: string, contents: Uint8Array): Promise<void> {
  await viaDraft(path, contents, rename);
  await flushDirectoryOf(path);
}

/** Gives a file that is finished its name, or removes it when another process was faster. */
export async function moveUnlessThere(draft: string, path: string): Promise<void> {
  // Unlike a rename, a link never replaces what is there. Not every disk knows links.
  await link(draft, path).catch(async () => {
    if (!existsSync(path)) await rename(draft, path);
  });
  await rm(draft, { force: true });
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
    if (DRAFT.test(name)) await rm(join(directory, name), { force: true }).catch(() => {});
  }
}

/** Waits until what a file holds is on disk. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits until the name of a file is on disk, or that it is gone. */
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

async function viaDraft(
  path: string,
  contents: Uint8Array,
  move: (draft: string, path: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    await writePrivately(draft, contents);
    await move(draft, path);
  } finally {
    await rm(draft, { force: true });
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
