import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { lstat, open, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedDataError,
  DirectoryTakenError,
  DirectoryUnusableError,
  UnknownFormatError,
} from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { markCleanShutdown } from '../../src/local/store/clean-shutdown.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { openDatabase } from '../../src/local/store/lmdb.js';
import { encodeRecord } from '../../src/local/store/record-encoding.js';
import { aClosedDirectory, anUncleanDirectory, MARK } from '../support/directories.js';
import { startProcess } from '../support/processes.js';
import { recordsOf } from '../support/records-of.js';
import { aDirectory } from '../support/stores.js';

const checkApart = vi.hoisted(() => vi.fn());
vi.mock('../../src/local/store/check-apart.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/local/store/check-apart.js')>();
  return { checkApart: checkApart.mockImplementation(original.checkApart) };
});

const hasMark = (directory: string) =>
  stat(join(directory, MARK)).then(
    () => true,
    () => false,
  );

/** What a directory holds, and whether it was checked in a process before that could be said. */
async function opened(directory: string) {
  checkApart.mockClear();
  const store = await openDiskStore(directory);
  try {
    return { records: recordsOf(store), isChecked: checkApart.mock.calls.length > 0 };
  } finally {
    await store.close();
  }
}

/** Why a directory is refused, whose files are left as they are. */
async function refusal(directory: string, file = join(directory, 'collections.mdb')) {
  const before = readFileSync(file);
  const error = await openDiskStore(directory).catch((e) => e);
  expect(readFileSync(file).equals(before)).toBe(true);
  return error;
}

/** Puts a record into a closed directory as another program would. */
async function putBytes(file: string, key: string, bytes: Buffer): Promise<void> {
  const database = await openDatabase(file);
  await database.put(key, bytes);
  await database.close();
}

describe('a data file that was damaged when its process was killed', () => {
  it('is refused or gives records that were written, and never ends the process', async () => {
    const args = [await aDirectory(), '24', '32'];
    const { lines, ended } = startProcess('test/support/damaging-process.ts', args);
    const results: { seed: number; found: string; isLeftAlone: boolean }[] = [];
    for await (const line of lines) results.push(JSON.parse(line));
    expect(await ended).toEqual([0, null]);
    expect(results).toHaveLength(8);
    expect(results.filter(({ isLeftAlone }) => !isLeftAlone)).toEqual([]);
    // The newer of the two pages that LMDB begins with is the last word on what was written last.
    expect([...new Set(results.map(({ found }) => found))].sort()).toEqual([
      'DamagedDataError',
      'earlier',
      'last',
    ]);
  }, 60_000);

  it('is refused for one damaged record, whose key counts too', async () => {
    const { directory, file, whole } = await anUncleanDirectory();
    const damage = (text: string, by: number) => {
      const damaged = Buffer.from(whole);
      // All copies, since only one of them is in use.
      for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) damaged[at + by]! ^= 1;
      return damaged;
    };
    for (const bytes of [damage('long/19', 6), damage('shortshort', 0)]) {
      writeFileSync(file, bytes);
      const error = await refusal(directory);
      expect(error).toBeInstanceOf(DamagedDataError);
      expect(error).toMatchObject({ code: 'DAMAGED_DATA', file, problem: 'has a damaged record' });
      expect(error.message).toMatch(/backup|import/);
    }
  });
});

describe('a data file that is no database, or not the whole of one', () => {
  it('is refused, though it was closed', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const cutShort = whole.subarray(0, whole.length / 2);
    for (const bytes of [cutShort, Buffer.alloc(0), Buffer.alloc(100_000, 'garbage')]) {
      writeFileSync(file, bytes);
      expect(await refusal(directory)).toBeInstanceOf(DamagedDataError);
    }
    await truncate(file, 2 ** 40);
    await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
  });

  it('is refused when it is the file of the claim, too', async () => {
    const { directory } = await aClosedDirectory();
    const file = join(directory, 'in-use.mdb');
    await writeFile(file, 'garbage');
    expect(await refusal(directory, file)).toMatchObject({
      code: 'DAMAGED_DATA',
      file,
      message: expect.stringContaining('delete it while no engine runs'),
    });
    await rm(file);
    expect((await opened(directory)).isChecked).toBe(false);
  });

  it('is refused in another format, with what to do', async () => {
    for (const [found, advice] of [
      [6, /Update Rekollect/],
      [4, /Export its collections with the version that wrote it, and import them into a new directory/],
      [2, /index the photos again, into a new directory/],
    ] as const) {
      const { directory, file } = await aClosedDirectory();
      await putBytes(file, 'format', encodeRecord('format', { format: found }));
      // The oldest as after a kill.
      if (found > 2) await markCleanShutdown(directory);
      const error = await refusal(directory);
      expect(error).toBeInstanceOf(UnknownFormatError);
      expect(error).toMatchObject({ code: 'UNKNOWN_FORMAT', file, found, supported: 5 });
      expect(error.message).toMatch(advice);
    }
  });
});

