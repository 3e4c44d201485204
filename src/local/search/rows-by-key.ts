import { type PackedIds, readUuid, UUID_BYTES, writeUuid } from './packed-ids.js';

const FIRST_SLOTS = 64;
const WORDS = UUID_BYTES / 4;

/** What a slot says in place of a row: none was there yet, or it was taken out and others may lie behind it. */
const FREE = 0;
const TAKEN_OUT = -1;

/** Differs from process to process, so that nobody can choose ids which all fall into one slot. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

/**
 * Which row each key has, and which key each row: a map for millions of keys. Those that are UUIDs are kept as bytes,
 * and become strings when they are asked for. A `Map` takes three times as long to fill with a million strings, several
 * times the memory, and no more than 2^24.
 */
export class RowsByKey {
  /** For each slot the hash of a key, then 1 more than its row. A key lies at its hash or behind, in the first gap. */
  #slots: Int32Array;
  #used = 0;
  #size = 0;
  /** The key of each row that has a UUID for one; zeros elsewhere. */
  #uuids: Int32Array;
  /** Other keys, by their rows. */
  readonly #texts: (string | undefined)[] = [];
  /** The key that is looked for: a UUID, or a text. */
  readonly #uuid = new Int32Array(WORDS);
  #text: string | undefined;
  /** Of several keys. New ones each time would keep the garbage collector busy. */
  #rows = new Int32Array(0);
  #hashes = new Int32Array(0);

  /** @param expected about how many keys there will be. More or fewer do no harm */
  constructor(expected = 0) {
    let slots = FIRST_SLOTS;
    // As many as there would be in the end.
    while (slots <= 2 * expected) slots *= 2;
    this.#slots = new Int32Array(2 * slots);
    this.#uuids = new Int32Array(WORDS * Math.max(expected, FIRST_SLOTS));
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): number | undefined {
    const row = this.#slots[this.#find(this.#lookFor(key)) + 1]!;
    return row === FREE ? undefined : row - 1;
  }

  /** The key of a row; `undefined` where there is none, or none any more. */
  keyOf(row: number): string | undefined {
    const text = this.#texts[row];
    if (text !== undefined) return text;
    const { buffer, byteLength } = this.#uuids;
    const isMissing = !this.#uuids.subarray(WORDS * row, WORDS * (row + 1)).some((word) => word !== 0);
    return isMissing ? undefined : readUuid(Buffer.from(buffer, 0, byteLength), UUID_BYTES * row);
  }

  /** The row of a key, or else a new one, which is kept. */
  getOrSet(key: string, newRow: () => number): number {
    return this.#getOrSet(this.#lookFor(key), newRow);
  }

  /** The same for each of several keys. The next call overwrites what is answered. */
  getOrSetAll(keys: PackedIds, newRow: () => number): Int32Array {
    if (!(keys instanceof Uint8Array)) return Int32Array.from(keys, (key) => this.getOrSet(key, newRow));
    const words = new Int32Array(keys.buffer, keys.byteOffset, keys.length / 4);
    const count = keys.length / UUID_BYTES;
    if (this.#rows.length < count)
      [this.#rows, this.#hashes] = [new Int32Array(count), new Int32Array(count)];
    const [rows, hashes, slots] = [this.#rows, this.#hashes, this.#slots];
    // Slots are far from each other in memory: to get several at once takes little longer than one.
    for (let i = 0; i < count; i++) {
      hashes[i] = hashOfUuid(words, WORDS * i);
      rows[i] = slots[firstPlace(hashes[i]!, slots)]!;
    }
    this.#text = undefined;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < WORDS; j++) this.#uuid[j] = words[WORDS * i + j]!;
      rows[i] = this.#getOrSet(hashes[i]!, newRow);
    }
    return count < rows.length ? rows.subarray(0, count) : rows;
  }

  delete(key: string): void {
    const at = this.#find(this.#lookFor(key));
    const row = this.#slots[at + 1]! - 1;
    if (row + 1 === FREE) return;
    this.#uuids.fill(0, WORDS * row, WORDS * (row + 1));
    if (this.#text !== undefined) this.#texts[row] = undefined;
    this.#slots[at + 1] = TAKEN_OUT;
    this.#size--;
  }

  /** @returns its hash */
  #lookFor(key: string): number {
    const isUuid = writeUuid(key, Buffer.from(this.#uuid.buffer));
    this.#text = isUuid ? undefined : key;
    return isUuid ? hashOfUuid(this.#uuid) : hashOfText(key);
  }

  #getOrSet(hash: number, newRow: () => number): number {
    const at = this.#find(hash);
    const before = this.#slots[at + 1]!;
    if (before !== FREE) return before - 1;
    const row = newRow();
    this.#keep(row);
    this.#slots[at] = hash;
    this.#slots[at + 1] = row + 1;
    this.#size++;
    this.#used++;
    // Fuller ones have long runs without a gap.
    if (4 * this.#used > this.#slots.length) this.#makeRoom();
    return row;
  }

  /** Makes what is looked for the key of a row. */
  #keep(row: number): void {
    if (this.#text !== undefined) {
      this.#texts[row] = this.#text;
      return;
    }
    if (WORDS * row >= this.#uuids.length) {
      const before = this.#uuids;
      this.#uuids = new Int32Array(2 * WORDS * row);
      this.#uuids.set(before);
    }
    for (let j = 0; j < WORDS; j++) this.#uuids[WORDS * row + j] = this.#uuid[j]!;
  }

  /** Where the key is that is looked for, or the gap where it would be. */
  #find(hash: number): number {
    const slots = this.#slots;
    for (let at = firstPlace(hash, slots); ; at = (at + 2) & (slots.length - 1)) {
      const row = slots[at + 1]!;
      if (row === FREE || (row !== TAKEN_OUT && slots[at] === hash && this.#isLookedFor(row - 1))) return at;
    }
  }

  #isLookedFor(row: number): boolean {
    if (this.#text !== undefined) return this.#texts[row] === this.#text;
    for (let j = 0; j < WORDS; j++) if (this.#uuids[WORDS * row + j] !== this.#uuid[j]) return false;
    return true;
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

/** FNV-1a over the characters. */
function hashOfText(key: string): number {
  let hash = SEED;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** The same over the words, each mixed. */
function hashOfUuid(words: Int32Array, at = 0): number {
  let hash = SEED;
  for (let j = 0; j < WORDS; j++) hash = mixed(Math.imul(hash ^ words[at + j]!, 0x01000193));
  return hash;
}

/** What MurmurHash3 ends with, since slots are chosen by the last bits alone. */
function mixed(hash: number): number {
  let all = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  all = Math.imul(all ^ (all >>> 13), 0xc2b2ae35);
  return all ^ (all >>> 16);
}
