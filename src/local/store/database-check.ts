import type { FileHandle } from 'node:fs/promises';
import { Damage } from './damage.js';
import {
  KEYS_ARE_NUMBERS,
  type Meta,
  PAGE_HEADER_BYTES,
  PageView,
  readMeta,
  VERSION,
} from './database-pages.js';
import { FOLLOWED, FOLLOWED_FOR_CHANGES, HEAD, NOT_FOLLOWED, PageUses } from './page-uses.js';
import { BEGINNING_BYTES, isIntact, isUnderItsKey } from './record-encoding.js';
import { DamagedDataError } from './store-errors.js';
import { checkTree, type Entries, type UsedPages } from './tree-check.js';

/*
 * LMDB believes what its file says. A damaged page makes it answer wrongly, write over other records, or end the
 * process, at once or when the page is changed much later. No error handling survives that. So a file whose bytes
 * nothing vouches for is checked before LMDB maps it: every page that it could ever follow in its two trees.
 *
 * Most of a file are long records, which have pages of their own. LMDB follows no more of these than a header, and
 * their bytes have a checksum that is compared whenever they are read: here they are left alone, but for the few that
 * tell whether they are under their key.
 */

/** A flag that LMDB keeps with those of the free pages, and that changes nothing (`MDB_NOSUBDIR`). */
const NO_SUBDIRECTORY = 0x4000;

/** Pages behind the end of the file that were never written, because they were free again by then; far above any. */
const MOST_UNWRITTEN = 2 ** 20;

/** The records: their keys are ASCII, their bytes have a checksum. */
const RECORDS: Entries<string> = {
  fewestChildren: 2,
  pages: FOLLOWED,
  overflow: HEAD,
  beginning: BEGINNING_BYTES,
  readKey: (page, at, size) => (size > 0 ? page.bytes.toString('latin1', at, at + size) : undefined),
  check(key, data, isWhole) {
    const isSound = isWhole ? isIntact(key, data) : isUnderItsKey(key, data);
    if (!isSound) throw new Damage('has a damaged record');
  },
};

/** The same, of a process that knows them: only their pages and keys are checked. */
const KNOWN_RECORDS: Entries<string> = { ...RECORDS, beginning: undefined, check: undefined };

/** A database that was checked. */
export interface CheckedDatabase {
  readonly pageSize: number;
  /** What its pages are used for, as far as they were ever written. */
  readonly uses: PageUses;
}

/**
 * Checks a database that nobody is writing to. With a file that passes, LMDB neither ends the process nor mixes
 * records up, for as long as nobody else changes it.
 *
 * @param options.areRecordsKnown the checksums of records need not be compared, which takes half the time: something
 * vouched for them when this process opened the database, or it wrote them itself. @default false
 * @throws DamagedDataError
 */
export async function checkDatabase(
  handle: FileHandle,
  file: string,
  { areRecordsKnown = false } = {},
): Promise<CheckedDatabase> {
  const records = areRecordsKnown ? KNOWN_RECORDS : RECORDS;
  return told(file, async () => checkPages(handle, await readMetas(handle), records));
}

/**
 * Checks whether the LMDB of this process can read a database at all: whoever made it may have had another one, or
 * another kind of processor.
 *
 * @throws DamagedDataError
 */
export async function checkLayout(handle: FileHandle, file: string): Promise<void> {
  await told(file, () => readMetas(handle));
}

async function told<Result>(file: string, check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Damage) throw new DamagedDataError(file, error.message);
    throw error;
  }
}