describe('a directory that was closed', () => {
  it('is not checked again, and left byte for byte when it is only read', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const { mtimeMs } = await stat(file);
    for (let time = 0; time < 2; time++)
      expect(await opened(directory)).toEqual({ records, isChecked: false });
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('has lost its mark when its first change is made, and gets it again when it is closed', async () => {
    const { directory } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    const marks: string[] = [];
    const change = (n: number) =>
      store.write((transaction) => {
        marks.push(...readdirSync(directory).filter((name) => name === MARK));
        transaction.put(`new/${n}`, { n });
      });
    expect(await hasMark(directory)).toBe(true);
    const first = change(1);
    const changes = [first, change(2), change(3), first.then(() => change(4))];
    await first;
    await Promise.all([...changes, store.close()]);
    expect(marks).toEqual([]);
    const { records, isChecked } = await opened(directory);
    expect(Object.keys(records).filter((key) => key.startsWith('new'))).toHaveLength(4);
    expect(isChecked).toBe(false);
  });

  it('is checked when it was not closed, or when a file comes from elsewhere', async () => {
    const { directory, file, records, whole } = await anUncleanDirectory();
    expect(await opened(directory)).toEqual({ records, isChecked: true });
    expect(await opened(directory)).toEqual({ records, isChecked: false });
    writeFileSync(file, whole);
    expect(await opened(directory)).toEqual({ records, isChecked: true });
    for (const mark of ['{', 'null']) {
      writeFileSync(join(directory, MARK), mark);
      expect(await opened(directory)).toEqual({ records, isChecked: true });
    }
  });

  it('is checked the next time when the process ends in the middle of a check', async () => {
    const { directory, records } = await anUncleanDirectory();
    const other = startProcess('test/support/holding-process.ts', [directory]);
    other.process.kill('SIGKILL');
    await other.ended;
    expect(await opened(directory)).toEqual({ records, isChecked: true });
  });

  it('takes changes as soon as what was in the way is gone', async () => {
    const { directory, file } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    onTestFinished(() => store.close());
    await using handle = await open(file);
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'sync');
    onTestFinished(() => sync.mockRestore());
    const failure = Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    sync.mockRejectedValueOnce(failure);
    const change = () => store.write((transaction) => transaction.put('new', { n: 1 }));
    await expect(change()).rejects.toThrow(DirectoryUnusableError);
    expect(store.get('new')).toBeUndefined();
    await change();
    expect(store.get('new')).toEqual({ n: 1 });
  });

  it('refuses a record that was damaged since, and nothing else', async () => {
    const { directory, file, records } = await aClosedDirectory();
    await putBytes(file, 'long/12', Buffer.alloc(10_000, 'not a record of ours'));
    await markCleanShutdown(directory);
    const store = await openDiskStore(directory);
    onTestFinished(() => store.close());
    for (const key of Object.keys(records)) {
      if (key === 'long/12') expect(() => store.get(key)).toThrow(DamagedDataError);
      else expect(JSON.stringify(store.get(key))).toBe(records[key]);
    }
    await expect(store.write((transaction) => transaction.get('long/12'))).rejects.toThrow(DamagedDataError);
    await store.write((transaction) => transaction.put('long/12', { n: 1 }));
    expect(store.get('long/12')).toEqual({ n: 1 });
  });
});

// Where the system tells which files a process has open.
describe.skipIf(process.platform !== 'linux')('the files of a directory', () => {
  const openFilesIn = (directory: string) =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
      } catch {
        return false;
      }
    });

  it('are closed again, whether it was used or refused', async () => {
    const { directory, file } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    expect(openFilesIn(directory)).not.toEqual([]);
    await store.close();
    expect(openFilesIn(directory)).toEqual([]);

    await putBytes(file, 'format', encodeRecord('format', { format: 99 }));
    await markCleanShutdown(directory);
    await expect(openDiskStore(directory)).rejects.toThrow(UnknownFormatError);
    expect(openFilesIn(directory)).toEqual([]);
  });
});

describe('what a killed process did not finish making', () => {
  it('is removed, and nothing else', async () => {
    const directory = await aDirectory();
    for (const name of [
      'collections.mdb.new',
      'collections.mdb.new-lock',
      'in-use.mdb.1-2.new',
      'in-use.mdb.1-2.new-lock',
      'clean-shutdown.json.1-2.new',
      'notes.new',
      'collections.mdb.mine.new',
    ])
      await writeFile(join(directory, name), 'left over');
    await (await openDiskStore(directory)).close();
    const ours = [MARK, 'collections.mdb', 'collections.mdb-lock', 'in-use.mdb', 'in-use.mdb-lock'];
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
  it('is read and written as before, and leaves alone what took its place', async () => {
    const directory = join(await aDirectory(), 'faces');
    const store = await openDiskStore(directory);
    await store.write((transaction) => transaction.put('before', {}));
    const moved = `${directory}-moved`;
    await rename(directory, moved);
    await expect(openDiskStore(moved)).rejects.toThrow(DirectoryTakenError);
    await store.write((transaction) => transaction.put('moved', { with: 'it' }));
    const other = await openDiskStore(directory);
    expect(other.get('moved')).toBeUndefined();
    await store.close();
    expect(await hasMark(directory)).toBe(false);
    await other.close();

    const again = await openDiskStore(moved);
    expect(again.get('moved')).toEqual({ with: 'it' });
    await again.close();
  });

  it('takes no first change: its mark is out of reach', async () => {
    const { directory } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    onTestFinished(() => store.close());
    await rename(directory, `${directory}-moved`);
    onTestFinished(() => rm(`${directory}-moved`, { recursive: true }));
    const change = store.write((transaction) => transaction.put('new', {}));
    await expect(change).rejects.toThrow(DirectoryUnusableError);
    await expect(change).rejects.toThrow(/cannot be changed: it was moved; open it where it is now/);
  });
});

describe.skipIf(process.platform === 'win32')('a data file that is a link', () => {
  it('is refused: whoever has the file itself would not be noticed', async () => {
    const { directory } = await aClosedDirectory();
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
