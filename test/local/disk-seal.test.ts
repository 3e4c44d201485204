import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedDataError, DirectoryUnusableError, UnknownFormatError } from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkDatabase } from '../../src/local/store/database-check.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { openDatabase } from '../../src/local/store/lmdb.js';
import { FOLLOWED, FOLLOWED_FOR_CHANGES, HEAD, NOT_FOLLOWED } from '../../src/local/store/page-uses.js';
import { encodeRecord } from '../../src/local/store/record-encoding.js';
import { Seal } from '../../src/local/store/seal.js';
import { aClosedDirectory, isSealed, PAGE, pagesOf, recordsOf } from '../support/closed-files.js';
import { aDirectory } from '../support/stores.js';

/** Bytes of a seal besides one for each page, as src/local/store/seal.ts has them. */
const END_BYTES = 36;

/** The same bytes but for a flipped bit. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

/** What a directory holds, whatever has to be done before that can be said. */
async function heldBy(directory: string): Promise<Record<string, string>> {
  const store = await openDiskStore(directory);
  try {
    return recordsOf(store);
  } finally {
    await store.close();
  }
}

/** A directory with a data file of these bytes, as a process leaves it that is killed. */
async function aDirectoryWith(bytes: Buffer): Promise<string> {
  const directory = await aDirectory();
  writeFileSync(join(directory, 'collections.mdb'), bytes);
  return directory;
}

/** Watches every `FileHandle.sync`. Breaking a seal is one, putting it on another. */
async function spyOnSync(file: string) {
  await using handle = await open(file);
  const sync = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'sync');
  onTestFinished(() => sync.mockRestore());
  return sync;
}

