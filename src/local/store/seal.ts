import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { CheckedDatabase } from './database-check.js';
import { PAGE_HEADER_BYTES } from './database-pages.js';
import { type Run, readRuns } from './page-runs.js';
import { FOLLOWED, FOLLOWED_FOR_CHANGES, HEAD, PageUses } from './page-uses.js';
import { BEGINNING_BYTES } from './record-encoding.js';

/*
 * LMDB has no checksums of its own. So a file that was closed carries a seal behind its last page, which says what
 * LMDB follows and has checksums of that. They are compared instead of checking it all again. All numbers little
 * endian:
 *
 *   a byte for each page   its use
 *   16 bytes               MAGIC
 *   4 bytes                size of a page
 *   4 bytes                number of pages
 *   4 bytes                CRC-32 of the pages that are followed whenever something is looked up or changed
 *   4 bytes                CRC-32 of those that are followed for changes only, and then of where each long record begins
 *   4 bytes                CRC-32 of the seal itself, up to here
 */

const MAGIC = Buffer.from('rekollect seal\n\0', 'latin1');
const PAGE_SIZE = 16;
const PAGES = 20;
const CHECKSUM_FOR_READING = 24;
const CHECKSUM_FOR_CHANGES = 28;
const CHECKSUM_OF_SEAL = 32;
const END_BYTES = 36;

/** Of a long record: the header that LMDB follows, and what says whether the record is under its key. */
const HEAD_BYTES = PAGE_HEADER_BYTES + BEGINNING_BYTES;

/** Pages of which a checksum is taken at once. */
const PAGES_AT_A_TIME = 64;

/** The seal of a database file. */
export class Seal {
  readonly #handle: FileHandle;
  readonly #database: CheckedDatabase;
  readonly #end: Buffer;

  private constructor(handle: FileHandle, database: CheckedDatabase, end: Buffer) {
    this.#handle = handle;
    this.#database = database;
    this.#end = end;
  }

  /**
   * The seal that a file has. One that is incomplete, damaged, or that of a file of another length is none: a process
   * may have been killed while it put it on or broke it.
   */
  static async find(handle: FileHandle): Promise<Seal | undefined> {
    const { size } = await handle.stat();
    const end = Buffer.alloc(END_BYTES);
    if (size > END_BYTES) await handle.read(end, 0, END_BYTES, size - END_BYTES);
    const [pageSize, pages] = [end.readUInt32LE(PAGE_SIZE), end.readUInt32LE(PAGES)];
    const isOfThisFile = pages * pageSize + pages + END_BYTES === size;
    if (!end.subarray(0, MAGIC.length).equals(MAGIC) || !isOfThisFile) return undefined;
    const bytes = Buffer.alloc(pages);
    await handle.read(bytes, 0, pages, pages * pageSize);
    const database = { pageSize, uses: new PageUses(bytes) };
    return end.readUInt32LE(CHECKSUM_OF_SEAL) === checksumOfSeal(database, end)
      ? new Seal(handle, database, end)
      : undefined;
  }

  /** Puts a seal on a file that nobody has open as a database. */
  static async put(handle: FileHandle, database: CheckedDatabase): Promise<void> {
    const { pageSize, uses } = database;
    const pages = uses.bytes.length;
    const end = Buffer.alloc(END_BYTES);
    MAGIC.copy(end);
    end.writeUInt32LE(pageSize, PAGE_SIZE);
    end.writeUInt32LE(pages, PAGES);
    end.writeUInt32LE(await checksumForReading(handle, database), CHECKSUM_FOR_READING);
    end.writeUInt32LE(await checksumForChanges(handle, database), CHECKSUM_FOR_CHANGES);
    end.writeUInt32LE(checksumOfSeal(database, end), CHECKSUM_OF_SEAL);
    // What is left of the seal before lies behind the last page.
    await handle.truncate(pages * pageSize);
    await handle.writev([uses.bytes, end], pages * pageSize);
    await handle.sync();
  }

  /** Whether all is as it was that LMDB follows when something is looked up. */
  async fitsForReading(): Promise<boolean> {
    const checksum = await checksumForReading(this.#handle, this.#database);
    return checksum === this.#end.readUInt32LE(CHECKSUM_FOR_READING);
  }

  /** Whether all is as it was that LMDB follows besides when something is changed. */
  async fitsForChanges(): Promise<boolean> {
    const checksum = await checksumForChanges(this.#handle, this.#database);
    return checksum === this.#end.readUInt32LE(CHECKSUM_FOR_CHANGES);
  }

  /**
   * Makes the seal none, before anything is changed. It is written over, since Windows does not let a file be cut
   * that is mapped; LMDB puts its pages there when it needs more of them.
   */
  async break(): Promise<void> {
    const { pageSize, uses } = this.#database;
    const position = uses.bytes.length * (pageSize + 1);
    await this.#handle.write(Buffer.alloc(END_BYTES), 0, END_BYTES, position);
    await this.#handle.sync();
  }
}

function checksumForReading(handle: FileHandle, { pageSize, uses }: CheckedDatabase): Promise<number> {
  return checksumOf(handle, uses.runs(FOLLOWED, PAGES_AT_A_TIME), pageSize);
}

async function checksumForChanges(handle: FileHandle, { pageSize, uses }: CheckedDatabase): Promise<number> {
  const ofPages = await checksumOf(handle, uses.runs(FOLLOWED_FOR_CHANGES, PAGES_AT_A_TIME), pageSize);
  return checksumOf(handle, uses.runs(HEAD, 1), pageSize, HEAD_BYTES, ofPages);
}

function checksumOfSeal({ uses }: CheckedDatabase, end: Buffer): number {
  return crc32(end.subarray(0, CHECKSUM_OF_SEAL), crc32(uses.bytes));
}

async function checksumOf(
  handle: FileHandle,
  runs: Iterable<Run>,
  pageSize: number,
  bytesOfEach?: number,
  before = 0,
): Promise<number> {
  let checksum = before;
  for await (const some of readRuns(handle, runs, pageSize, bytesOfEach))
    for (const [, bytes] of some) checksum = crc32(bytes, checksum);
  return checksum;
}
