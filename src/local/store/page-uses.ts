import { Damage } from './damage.js';
import type { Run } from './page-runs.js';

/*
 * What LMDB makes of a page of its file, as a byte. It believes what it follows, and what it follows when it only
 * looks things up is a small part of a file: most of it are long records, which have pages of their own.
 */

/** It is followed whenever something is looked up or changed. */
export const FOLLOWED = 1;
/** It is followed only when something is changed. */
export const FOLLOWED_FOR_CHANGES = 2;
/** The first page of a record that has its own: its header is followed, and only when that record is changed. */
export const HEAD = 3;
/** It is in use, and never followed: the bytes of a record, or a free page. */
export const NOT_FOLLOWED = 4;

export type PageUse = typeof FOLLOWED | typeof FOLLOWED_FOR_CHANGES | typeof HEAD | typeof NOT_FOLLOWED;

/** What the pages of a file are used for: a byte for each, 0 where for nothing. */
export class PageUses {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @throws Damage when one of the pages is used already, or is none of the file */
  add({ page, pages }: Run, use: PageUse): void {
    const end = page + pages;
    if (pages < 1 || end > this.bytes.length) throw new Damage(`refers to page ${page}, which there is not`);
    const uses = this.bytes.subarray(page, end);
    if (uses.some((other) => other !== 0)) throw new Damage(`uses page ${page} twice`);
    uses.fill(use === HEAD ? NOT_FOLLOWED : use);
    uses[0] = use;
  }

  /**
   * The pages of one use, in their order.
   *
   * @param most that are answered as one run, where they follow each other
   */
  *runs(use: PageUse, most: number): Generator<Run, void, void> {
    const { bytes } = this;
    for (let page = bytes.indexOf(use); page >= 0; ) {
      let end = page + 1;
      while (end - page < most && bytes[end] === use) end++;
      yield { page, pages: end - page };
      page = bytes.indexOf(use, end);
    }
  }
}
