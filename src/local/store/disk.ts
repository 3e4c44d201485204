import { existsSync } from 'node:fs';
import { access, chmod, constants, lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataFile } from './data-file.js';
import { claimDirectory, type DirectoryClaim, NO_CLAIM } from './directory-claim.js';
import { DiskRoom } from './disk-room.js';
import { explain, explained } from './explain.js';
import { type Database, loadLmdb, type Moment, openDatabase, readBytes } from './lmdb.js';
import { clearDrafts, flushDirectoryOf, makePrivate, makePrivateFile } from './private-file.js';
import { decodeRecord, encodeRecord, encodeStoredRecord, peekAtRecord } from './record-encoding.js';
import type { Snapshot, Store, StoredRecord, Transaction } from './store.js';
import {
  DamagedDataError,
  DirectoryUnusableError,
  StoreClosedError,
  UnknownFormatError,
} from './store-errors.js';

/** The records' format. Another one gets another number, and code that reads this one or says what to do. */
const FORMAT = 4;
const FORMAT_KEY = 'format';

const DATA_FILE = 'collections.mdb';

/** Where Node has 32 bits, LMDB lays its files out in another way. */
const ARCHITECTURES_OF_32_BITS: readonly string[] = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'];

/** Bytes of a new data file: three pages, the largest being of 64 KiB. */
const FIRST_PAGES = 3 * 65_536;

/**
 * Keeps records in a directory, in an LMDB database. What `write` has answered is on disk, whatever happens to the
 * process or the machine. On a disk that can only be read, it is searched, and every change is refused.
 *
 * @param directory made when there is none, for this user only; nobody else may use it meanwhile
 * @throws DirectoryTakenError, DirectoryUnusableError, DamagedDataError, UnknownFormatError, and MissingPackageError
 * without the package `lmdb`
 */
export async function openDiskStore(directory: string): Promise<Store> {
  // Before anything is made in vain.
  if (ARCHITECTURES_OF_32_BITS.includes(process.arch))
    throw new DirectoryUnusableError(directory, 'cannot be used', new Error('it takes a 64-bit Node.js'));
  await loadLmdb();
  const path = await privateDirectory(resolve(directory));
  const file = join(path, DATA_FILE);
  const readOnly = await isOnReadOnlyDisk(path);
  const claim = readOnly ? NO_CLAIM : await explained(join(path, 'in-use.mdb'), () => claimDirectory(path));
  try {
    const { database, dataFile } = await explained(file, () => openData(file, readOnly));
    return new DiskStore(database, dataFile, claim, file);
  } catch (error) {
    await claim.release();
    throw error;
  }
}

