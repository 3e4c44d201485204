import { existsSync } from 'node:fs';
import { access, chmod, constants, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkApart } from './check-apart.js';
import { DATA_FILE, markCleanShutdown, markOf, removeMark } from './clean-shutdown.js';
import { FORMAT_KEY, openDataFile, refuseLink } from './data-file.js';
import {
  CLAIM_FILE,
  claimDirectory,
  type DirectoryClaim,
  makeClaimFile,
  NO_CLAIM,
} from './directory-claim.js';
import { DiskRoom } from './disk-room.js';
import { explain, explained } from './explain.js';
import { type Database, loadLmdb, type ReadTransaction, readBytes } from './lmdb.js';
import { makePrivate } from './private-file.js';
import { decodeRecord, decodeUncopied, encodeRecord, UndecodableRecordError } from './record-encoding.js';
import type { Snapshot, Store, StoredRecord, Transaction } from './store.js';
import { DamagedDataError, DirectoryUnusableError, StoreClosedError } from './store-errors.js';

/** Where Node has 32 bits, LMDB lays its files out in another way. */
const ARCHITECTURES_OF_32_BITS: readonly string[] = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'];

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
  const isReadOnly = await isOnReadOnlyDisk(path);
  const isMarked = await explained(file, () => checkFiles(path, isReadOnly));
  const claim = isReadOnly ? NO_CLAIM : await explained(join(path, CLAIM_FILE), () => claimDirectory(path));
  try {
    const { database, ino } = await explained(file, () => openDataFile(file, isReadOnly));
    return new DiskStore(database, claim, { file, ino, isReadOnly, isMarked });
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/**
 * Checks the files that LMDB is going to trust, unless the mark of a clean shutdown spares it.
 *
 * @returns whether there is that mark
 */
async function checkFiles(directory: string, isReadOnly: boolean): Promise<boolean> {
  const isClaimFileNew = !isReadOnly && (await makeClaimFile(directory));
  const dataFile = join(directory, DATA_FILE);
  await refuseLink(dataFile);
  const mark = await markOf(directory, { isClaimFileNew: isClaimFileNew || isReadOnly });
  if (mark === 'clean') return true;
  // Somebody who reaches the disk otherwise may be writing to it, and no lock shows that here.
  if (isReadOnly && mark === 'none') throw notClosed(dataFile);
  const task = {
    claimFile: isClaimFileNew || isReadOnly ? undefined : join(directory, CLAIM_FILE),
    dataFile: existsSync(dataFile) ? dataFile : undefined,
  };
  if (task.claimFile !== undefined || task.dataFile !== undefined) await checkApart(task);
  return false;
}

function notClosed(path: string): DirectoryUnusableError {
  const reason = new Error('open it where the disk can be written, and close it there');
  return new DirectoryUnusableError(path, 'is on a disk that can only be read, and was not closed', reason);
}

/** What a store knows of its data file. */
interface OpenedFile {
  readonly file: string;
  readonly ino: number;
  readonly isReadOnly: boolean;
  /** Whether the mark of a clean shutdown is there. */
  readonly isMarked: boolean;
}

class DiskStore implements Store {
  readonly #database: Database;
  readonly #claim: DirectoryClaim;
  readonly #opened: OpenedFile;
  readonly #file: string;
  readonly #room: DiskRoom;
  readonly #snapshots = new Set<Snapshot>();
  /** Settles when the mark of a clean shutdown is gone. */
  #unmarked: Promise<void> | undefined;
  /** Changes happen one after the other, so this is settled when all are. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** Whether LMDB has met a page that is not as it should be. */
  #isDamaged = false;
  #closing: Promise<void> | undefined;
  #isClosed = false;

  constructor(database: Database, claim: DirectoryClaim, opened: OpenedFile) {
    this.#database = database;
    this.#claim = claim;
    this.#opened = opened;
    this.#file = opened.file;
    this.#room = new DiskRoom(this.#file);
  }

  get<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#get(key);
  }

  getUncopied<Stored extends StoredRecord>(key: string): Stored | undefined {
    return this.#get(key, undefined, decodeUncopied);
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
      getUncopied: (key) => this.#get(key, undefined, decodeUncopied),
      keys: (prefix, after) => this.#keys(prefix, after),
      put: (key, record) => {
        const bytes = encodeRecord(key, record);
        growth.put(bytes.length, this.#database.doesExist(key));
        void this.#database.put(key, bytes);
      },
      remove: (key) => {
        growth.remove(this.#database.doesExist(key));
        void this.#database.remove(key);
      },
    };
    const written = explained(this.#file, async () => {
      await this.#prepareForChanges();
      // The snapshot of a backup that was killed would keep pages from being used again.
      this.#database.readerCheck();
      // Changes that come together are made in one transaction. One of them may fail, hence a transaction within.
      const { result } = await this.#database.childTransaction(() => {
        const result = change(transaction);
        growth.check();
        return { result };
      });
      return result;
    })
      .catch((error) => {
        throw this.#noticed(error);
      })
      .finally(() => growth.end());
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  snapshot(): Snapshot {
    this.#checkOpen();
    const transaction = this.#database.useReadTransaction();
    const snapshot: Snapshot = {
      get: (key) => this.#get(key, transaction),
      getUncopied: (key) => this.#get(key, transaction, decodeUncopied),
      keys: (prefix, after) => this.#keys(prefix, after, transaction),
      release: () => {
        if (this.#snapshots.delete(snapshot)) transaction.done();
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
      await this.#database.close();
      // Where it cannot be marked, it is checked when it is opened the next time.
      await this.#mark().catch(() => {});
    } finally {
      await this.#claim.release();
    }
  }

  async #mark(): Promise<void> {
    const { isMarked, isReadOnly } = this.#opened;
    const isUnchanged = isMarked && this.#unmarked === undefined;
    if (isReadOnly || !(await this.#isInPlace())) return;
    if (this.#isDamaged) await removeMark(dirname(this.#file));
    else if (!isUnchanged) await markCleanShutdown(dirname(this.#file));
  }

  /** Only the first change of a store has to wait for this. */
  #prepareForChanges(): Promise<void> {
    this.#unmarked ??= this.#unmark().catch((error) => {
      // What was in the way may be gone the next time.
      this.#unmarked = undefined;
      throw error;
    });
    return this.#unmarked;
  }

  async #unmark(): Promise<void> {
    if (this.#opened.isReadOnly) throw this.#unchangeable('its disk can only be read');
    if (!(await this.#isInPlace())) throw this.#unchangeable('it was moved; open it where it is now');
    await removeMark(dirname(this.#file));
  }

  #unchangeable(reason: string): DirectoryUnusableError {
    return new DirectoryUnusableError(this.#file, 'cannot be changed', new Error(reason));
  }

  /** Whether the data file is where it was: its directory may have been moved, and another have taken its place. */
  async #isInPlace(): Promise<boolean> {
    const { file, ino } = this.#opened;
    return stat(file).then(
      (found) => found.ino === ino,
      () => false,
    );
  }

  #get<Stored extends StoredRecord>(
    key: string,
    transaction?: ReadTransaction,
    decode: typeof decodeRecord = decodeRecord,
  ): Stored | undefined {
    this.#checkOpen();
    try {
      const bytes = readBytes(this.#database, key, transaction);
      return bytes && (decode(key, bytes) as Stored);
    } catch (error) {
      throw this.#noticed(explain(this.#file, error));
    }
  }

  *#keys(prefix: string, after = prefix, transaction?: ReadTransaction): Generator<string, void, void> {
    this.#checkOpen();
    // Keys are printable ASCII, so DEL comes behind all that begin with the prefix.
    const range = { start: after, end: `${prefix}\x7f`, exclusiveStart: true };
    try {
      for (const key of this.#database.getKeys(transaction ? { ...range, transaction } : range)) {
        if (key !== FORMAT_KEY) yield key;
        this.#checkOpen();
      }
    } catch (error) {
      throw this.#noticed(explain(this.#file, error));
    }
  }

  /** A damaged record is refused whenever it is read. A damaged page may do more harm, so the file is checked again. */
  #noticed(error: unknown): unknown {
    if (error instanceof DamagedDataError && !(error.cause instanceof UndecodableRecordError))
      this.#isDamaged = true;
    return error;
  }

  /** Reading a database that was closed would take the process with it. */
  #checkOpen(): void {
    if (this.#isClosed) throw new StoreClosedError(this.#file);
  }
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