/** The meta that LMDB will go by. */
async function readMetas(handle: FileHandle): Promise<Meta> {
  const first = await readMeta(handle, 0);
  if (!first) throw new Damage('is no database, or has lost its beginning');
  if (first.version !== VERSION) throw new Damage('was written by another version of LMDB');
  const second = await readMeta(handle, first.pageSize);
  if (!second) throw new Damage('was cut short, or has lost its second page');
  for (const meta of [first, second]) checkMeta(meta, first.pageSize);
  const [older, newer] = second.transaction > first.transaction ? [first, second] : [second, first];
  // They take turns. If one had a wrong number, LMDB would bring back what was before the last answer.
  const takeTurns = newer.transaction === 0 || newer.transaction === older.transaction + 1;
  for (const meta of [older, newer])
    if (!takeTurns || (await lastWritten(handle, meta)) !== meta.transaction)
      throw new Damage('does not know its last transaction any more');
  return newer;
}

/** The transaction that wrote the root of one of the trees or of both; 0 when they have none. */
async function lastWritten(handle: FileHandle, { free, main, pageSize }: Meta): Promise<number> {
  let last = 0;
  for (const { root } of [free, main]) {
    if (root === undefined) continue;
    const header = Buffer.alloc(PAGE_HEADER_BYTES);
    await handle.read(header, 0, PAGE_HEADER_BYTES, root * pageSize);
    last = Math.max(last, new PageView(header).transaction);
  }
  return last;
}

function checkMeta({ isMeta, version, pageSize, address, free, main }: Meta, expectedSize: number): void {
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  // Others would have LMDB read the keys in another order, or map the file elsewhere.
  const isReadAsKnown = main.flags === 0 && (free.flags & ~NO_SUBDIRECTORY) === KEYS_ARE_NUMBERS;
  const isSound = isMeta && version === VERSION && isPageSize && pageSize === expectedSize && address === 0;
  if (!isSound || !isReadAsKnown) throw new Damage('has a damaged beginning');
}

async function checkPages(
  handle: FileHandle,
  meta: Meta,
  records: Entries<string>,
): Promise<CheckedDatabase> {
  const { pageSize, lastPage } = meta;
  const { size } = await handle.stat();
  const pagesOfFile = Math.floor(size / pageSize);
  if (lastPage > pagesOfFile + MOST_UNWRITTEN)
    throw new Damage(`was cut short: it has ${pagesOfFile} pages of ${lastPage + 1}`);
  const uses = new PageUses(new Uint8Array(lastPage + 1));
  uses.add({ page: 0, pages: 2 }, FOLLOWED);
  const written: UsedPages = {
    add(run, use) {
      if (run.page + run.pages > pagesOfFile)
        throw new Damage(`was cut short: it has ${pagesOfFile} pages, and none of number ${run.page}`);
      uses.add(run, use);
    },
  };
  await checkTree(handle, meta, meta.main, written, records);
  await checkTree(handle, meta, meta.free, written, freePages(meta, uses));
  return { pageSize, uses: new PageUses(uses.bytes.subarray(0, pagesOfFile)) };
}

/**
 * The lists of free pages: under the transaction that freed them, how many words follow, and these. A word is a page,
 * zero, or negative: then the next word is the first of so many pages.
 */
function freePages({ transaction: last }: Meta, uses: PageUses): Entries<number> {
  return {
    fewestChildren: 1,
    pages: FOLLOWED_FOR_CHANGES,
    overflow: FOLLOWED_FOR_CHANGES,
    readKey: (page, at, size) => (size === 8 ? page.word(at) : undefined),
    check(transaction, data) {
      if (transaction < 1 || transaction > last) throw new Damage('has a damaged list of free pages');
      const list = new PageView(data);
      const words = data.length < 8 ? Number.NaN : list.word(0);
      if (!(8 * (words + 1) <= data.length)) throw new Damage('has a damaged list of free pages');
      for (let i = 1; i <= words; i++) {
        const word = Number(list.signedWord(8 * i));
        if (word > 0) uses.add({ page: word, pages: 1 }, NOT_FOLLOWED);
        if (word >= 0) continue;
        if (++i > words) throw new Damage('has a damaged list of free pages');
        uses.add({ page: list.word(8 * i), pages: -word }, NOT_FOLLOWED);
      }
    },
  };
}
