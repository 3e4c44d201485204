import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { lstat, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, DirectoryTakenError, DirectoryUnusableError } from 'rekollect/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDiskStore } from '../../src/local/store/disk.js';
import { HEAD } from '../../src/local/store/page-uses.js';
import { pagesOf } from '../support/closed-files.js';
import { startProcess } from '../support/processes.js';
import { aDirectory } from '../support/stores.js';

/** What comes of damage, and ways of damaging a file among which there are all of them. */
const OUTCOMES: readonly [string, [from: number, to: number], string[]][] = [
  ['closed', [80, 140], ['refused', 'unchangeable', 'used', 'used without some records']],
  // What is followed for changes is checked right away.
  ['killed', [0, 60], ['refused', 'used', 'used without some records']],
];

describe('a data file that was damaged', () => {
  it.each(OUTCOMES)(
    'after its engine was %s never ends the process, answers other records or loses what is written',
    async (state, [from, to], outcomes) => {
      const args = [await aDirectory(), state, String(from), String(to)];
      const { lines, ended } = startProcess('test/support/damaging-process.ts', args);
      const results: { seed: number; what: string }[] = [];
      for await (const line of lines) results.push(JSON.parse(line));
      expect(await ended).toEqual([0, null]);
      expect(results).toHaveLength(to - from);
      expect(results.filter(({ what }) => !outcomes.includes(what))).toEqual([]);
      expect([...new Set(results.map(({ what }) => what))].sort()).toEqual(outcomes);
    },
  );
});