class DiskStore implements Store {
  readonly #database: Database;
  readonly #dataFile: DataFile;
  readonly #claim: DirectoryClaim;
  readonly #file: string;
  readonly #room: DiskRoom;
  readonly #snapshots = new Set<Snapshot>();
  /** Changes happen one after the other, so this is settled when all are. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(database: Database, dataFile: DataFile, claim: DirectoryClaim, file: string) {
    this.#database = database;
    this.#dataFile = dataFile;
    this.#claim = claim;
    this.#file = file;
    this.#room = new DiskRoom(file);
  }

  get<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#get(key);
  }

  peek<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#get(key, undefined, peekAtRecord);
  }

  readAhead(keys: readonly string[]): void {
    this.#checkOpen();
    // LMDB waits for its thread before it closes.
    void this.#database.prefetch([...keys]);
  }

  keys(prefix: string, after?: string): Iterable<string> {
    return this.#keys(prefix, after);
  }

  write<Result>(change: (transaction: Transaction) => Result): Promise<Result> {
    if (this.#closing) return Promise.reject(new StoreClosedError(this.#file));
    const growth = this.#room.growth();
    const transaction: Transaction = {
      get: (key) => this.#get(key),
      peek: (key) => this.#get(key, undefined, peekAtRecord),
      keys: (prefix, after) => this.#keys(prefix, after),
      put: (key, record) => {
        const bytes = encodeStoredRecord(key, record);
        growth.put(bytes.length, this.#database.doesExist(key));
        void this.#database.put(key, bytes);
      },
      remove: (key) => {
        growth.remove(this.#database.doesExist(key));
        void this.#database.remove(key);
      },
    };
    const written = explained(this.#file, async () => {
      await this.#dataFile.prepareForChanges();
      // Changes that come together are made in one transaction. One of them may fail, hence a transaction within.
      const { result } = await this.#database.childTransaction(() => {
        const result = change(transaction);
        growth.check();
        return { result };
      });
      return result;
    }).finally(() => growth.end());
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  snapshot(): Snapshot {
    this.#checkOpen();
    const moment = this.#database.useReadTransaction();
    const snapshot: Snapshot = {
      get: (key) => this.#get(key, moment),
      peek: (key) => this.#get(key, moment, peekAtRecord),
      keys: (prefix, after) => this.#keys(prefix, after, moment),
      release: () => {
        if (this.#snapshots.delete(snapshot)) moment.done();
      },
    };
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#lastWrite;
    this.#isClosed = true;
    for (const snapshot of this.#snapshots) snapshot.release();
    try {
      await this.#database.close().catch(async (error) => {
        await this.#dataFile.leave();
        throw error;
      });
      // All is written. Where no seal can be added, the file is taken for that of a process that was killed.
      await this.#dataFile.seal().catch(() => {});
    } finally {
      await this.#claim.release();
    }
  }

  #get<Stored extends StoredRecord>(
    key: string,
    moment?: Moment,
    decode: typeof decodeRecord = decodeRecord,
  ): Stored | undefined {
    this.#checkOpen();
    try {
      const bytes = readBytes(this.#database, key, moment);
      return bytes && (decode(key, bytes) as Stored);
    } catch (error) {
      throw explain(this.#file, error);
    }
  }

  *#keys(prefix: string, after = prefix, moment?: Moment): Generator<string, void, void> {
    this.#checkOpen();
    // Keys are printable ASCII, so DEL comes behind all that begin with the prefix.
    const range = { start: after, end: `${prefix}\x7f`, exclusiveStart: true };
    try {
      for (const key of this.#database.getKeys(moment ? { ...range, transaction: moment } : range)) {
        if (key !== FORMAT_KEY) yield key;
        this.#checkOpen();
      }
    } catch (error) {
      throw explain(this.#file, error);
    }
  }

  /** Reading a database that was closed would take the process with it. */
  #checkOpen(): void {
    if (this.#isClosed) throw new StoreClosedError(this.#file);
  }
}

/** Opens the data file, or makes one of no records. */
async function openData(
  file: string,
  readOnly: boolean,
): Promise<{ database: Database; dataFile: DataFile }> {
  if (!readOnly) await clearDrafts(dirname(file));
  // A link to what is not there would be replaced.
  if (await isLink(file))
    throw new DirectoryUnusableError(file, 'is a link', new Error('another engine may have the file itself'));
  if (!existsSync(file)) await createData(file);
  const dataFile = await DataFile.open(file, { readOnly });
  try {
    return { database: await openRecords(file, readOnly), dataFile };
  } catch (error) {
    await dataFile.leave();
    throw error;
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function openRecords(file: string, readOnly: boolean): Promise<Database> {
  const database = await openDatabase(file, { readOnly });
  try {
    checkFormat(database, file);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Makes the file elsewhere first, so that there never is one without a format: that would be a damaged one. */
async function createData(file: string): Promise<void> {
  const draft = `${file}.new`;
  // Where there is room for this, there is room for the first pages.
  await makePrivateFile(draft, Buffer.alloc(FIRST_PAGES));
  await rm(draft);
  const database = await openDatabase(draft);
  try {
    // As all versions read it.
    await database.put(FORMAT_KEY, encodeRecord(FORMAT_KEY, { format: FORMAT }));
  } finally {
    await database.close();
  }
  await rename(draft, file);
  await rm(`${draft}-lock`, { force: true });
  await flushDirectoryOf(file);
}

function checkFormat(database: Database, file: string): void {
  const bytes = readBytes(database, FORMAT_KEY);
  if (!bytes) throw new DamagedDataError(file, 'holds no collections of Rekollect');
  const { format } = decodeRecord<{ format: number }>(FORMAT_KEY, bytes);
  if (format !== FORMAT) throw new UnknownFormatError(file, format, FORMAT);
}

/** Whether nobody can write there: a file system that is mounted so, whatever the permissions. */
async function isOnReadOnlyDisk(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/** The directory, made for this user only. One that was there and holds other things is left as open as it was. */
async function privateDirectory(directory: string): Promise<string> {
  return explained(directory, async () => {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    // The umask may have taken more than it should.
    if (made !== undefined) await chmod(directory, 0o700);
    const contents = await readdir(directory);
    const isOurs = contents.length === 0 || contents.includes(DATA_FILE);
    // Where it is a mount of somebody else's, the files are private all the same.
    if (isOurs) await makePrivate(directory).catch(() => {});
    return realpath(directory);
  });
}
