import { statfsSync } from 'node:fs';
import { DirectoryUnusableError } from './store-errors.js';

/** What a record takes at most besides its bytes: the rest of its last page, and a header. */
const BYTES_AROUND_A_RECORD = 4096;
/** What a change takes besides its records: copies of the pages that lead to them, and lists of free ones. */
const BYTES_OF_A_CHANGE = 256 * 1024;

/** By how much a change makes the file grow. */
export interface Growth {
  put(byteLength: number, exists: boolean): void;
  remove(exists: boolean): void;
  /** @throws DirectoryUnusableError when there is no room for it */
  check(): void;
  /** It was written, or will never be. */
  end(): void;
}

/**
 * The free space on the disk of a file. LMDB would notice a full disk only while it commits, name another error, and
 * write that to standard error; so the space is looked up before. A change that leaves no more records than there were is always
 * tried: on a full disk that is what makes room, and LMDB has mostly pages left for it.
 */
export class DiskRoom {
  readonly #file: string;
  /** Bytes of changes that are being written. */
  #growing = 0;

  constructor(file: string) {
    this.#file = file;
  }

  growth(): Growth {
    let bytes = 0;
    let records = 0;
    let counted = 0;
    return {
      put(byteLength, exists) {
        bytes += byteLength + BYTES_AROUND_A_RECORD;
        if (!exists) records++;
      },
      remove(exists) {
        if (exists) records--;
      },
      check: () => {
        if (records <= 0) return;
        counted = bytes;
        this.#growing += counted;
        if (this.#free() < this.#growing + BYTES_OF_A_CHANGE) throw full(this.#file);
      },
      end: () => {
        this.#growing -= counted;
      },
    };
  }

  #free(): number {
    try {
      const { bsize, bavail, bfree } = statfsSync(this.#file);
      // Some is kept for the superuser.
      return bsize * (process.getuid?.() === 0 ? bfree : bavail);
    } catch {
      // The directory was renamed. What is missing is noticed when it is written.
      return Number.POSITIVE_INFINITY;
    }
  }
}

function full(file: string): DirectoryUnusableError {
  const cause = Object.assign(new Error('the disk is full'), { code: 'ENOSPC' });
  return new DirectoryUnusableError(file, 'cannot grow', cause);
}
