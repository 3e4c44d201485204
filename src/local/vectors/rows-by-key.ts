const FIRST_SLOTS = 64;

/** What a slot says in place of a row: none was there yet, or it was taken out and others may lie behind it. */
const FREE = 0;
const TAKEN_OUT = -1;

/** Differs from process to process, so that nobody can choose ids which all fall into one slot. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

/**
 * Which row each key has: a map for millions of keys. It keeps numbers alone, and asks whose a row is to be sure of
 * it. A `Map` takes three times as long to fill with a million strings, twice the memory, and no more than 2^24.
 */
export class RowsByKey {
  readonly #keyOf: (row: number) => string | undefined;
  /** For each slot the hash of a key, then 1 more than its row. A key lies at its hash or behind, in the first gap. */
  #slots: Int32Array;
  #used = 0;
  #size = 0;

  /**
   * @param keyOf the key of a row, for as long as the row is set
   * @param expected about how many keys there will be. More or fewer do no harm
   */
  constructor(keyOf: (row: number) => string | undefined, expected = 0) {
    this.#keyOf = keyOf;
    let slots = FIRST_SLOTS;
    // As many as there would be in the end.
    while (slots <= 2 * expected) slots *= 2;
    this.#slots = new Int32Array(2 * slots);
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): number | undefined {
    const row = this.#slots[this.#find(key, hashOf(key)) + 1]!;
    return row === FREE ? undefined : row - 1;
  }

  /** The row of a key, or else a new one, which is kept. */
  getOrSet(key: string, newRow: () => number): number {
    const hash = hashOf(key);
    const at = this.#find(key, hash);
    const before = this.#slots[at + 1]!;
    if (before !== FREE) return before - 1;
    const row = newRow();
    this.#slots[at] = hash;
    this.#slots[at + 1] = row + 1;
    this.#size++;
    this.#used++;
    // Fuller ones have long runs without a gap.
    if (4 * this.#used > this.#slots.length) this.#makeRoom();
    return row;
  }

  delete(key: string): void {
    const at = this.#find(key, hashOf(key));
    if (this.#slots[at + 1] === FREE) return;
    this.#slots[at + 1] = TAKEN_OUT;
    this.#size--;
  }

  /** Where the key is, or the gap where it would be. */
  #find(key: string, hash: number): number {
    const slots = this.#slots;
    for (let at = firstPlace(hash, slots); ; at = (at + 2) & (slots.length - 1)) {
      const row = slots[at + 1]!;
      if (row === FREE || (row !== TAKEN_OUT && slots[at] === hash && this.#keyOf(row - 1) === key))
        return at;
    }
  }

  /** More slots if it takes them, and none any more of what was taken out. */
  #makeRoom(): void {
    const before = this.#slots;
    const after = new Int32Array(8 * this.#size > before.length ? 2 * before.length : before.length);
    for (let from = 0; from < before.length; from += 2) {
      const row = before[from + 1]!;
      if (row === FREE || row === TAKEN_OUT) continue;
      let at = firstPlace(before[from]!, after);
      while (after[at + 1] !== FREE) at = (at + 2) & (after.length - 1);
      after[at] = before[from]!;
      after[at + 1] = row;
    }
    this.#slots = after;
    this.#used = this.#size;
  }
}

/** @param slots whose number is a power of 2 */
function firstPlace(hash: number, slots: Int32Array): number {
  return (2 * hash) & (slots.length - 1);
}

/** FNV-1a over the characters, then what MurmurHash3 ends with, since slots are chosen by the last bits alone. */
function hashOf(key: string): number {
  let hash = SEED;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