describe('a data file that was closed', () => {
  it('is left byte for byte by whoever only reads it, until and after the end', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const { mtimeMs } = statSync(file);
    for (let time = 0; time < 2; time++) {
      const store = await openDiskStore(directory);
      expect(recordsOf(store)).toEqual(records);
      const snapshot = store.snapshot();
      expect(snapshot.get('short/100')).toBeDefined();
      expect(readFileSync(file).equals(whole)).toBe(true);
      await store.close();
    }
    expect(readFileSync(file).equals(whole)).toBe(true);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it('loses its seal before the first change, so that a process may be killed at any time', async () => {
    const { directory, file, records } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    onTestFinished(() => store.close());
    let atFirstChange: Buffer | undefined;
    await store.write((transaction) => {
      atFirstChange = readFileSync(file);
      transaction.put('new', { n: 1 });
    });
    const killed = await aDirectoryWith(atFirstChange!);
    expect(await isSealed(join(killed, 'collections.mdb'))).toBe(false);
    expect(await heldBy(killed)).toEqual(records);
    const added = { ...records, new: '{"n":1}' };
    expect(await heldBy(await aDirectoryWith(readFileSync(file)))).toEqual(added);
    expect(await isSealed(file)).toBe(false);
  });

  it('gets its seal again when it was changed, or had none', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    await store.write((transaction) => transaction.put('long/10', { text: 'short' }));
    await store.close();
    expect(await isSealed(file)).toBe(true);
    writeFileSync(file, whole.subarray(0, whole.length - 1));
    await (await openDiskStore(directory)).close();
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  it('gets no seal when what the database follows was damaged while it was open', async () => {
    const { directory, file } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    await store.write((transaction) => transaction.put('new', {}));
    const page = (await pagesOf(file, FOLLOWED)).at(-1)!;
    await using handle = await open(file, 'r+');
    await handle.write(Buffer.alloc(100), 0, 100, page * PAGE);
    await store.close();
    expect(await isSealed(file)).toBe(false);
    await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
  });

  it('refuses a record, whenever it is read, that was damaged while it was open', async () => {
    const { directory, file, records } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    await store.write((transaction) => transaction.put('new', {}));
    // A leaf ends with the bytes of a record.
    const page = (await pagesOf(file, FOLLOWED)).at(-1)!;
    await using handle = await open(file, 'r+');
    await handle.write(Buffer.alloc(4), 0, 4, page * PAGE + PAGE - 4);
    await store.close();
    const again = await openDiskStore(directory);
    onTestFinished(() => again.close());
    const read = Object.keys(records).map((key) => {
      try {
        return JSON.stringify(again.get(key)) === records[key];
      } catch (error) {
        return error instanceof DamagedDataError;
      }
    });
    expect(read.every(Boolean)).toBe(true);
    expect(() => recordsOf(again)).toThrow(DamagedDataError);
  });

  it('is refused when anything has changed on the way to its records, and left as it is', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const pages = await pagesOf(file, FOLLOWED);
    expect(pages.length).toBeGreaterThan(10);
    for (const page of pages) {
      const damaged = flipped(whole, page * PAGE + ((page * 997) % PAGE));
      writeFileSync(file, damaged);
      const error = await openDiskStore(directory).catch((e) => e);
      expect(error).toBeInstanceOf(DamagedDataError);
      expect(error).toMatchObject({ code: 'DAMAGED_DATA', file });
      expect(error.message).toMatch(/backup|import/);
      expect(readFileSync(file).equals(damaged)).toBe(true);
    }
  });

  it('gives every record but the one of which a byte has changed, and takes another in its place', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const [head] = (await pagesOf(file, HEAD)) as [number];
    writeFileSync(file, flipped(whole, (head + 1) * PAGE));
    const store = await openDiskStore(directory);
    const damaged: string[] = [];
    for (const key of store.keys('')) {
      try {
        expect(JSON.stringify(store.get(key))).toBe(records[key]);
      } catch (error) {
        expect(error).toBeInstanceOf(DamagedDataError);
        expect(error).toMatchObject({ file });
        damaged.push(key);
      }
    }
    expect(damaged).toEqual([expect.stringMatching(/^long/)]);
    const [key] = damaged as [string];
    await expect(store.write((transaction) => transaction.get(key))).rejects.toThrow(DamagedDataError);
    await store.write((transaction) => transaction.put(key, { n: 1 }));
    await store.close();
    expect(await heldBy(directory)).toEqual({ ...records, [key]: '{"n":1}' });
  });

  it('is read, but not changed, when what only changes follow was damaged', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const [head] = (await pagesOf(file, HEAD)) as [number];
    const [free] = (await pagesOf(file, FOLLOWED_FOR_CHANGES)) as [number];
    const check = vi.spyOn(Seal.prototype, 'fitsForChanges');
    onTestFinished(() => check.mockRestore());
    const inHeader = Array.from({ length: 24 }, (_, i) => head * PAGE + i);
    for (const at of [...inHeader, free * PAGE, free * PAGE + PAGE - 1]) {
      const damaged = flipped(whole, at);
      writeFileSync(file, damaged);
      check.mockClear();
      const store = await openDiskStore(directory);
      expect(recordsOf(store)).toEqual(records);
      const changes = [1, 2].map((n) => store.write((transaction) => transaction.put('new', { n })));
      for (const change of [...changes, store.write(() => {})]) {
        const error = await change.catch((e) => e);
        expect(error).toBeInstanceOf(DamagedDataError);
        expect(error).toMatchObject({ file });
      }
      await expect(store.write(() => {})).rejects.toThrow(DamagedDataError);
      // Checking again would find the same, and takes long.
      expect(check).toHaveBeenCalledTimes(1);
      expect(recordsOf(store)).toEqual(records);
      await store.close();
      expect(readFileSync(file).equals(damaged)).toBe(true);
    }
  });

  it('is not changed when a long record does not say any more whether it is under its key', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const [head] = (await pagesOf(file, HEAD)) as [number];
    for (let at = head * PAGE + 24; at < head * PAGE + 36; at++) {
      // Whoever closed it after a change would have no seal for it, and nobody could open it then.
      const damaged = flipped(whole, at);
      writeFileSync(file, damaged);
      const store = await openDiskStore(directory);
      expect(store.get('long/19')).toBeDefined();
      await expect(store.write(() => {})).rejects.toThrow(DamagedDataError);
      await store.close();
      expect(readFileSync(file).equals(damaged)).toBe(true);
    }
  });

  it('takes changes that come at once in their order, and closes after them', async () => {
    const { directory, file } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    const sync = await spyOnSync(file);
    const order: number[] = [];
    const change = (n: number) =>
      store.write((transaction) => {
        order.push(n);
        transaction.put(`new/${n}`, { n });
      });
    const changes = [change(1), change(2), change(3)];
    // This one comes while the others are on their way.
    changes.push(changes[0]!.then(() => change(4)));
    await changes[0];
    expect(sync).toHaveBeenCalledTimes(1);
    const closing = store.close();
    await Promise.all([...changes, closing]);
    // The seal is on disk, too.
    expect(sync).toHaveBeenCalledTimes(2);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(Object.keys(await heldBy(directory)).filter((key) => key.startsWith('new'))).toHaveLength(4);
  });

  it('takes changes as soon as what was in the way is gone', async () => {
    const { directory, file } = await aClosedDirectory();
    const store = await openDiskStore(directory);
    onTestFinished(() => store.close());
    const failure = Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
    (await spyOnSync(file)).mockRejectedValueOnce(failure);
    const change = () => store.write((transaction) => transaction.put('new', { n: 1 }));
    await expect(change()).rejects.toThrow(DirectoryUnusableError);
    expect(store.get('new')).toBeUndefined();
    await change();
    expect(store.get('new')).toEqual({ n: 1 });
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
    const { directory, file, whole } = await aClosedDirectory();
    const [page] = (await pagesOf(file, FOLLOWED)) as [number];
    const store = await openDiskStore(directory);
    expect(openFilesIn(directory)).not.toEqual([]);
    await store.write((transaction) => transaction.put('new', {}));
    await store.close();
    expect(openFilesIn(directory)).toEqual([]);

    writeFileSync(file, flipped(whole, page * PAGE));
    await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
    expect(openFilesIn(directory)).toEqual([]);

    // Sound, and of another format: that is found when the database is open.
    const empty = await aDirectory();
    const database = await openDatabase(join(empty, 'collections.mdb'));
    await database.put('format', encodeRecord('format', { format: 99 }));
    await database.close();
    await expect(openDiskStore(empty)).rejects.toThrow(UnknownFormatError);
    expect(openFilesIn(empty)).toEqual([]);
  });
});

