import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';

/*
 * How LMDB lays a database out in its file: `MDB_page_header`, `MDB_meta`, `MDB_db`, `MDB_node` and `MDB_ovpage` in
 * the mdb.c of lmdb 3.5, for processes of 64 bits. Page 0 and page 1 are metas, which tell where two trees begin:
 * that of the records, and that of the pages that are free. Each transaction overwrites the older meta.
 */

const IS_LITTLE_ENDIAN = endianness() === 'LE';

const MAGIC = 0xbeefc0de;
/** The layout that is described here. LMDB refuses files whose first page tells of another one. */
export const VERSION = 2;

export const PAGE_HEADER_BYTES = 24;
const META_BYTES = 160;
const FREE_TREE = 48;
const MAIN_TREE = 96;
const LAST_PAGE = 144;

/** The root of a tree without pages. */
const NO_PAGE = -1n;

/** The flags of the tree of free pages (`MDB_INTEGERKEY`). That of the records has none. */
export const KEYS_ARE_NUMBERS = 8;

/** What a page holds: its flags, and no others are set. */
export const BRANCH = 1;
export const LEAF = 2;
export const OVERFLOW = 4;
const META = 8;

/** The flags of a leaf's node whose data lies on pages of its own. */
export const IS_ON_OVERFLOW = 1;
export const NODE_HEADER_BYTES = 8;
/** What such a node holds instead of its data: page, transaction, number of pages. */
export const OVERFLOW_REFERENCE_BYTES = 24;

/** What a meta says about a tree. */
export interface Tree {
  readonly flags: number;
  readonly depth: number;
  readonly branchPages: number;
  readonly leafPages: number;
  readonly overflowPages: number;
  readonly entries: number;
  /** Absent when the tree has no pages. */
  readonly root: number | undefined;
}

export interface Meta {
  readonly isMeta: boolean;
  readonly version: number;
  readonly pageSize: number;
  /** Whether LMDB would map the file where the file says. */
  readonly address: number;
  readonly lastPage: number;
  readonly transaction: number;
  readonly free: Tree;
  readonly main: Tree;
}

/** @returns `undefined` where there is none */
export async function readMeta(handle: FileHandle, position: number): Promise<Meta | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(META_BYTES), 0, META_BYTES, position);
  const page = new PageView(buffer);
  if (bytesRead < META_BYTES || page.uint32(24) !== MAGIC) return undefined;
  return {
    isMeta: page.flags === META,
    version: page.uint32(28),
    pageSize: page.uint32(FREE_TREE),
    address: page.word(32),
    lastPage: page.word(LAST_PAGE),
    transaction: page.word(152),
    free: treeAt(page, FREE_TREE),
    main: treeAt(page, MAIN_TREE),
  };
}

/** A database of no records. */
export function emptyDatabase(): Buffer {
  const pageSize = 4096;
  const bytes = Buffer.alloc(2 * pageSize);
  for (const number of [0, 1]) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + number * pageSize, META_BYTES);
    view.setUint32(IS_LITTLE_ENDIAN ? 0 : 4, number, IS_LITTLE_ENDIAN);
    view.setUint16(18, META, IS_LITTLE_ENDIAN);
    view.setUint32(24, MAGIC, IS_LITTLE_ENDIAN);
    view.setUint32(28, VERSION, IS_LITTLE_ENDIAN);
    view.setUint32(FREE_TREE, pageSize, IS_LITTLE_ENDIAN);
    view.setUint16(FREE_TREE + 4, KEYS_ARE_NUMBERS, IS_LITTLE_ENDIAN);
    for (const tree of [FREE_TREE, MAIN_TREE]) view.setBigInt64(tree + 40, NO_PAGE, IS_LITTLE_ENDIAN);
    view.setBigUint64(LAST_PAGE, 1n, IS_LITTLE_ENDIAN);
  }
  return bytes;
}

function treeAt(page: PageView, at: number): Tree {
  return {
    flags: page.uint16(at + 4),
    depth: page.uint16(at + 6),
    branchPages: page.word(at + 8),
    leafPages: page.word(at + 16),
    overflowPages: page.word(at + 24),
    entries: page.word(at + 32),
    root: page.signedWord(at + 40) === NO_PAGE ? undefined : page.word(at + 40),
  };
}

/** The bytes of a page, or of several that belong together. */
export class PageView {
  readonly bytes: Buffer;
  readonly #view: DataView;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The number of the page, as it says itself. */
  get number(): number {
    return this.word(0);
  }

  /** The transaction that wrote it. */
  get transaction(): number {
    return this.word(8);
  }

  get flags(): number {
    return this.uint16(18);
  }

  /** How many pages belong together, on the first of them. */
  get pages(): number {
    return this.uint32(20);
  }

  /** End of the table of nodes and begin of the nodes, both counted from behind the header. */
  get lower(): number {
    return this.uint16(20);
  }

  get upper(): number {
    return this.uint16(22);
  }

  /** Where a node begins. */
  node(index: number): number {
    return PAGE_HEADER_BYTES + this.uint16(PAGE_HEADER_BYTES + 2 * index);
  }

  keySize(node: number): number {
    return this.uint16(node + 6);
  }

  nodeFlags(node: number): number {
    return this.uint16(node + 4);
  }

  dataSize(node: number): number {
    const [low, high] = IS_LITTLE_ENDIAN ? [0, 2] : [2, 0];
    return this.uint16(node + low) + this.uint16(node + high) * 2 ** 16;
  }

  /** The page that a branch's node refers to. */
  child(node: number): number {
    return this.dataSize(node) + this.nodeFlags(node) * 2 ** 32;
  }

  uint16(at: number): number {
    return this.#view.getUint16(at, IS_LITTLE_ENDIAN);
  }

  uint32(at: number): number {
    return this.#view.getUint32(at, IS_LITTLE_ENDIAN);
  }

  /** Numbers too large to be exact are too large for all that a word is used for. */
  word(at: number): number {
    return (
      this.uint32(at + (IS_LITTLE_ENDIAN ? 0 : 4)) + this.uint32(at + (IS_LITTLE_ENDIAN ? 4 : 0)) * 2 ** 32
    );
  }

  signedWord(at: number): bigint {
    return this.#view.getBigInt64(at, IS_LITTLE_ENDIAN);
  }
}
