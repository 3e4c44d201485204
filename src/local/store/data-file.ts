import { type FileHandle, open } from 'node:fs/promises';
import { checkDatabase, checkLayout } from './database-check.js';
import { Seal } from './seal.js';
import { DamagedDataError, DirectoryUnusableError } from './store-errors.js';

/**
 * A database file that was checked, so that LMDB can go by what it says. From when it is closed until it is changed
 * again, a seal vouches for it. One without belonged to a process that was killed; LMDB has kept it consistent, and
 * that is checked page by page.
 *
 * It is the same file when its directory was moved meanwhile.
 */
export class DataFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #readOnly: boolean;
  #seal: Seal | undefined;
  #prepared: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle, seal: Seal | undefined, readOnly: boolean) {
    this.#path = path;
    this.#handle = handle;
    this.#seal = seal;
    this.#readOnly = readOnly;
  }

  /**
   * Checks a file before it is opened as a database, and leaves it as it is. Then it can be read.
   *
   * @param options.readOnly that its disk can only be read. Somebody who reaches it otherwise may be writing to it, and
   * no lock tells of that here: so it has to have been closed.
   * @throws DamagedDataError when it is not as it was when it was closed or when its process was killed
   */
  static async open(path: string, { readOnly = false } = {}): Promise<DataFile> {
    const handle = await open(path, readOnly ? 'r' : 'r+');
    try {
      const seal = await Seal.find(handle);
      if (!seal && readOnly) throw notClosed(path);
      if (seal && !(await seal.fitsForReading())) throw notAsItWas(path);
      if (seal) await checkLayout(handle, path);
      else await checkDatabase(handle, path);
      return new DataFile(path, handle, seal, readOnly);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Has to be waited for before anything is changed. Only the first time takes long.
   *
   * @throws DamagedDataError when it cannot be changed without harm, now and every time; DirectoryUnusableError on a
   * disk that can only be read; reading goes on
   */
  prepareForChanges(): Promise<void> {
    this.#prepared ??= this.#prepareForChanges().catch((error) => {
      // What else was in the way may be gone the next time.
      if (!(error instanceof DamagedDataError)) this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  /** Puts the seal on where there is none, once nobody has the database open, and closes the file. */
  async seal(): Promise<void> {
    try {
      if (this.#seal) return;
      const checked = await checkDatabase(this.#handle, this.#path, { areRecordsKnown: true });
      await Seal.put(this.#handle, checked);
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes the file, and leaves it as it was found. */
  leave(): Promise<void> {
    return this.#handle.close();
  }

  async #prepareForChanges(): Promise<void> {
    if (this.#readOnly)
      throw new DirectoryUnusableError(
        this.#path,
        'cannot be changed',
        new Error('its disk can only be read'),
      );
    if (!this.#seal) return;
    if (!(await this.#seal.fitsForChanges())) throw notAsItWas(this.#path);
    await this.#seal.break();
    this.#seal = undefined;
  }
}

function notAsItWas(path: string): DamagedDataError {
  return new DamagedDataError(path, 'is not as it was when it was closed');
}

function notClosed(path: string): DirectoryUnusableError {
  const reason = new Error('open it where the disk can be written, and close it there');
  return new DirectoryUnusableError(path, 'is on a disk that can only be read, and was not closed', reason);
}