describe('checking a data file', () => {
  it('lets others have their turn when it takes long', async () => {
    const { file } = await aClosedDirectory();
    await using handle = await open(file);
    const clock = vi.spyOn(performance, 'now');
    onTestFinished(() => clock.mockRestore());
    const turn = vi.spyOn(globalThis, 'setImmediate');
    onTestFinished(() => turn.mockRestore());
    let time = 0;
    const turnsWhenEachStepTakes = async (milliseconds: number) => {
      clock.mockImplementation(() => {
        time += milliseconds;
        return time;
      });
      turn.mockClear();
      await checkDatabase(handle, file);
      return turn.mock.calls.length;
    };
    expect(await turnsWhenEachStepTakes(0)).toBe(0);
    expect(await turnsWhenEachStepTakes(5)).toBeGreaterThan(2);
  });
});

describe('a seal', () => {
  it('that is damaged is not believed, and the file is checked page by page', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const end = whole.length - END_BYTES;
    const pages = end / (PAGE + 1);
    const leaf = (await pagesOf(file, FOLLOWED)).at(-1)!;
    const inMap = [0, 1, leaf, pages - 1].map((page) => pages * PAGE + page);
    const inEnd = Array.from({ length: END_BYTES }, (_, i) => end + i);
    for (const at of [...inMap, ...inEnd]) {
      writeFileSync(file, flipped(whole, at));
      expect(await heldBy(directory)).toEqual(records);
    }
    // It says that nothing need be checked, and has the checksums of nothing, but not its own.
    const damaged = Buffer.from(whole).fill(NOT_FOLLOWED, pages * PAGE, end);
    damaged.fill(0, end + 24, end + 32).fill(0, leaf * PAGE, (leaf + 1) * PAGE);
    writeFileSync(file, damaged);
    await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('does not vouch for a file that another LMDB or another processor made, which would end the process', async () => {
    const { directory, file, whole } = await aClosedDirectory();
    const pages = whole.subarray(0, PAGE * ((whole.length - END_BYTES) / (PAGE + 1)));
    await using handle = await open(file, 'r+');
    const database = await checkDatabase(handle, file);
    for (const [at, bytes] of [
      // Magic the other way round; another version.
      [24, [0xbe, 0xef, 0xc0, 0xde]],
      [28, [3, 0, 0, 0]],
    ] as const) {
      const other = Buffer.from(pages);
      for (const meta of [0, PAGE]) other.set(bytes, meta + at);
      writeFileSync(file, other);
      await Seal.put(handle, database);
      expect(await isSealed(file)).toBe(true);
      await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
    }
  });

  it('that was not finished, or is half gone, is none', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const end = whole.length - END_BYTES;
    const begin = PAGE * (end / (PAGE + 1));
    for (const length of [begin, begin + 1, end - 1, end, end + 16, end + 32, whole.length - 1]) {
      const zeros = Buffer.from(whole).fill(0, length);
      for (const bytes of [whole.subarray(0, length), zeros]) {
        writeFileSync(file, bytes);
        expect(await heldBy(directory)).toEqual(records);
      }
    }
  });

  it('of another file is refused with it, where it is as long', async () => {
    const [one, other] = [await aClosedDirectory('one'), await aClosedDirectory('two')];
    expect(one.whole.length).toBe(other.whole.length);
    const begin = PAGE * ((one.whole.length - END_BYTES) / (PAGE + 1));
    const mixed = Buffer.concat([one.whole.subarray(0, begin), other.whole.subarray(begin)]);
    writeFileSync(one.file, mixed);
    await expect(openDiskStore(one.directory)).rejects.toThrow(DamagedDataError);
    expect(readFileSync(one.file).equals(mixed)).toBe(true);
  });

  it('does not vouch for a file that became longer or shorter', async () => {
    const { directory, file, records, whole } = await aClosedDirectory();
    const begin = PAGE * ((whole.length - END_BYTES) / (PAGE + 1));
    const [pages, seal] = [whole.subarray(0, begin), whole.subarray(begin)];
    const [map, end] = [seal.subarray(0, -END_BYTES), seal.subarray(-END_BYTES)];
    for (const longer of [
      Buffer.concat([pages, map, Buffer.alloc(1), end]),
      Buffer.concat([whole, Buffer.alloc(1)]),
      Buffer.concat([whole, whole.subarray(0, PAGE)]),
      Buffer.concat([pages, Buffer.alloc(PAGE), seal]),
    ]) {
      writeFileSync(file, longer);
      expect(await heldBy(directory)).toEqual(records);
      expect(readFileSync(file).equals(whole)).toBe(true);
    }
    const used = pages.subarray(0, PAGE * ((await pagesOf(file, FOLLOWED)).at(-1)! + 1));
    for (const bytes of [used.subarray(0, used.length - PAGE), used.subarray(0, used.length - 1)]) {
      const shorter = Buffer.concat([bytes, seal]);
      writeFileSync(file, shorter);
      await expect(openDiskStore(directory)).rejects.toThrow(DamagedDataError);
      expect(readFileSync(file).equals(shorter)).toBe(true);
    }
  });
});
