import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CLAIM_FILE } from './directory-claim.js';
import { loadLmdb } from './lmdb.js';
import { flushDirectoryOf, replacePrivateFile } from './private-file.js';

/*
 * LMDB trusts its files, and damage to them may end the process. So a process of its own reads them before they are
 * opened, unless a mark says that they were closed properly and have not been written to since. The mark is removed
 * before the first change: a process that is killed leaves none.
 */

const MARK_FILE = 'clean-shutdown.json';

export const DATA_FILE = 'collections.mdb';

/** Changes when a file is written to, or replaced. */
interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** What the mark says. */
interface Mark {
  /** Other processors, and other versions of LMDB, may lay the files out in another way. */
  readonly layout: string;
  readonly data: Stamp | undefined;
  readonly claim: Stamp | undefined;
}

/** Says that the files of a directory, which nobody has open, are complete. */
export async function markCleanShutdown(directory: string): Promise<void> {
  await replacePrivateFile(join(directory, MARK_FILE), Buffer.from(JSON.stringify(await markFor(directory))));
}

/** Has to be waited for before anything is changed. */
export async function removeMark(directory: string): Promise<void> {
  const file = join(directory, MARK_FILE);
  await rm(file, { force: true });
  await flushDirectoryOf(file);
}

/**
 * What the mark of a directory says about its files: `touched` where they are not as they were, or come from elsewhere.
 *
 * @param options.isClaimFileNew whether this process made it just now
 */
export async function markOf(
  directory: string,
  { isClaimFileNew }: { isClaimFileNew: boolean },
): Promise<'none' | 'touched' | 'clean'> {
  const text = await readFile(join(directory, MARK_FILE), 'utf8').catch(unlessMissing);
  if (text === undefined) return 'none';
  const now = await markFor(directory);
  const { layout, data, claim } = readMark(text);
  const isClean =
    layout === now.layout && isSame(data, now.data) && (isClaimFileNew || isSame(claim, now.claim));
  return isClean ? 'clean' : 'touched';
}

async function markFor(directory: string): Promise<Mark> {
  // Its types do not know it.
  const { version } = (await loadLmdb()) as unknown as { version: { versionString: string } };
  return {
    layout: `${process.arch}, ${version.versionString}`,
    data: await stampOf(join(directory, DATA_FILE)),
    claim: await stampOf(join(directory, CLAIM_FILE)),
  };
}

async function stampOf(file: string): Promise<Stamp | undefined> {
  const found = await stat(file).catch(unlessMissing);
  return found && { size: found.size, mtimeMs: found.mtimeMs };
}

function isSame(a: Stamp | undefined, b: Stamp | undefined): boolean {
  return a !== undefined && a.size === b?.size && a.mtimeMs === b.mtimeMs;
}

function readMark(text: string): Partial<Mark> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