describe('a data file that was never closed', () => {
  it('is opened with all that it holds when it is intact', async () => {
    const { directory, whole } = await anUnsealedDirectory();
    expect(whole.length % 4096).toBe(0);
    const store = await openDiskStore(directory);
    expect([...store.keys('')]).toEqual(['big', 'small']);
    await store.close();
  });

  it('is left as it is when it is refused', async () => {
    const { directory, file, whole } = await anUnsealedDirectory();
    const damaged = Buffer.from(whole);
    damaged.fill(0, 2 * 4096);
    for (const bytes of [damaged, whole.subarray(0, whole.length - 4096)]) {
      writeFileSync(file, bytes);
      const error = await openDiskStore(directory).catch((e) => e);
      expect(error).toBeInstanceOf(DamagedDataError);
      expect(error).toMatchObject({ file });
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  it('is refused when it is damaged where a long record begins, which changes would follow', async () => {
    const { directory, file, whole } = await anUnsealedDirectory();
    const [head] = (await pagesOf(file, HEAD)) as [number];
    // Number of the page, its transaction, what it is, how many belong together; and the record's checksum of its key.
    for (const at of [0, 15, 18, 20, 32]) {
      const damaged = Buffer.from(whole);
      damaged[4096 * head + at]! ^= 1;
      writeFileSync(file, damaged);
      await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
    }
  });

  it('is refused when the key of a long record is damaged, which would hide the record', async () => {
    const { directory, file, whole } = await anUnsealedDirectory();
    const damaged = Buffer.from(whole);
    // The keys stay in order. All copies of it, since only one of them is in use.
    for (let at = whole.indexOf('big'); at >= 0; at = whole.indexOf('big', at + 1)) damaged[at + 2]! ^= 1;
    expect(damaged.equals(whole)).toBe(false);
    writeFileSync(file, damaged);
    await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('is refused when it would bring back what was before the last answer', async () => {
    const { directory, file, whole } = await anUnsealedDirectory();
    const at = (page: number) => 4096 * page + 152;
    const numbers = [whole.readBigUInt64LE(at(0)), whole.readBigUInt64LE(at(1))];
    const newer = numbers[0]! > numbers[1]! ? 0 : 1;
    // As one flipped bit would have it, they still take turns.
    for (const [page, change] of [
      [newer, -2n],
      [1 - newer, 2n],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged.writeBigUInt64LE(numbers[page]! + change, at(page));
      writeFileSync(file, damaged);
      await expect(openDiskStore(directory)).rejects.toThrow(/its last transaction/);
    }
  });
});

describe('what a killed process did not finish making', () => {
  it('is removed, and nothing else', async () => {
    const directory = await aDirectory();
    for (const name of [
      'collections.mdb.new',
      'collections.mdb.new-lock',
      'in-use.mdb.1-2.new',
      'notes.new',
      'collections.mdb.mine.new',
    ])
      await writeFile(join(directory, name), 'left over');
    await (await openDiskStore(directory)).close();
    const ours = ['collections.mdb', 'collections.mdb-lock', 'in-use.mdb', 'in-use.mdb-lock'];
    expect((await readdir(directory)).sort()).toEqual(
      [...ours, 'notes.new', 'collections.mdb.mine.new'].sort(),
    );
  });
});

describe('a process of 32 bits', () => {
  it('is refused: its files would be laid out in another way', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
    Object.defineProperty(process, 'arch', { ...arch, value: 'arm' });
    onTestFinished(() => void Object.defineProperty(process, 'arch', arch));
    await expect(openDiskStore(join(await aDirectory(), 'new'))).rejects.toThrow(/64-bit/);
  });
});

describe('a directory that was moved while it was open', () => {
  it('is closed where it is now, and leaves alone what took its place', async () => {
    const directory = join(await aDirectory(), 'faces');
    const store = await openDiskStore(directory);
    const moved = `${directory}-moved`;
    await rename(directory, moved);
    await expect(openDiskStore(moved)).rejects.toThrow(DirectoryTakenError);
    await store.write((transaction) => transaction.put('moved', { with: 'it' }));

    const other = await openDiskStore(directory);
    const before = (await stat(join(directory, 'collections.mdb'))).size;
    await store.close();
    expect((await stat(join(directory, 'collections.mdb'))).size).toBe(before);
    expect(other.get('moved')).toBeUndefined();
    await other.close();

    expect(readFileSync(join(moved, 'collections.mdb')).includes('rekollect seal')).toBe(true);
    const again = await openDiskStore(moved);
    expect(again.get('moved')).toEqual({ with: 'it' });
    await again.close();
  });
});

describe.skipIf(process.platform === 'win32')('a data file that is a link', () => {
  it('is refused: whoever has the file itself would not be noticed', async () => {
    const { directory } = await anUnsealedDirectory();
    const other = await aDirectory();
    const link = join(other, 'collections.mdb');
    await symlink(join(directory, 'collections.mdb'), link);
    const error = await openDiskStore(other).catch((e) => e);
    expect(error).toBeInstanceOf(DirectoryUnusableError);
    expect(error).toMatchObject({ path: link });
  });

  it('is refused and stays where the file itself is missing, as on a disk that is not there', async () => {
    const directory = await aDirectory();
    const link = join(directory, 'collections.mdb');
    await symlink(join(directory, 'elsewhere', 'collections.mdb'), link);
    await expect(openDiskStore(directory)).rejects.toThrow(DirectoryUnusableError);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a disk without room', () => {
  it('is told when a new directory is opened on it', async () => {
    const directory = await aDirectory();
    // No file may be longer than so many blocks of 512 bytes, which is too short for one file or another.
    for (const blocks of [0, 24]) {
      const { lines } = startProcess('test/support/cramped-process.ts', [directory], `-f ${blocks}`);
      expect((await lines.next()).value).toBe('DirectoryUnusableError');
    }
    await (await openDiskStore(directory)).close();
  });
});

/** A directory as a process leaves it that is killed, and its data file. */
async function anUnsealedDirectory() {
  const opened = await aDirectory();
  const store = await openDiskStore(opened);
  await store.write((transaction) => {
    transaction.put('big', { numbers: new Float32Array(3000) });
    transaction.put('small', {});
  });
  const directory = join(await aDirectory(), 'left');
  mkdirSync(directory);
  for (const name of ['collections.mdb', 'in-use.mdb']) cpSync(join(opened, name), join(directory, name));
  await store.close();
  const file = join(directory, 'collections.mdb');
  return { directory, file, whole: readFileSync(file) };
}
