import type { FileHandle } from 'node:fs/promises';
import { Damage } from './damage.js';
import {
  BRANCH,
  IS_ON_OVERFLOW,
  LEAF,
  type Meta,
  NODE_HEADER_BYTES,
  OVERFLOW,
  OVERFLOW_REFERENCE_BYTES,
  PAGE_HEADER_BYTES,
  PageView,
  type Tree,
} from './database-pages.js';
import { type Run, readRuns } from './page-runs.js';
import { HEAD, type PageUse } from './page-uses.js';

/** Levels of a tree that LMDB has room for (`CURSOR_STACK`). */
const DEEPEST = 32;

const PAGES_SORTED_AT_ONCE = 4096;

/** Keeps account of the pages of a file. */
export interface UsedPages {
  /** @throws Damage when one of them is no page of the file, or was in use already */
  add(run: Run, use: PageUse): void;
}

/** What the entries of a tree are. */
export interface Entries<Key extends string | number> {
  /** A branch of fewer makes LMDB give up, and with it the process. */
  readonly fewestChildren: number;
  /** What its branches and leaves are used for. */
  readonly pages: PageUse;
  /** The same of data that has pages of its own. With `HEAD`, their headers are checked, and how the data begins. */
  readonly overflow: PageUse;
  /** Bytes of the data that `check` is given with `HEAD`, if there are so many. */
  readonly beginning?: number | undefined;
  /** @returns `undefined` for what is no key */
  readKey(page: PageView, at: number, size: number): Key | undefined;
  /**
   * Checks data; without it, that is not done.
   *
   * @param isWhole whether the data is all there, and not only its beginning
   * @throws Damage
   */
  readonly check?: ((key: Key, data: Buffer, isWhole: boolean) => void) | undefined;
}

/** A page of a tree, whose keys are not below `from`, and below `to`. */
interface Subtree<Key> extends Run {
  readonly from?: Key | undefined;
  readonly to?: Key | undefined;
}

/** Data that lies on pages of its own. */
interface Overflow<Key> extends Run {
  readonly key: Key;
  readonly size: number;
}

/**
 * Checks all pages of a tree: each is what it should be and belongs to the tree only once, its nodes fill the room
 * that they have without touching each other, the keys are in order throughout, and nothing is missing.
 *
 * @throws Damage
 */
export async function checkTree<Key extends string | number>(
  handle: FileHandle,
  meta: Meta,
  tree: Tree,
  pages: UsedPages,
  entries: Entries<Key>,
): Promise<void> {
  await new TreeCheck(handle, meta, pages, entries).run(tree);
}

class TreeCheck<Key extends string | number> {
  readonly #handle: FileHandle;
  readonly #meta: Meta;
  readonly #pages: UsedPages;
  readonly #entries: Entries<Key>;
  readonly #overflow: Overflow<Key>[] = [];
  readonly #found = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 };

  constructor(handle: FileHandle, meta: Meta, pages: UsedPages, entries: Entries<Key>) {
    this.#handle = handle;
    this.#meta = meta;
    this.#pages = pages;
    this.#entries = entries;
  }

  async run(tree: Tree): Promise<void> {
    const { root, depth } = tree;
    if (depth > DEEPEST || (root === undefined) !== (depth === 0))
      throw new Damage('has a tree without a root');
    let level: Subtree<Key>[] = root === undefined ? [] : [{ page: root, pages: 1 }];
    for (const subtree of level) this.#pages.add(subtree, this.#entries.pages);
    for (let height = depth; height > 0; height--) {
      const below: Subtree<Key>[] = [];
      for await (const some of readRuns(this.#handle, inOrder(level), this.#meta.pageSize)) {
        for (const [subtree, bytes] of some) {
          const page = this.#view(subtree, bytes, height > 1 ? BRANCH : LEAF);
          if (height > 1) this.#checkBranch(subtree, page, below);
          else this.#checkLeaf(subtree, page);
        }
      }
      level = below;
    }
    await this.#checkOverflow();

    const { branchPages, leafPages, overflowPages, entries } = this.#found;
    const isComplete =
      branchPages === tree.branchPages &&
      leafPages === tree.leafPages &&
      overflowPages === tree.overflowPages &&
      entries === tree.entries;
    if (!isComplete) throw new Damage('has not as many pages and records as it says');
  }

  async #checkOverflow(): Promise<void> {
    const { pageSize } = this.#meta;
    const isHead = this.#entries.overflow === HEAD;
    const wanted = isHead ? PAGE_HEADER_BYTES + (this.#entries.beginning ?? 0) : undefined;
    for await (const some of readRuns(this.#handle, inOrder(this.#overflow), pageSize, wanted)) {
      for (const [{ key, size, ...run }, bytes] of some) {
        const page = this.#view(run, bytes, OVERFLOW, wanted);
        this.#found.overflowPages += run.pages;
        if (page.pages !== run.pages) throw damaged(run);
        this.#entries.check?.(key, bytes.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + size), !isHead);
      }
    }
  }

  #view(run: Run, bytes: Buffer, flags: number, wanted = run.pages * this.#meta.pageSize): PageView {
    const { page: number } = run;
    if (bytes.length < wanted) throw new Damage(`was cut short: it has no page ${number}`);
    const page = new PageView(bytes);
    // A page of a later transaction would be written to where it is mapped, which is not allowed.
    if (page.number !== number || page.flags !== flags || page.transaction > this.#meta.transaction)
      throw new Damage(`has a damaged page, number ${number}`);
    return page;
  }

  #checkBranch(subtree: Subtree<Key>, page: PageView, below: Subtree<Key>[]): void {
    this.#found.branchPages++;
    const nodes = this.#nodes(subtree, page, (node) => page.keySize(node));
    if (nodes.length < this.#entries.fewestChildren) throw damaged(subtree);
    // What the first child holds begins where that of the branch begins, whatever its key.
    const keys = this.#keys(subtree, page, nodes.slice(1));
    const bounds = [subtree.from, ...keys, subtree.to];
    for (const [i, node] of nodes.entries()) {
      const child = { page: page.child(node), pages: 1, from: bounds[i], to: bounds[i + 1] };
      this.#pages.add(child, this.#entries.pages);
      below.push(child);
    }
  }

  #checkLeaf(subtree: Subtree<Key>, page: PageView): void {
    this.#found.leafPages++;
    const nodes = this.#nodes(subtree, page, (node) => {
      const isOverflow = page.nodeFlags(node) === IS_ON_OVERFLOW;
      if (!isOverflow && page.nodeFlags(node) !== 0) throw damaged(subtree);
      return page.keySize(node) + (isOverflow ? OVERFLOW_REFERENCE_BYTES : page.dataSize(node));
    });
    this.#found.entries += nodes.length;
    for (const [i, key] of this.#keys(subtree, page, nodes).entries()) {
      const node = nodes[i]!;
      const size = page.dataSize(node);
      const at = node + NODE_HEADER_BYTES + page.keySize(node);
      if (page.nodeFlags(node) === IS_ON_OVERFLOW) {
        const overflow = { page: page.word(at), pages: page.word(at + 16), key, size };
        // Data that became shorter within its transaction keeps its pages.
        if (overflow.pages * this.#meta.pageSize < PAGE_HEADER_BYTES + size) throw damaged(subtree);
        this.#pages.add(overflow, this.#entries.overflow);
        this.#overflow.push(overflow);
      } else {
        this.#entries.check?.(key, page.bytes.subarray(at, at + size), true);
      }
    }
  }

  /**
   * Where the nodes of a page begin, in the order of their keys.
   *
   * @param sizeOf tells how long a node is without its header
   */
  #nodes(subtree: Subtree<Key>, page: PageView, sizeOf: (node: number) => number): number[] {
    const { pageSize } = this.#meta;
    const { lower, upper } = page;
    const begin = PAGE_HEADER_BYTES + upper;
    if (lower === 0 || lower % 2 !== 0 || lower > upper || begin > pageSize) throw damaged(subtree);
    const nodes = Array.from({ length: lower / 2 }, (_, index) => page.node(index));
    let end = begin;
    for (const node of nodes.toSorted((a, b) => a - b)) {
      if (node !== end || node + NODE_HEADER_BYTES > pageSize) throw damaged(subtree);
      end += evenly(NODE_HEADER_BYTES + sizeOf(node));
    }
    if (end !== pageSize) throw damaged(subtree);
    return nodes;
  }

  /** The keys of nodes, which have to be in order and within the bounds of their page. */
  #keys(subtree: Subtree<Key>, page: PageView, nodes: readonly number[]): Key[] {
    let last: Key | undefined;
    const keys = nodes.map((node) => {
      const key = this.#entries.readKey(page, node + NODE_HEADER_BYTES, page.keySize(node));
      const isInOrder = key !== undefined && (last === undefined || last < key);
      if (!isInOrder) throw damaged(subtree);
      last = key;
      return key;
    });
    const [first] = keys;
    const isWithin =
      (first === undefined || subtree.from === undefined || subtree.from <= first) &&
      (last === undefined || subtree.to === undefined || last < subtree.to);
    if (!isWithin) throw damaged(subtree);
    return keys;
  }
}

/** Runs in the order in which they lie in the file. Sorting them all at once would hold up others. */
function* inOrder<Wanted extends Run>(runs: readonly Wanted[]): Generator<Wanted, void, void> {
  const parts: Wanted[][] = [];
  for (const run of runs) {
    const part = Math.floor(run.page / PAGES_SORTED_AT_ONCE);
    parts[part] ??= [];
    parts[part].push(run);
  }
  for (const part of parts) if (part) yield* part.sort((a, b) => a.page - b.page);
}

function damaged({ page }: Run): Damage {
  return new Damage(`has a damaged page, number ${page}`);
}

function evenly(bytes: number): number {
  return bytes + (bytes % 2);
}
