/** Keys in one run, on average about half of this. Short enough to insert into quickly, long enough that there are few. */
const RUN_LENGTH = 1024;

/**
 * A map that can be walked in the order of its keys, from any key on. Keys are kept sorted in runs of bounded
 * length, so adding one among a million moves a thousand.
 */
export class OrderedMap<Value> {
  readonly #values = new Map<string, Value>();
  /** Sorted, none empty, each entirely before the next. */
  readonly #runs: string[][] = [];

  get size(): number {
    return this.#values.size;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.#values.has(key)) this.#insert(key);
    this.#values.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.#values.delete(key)) return false;
    const at = this.#runOf(key);
    const run = this.#runs[at]!;
    run.splice(firstNotBefore(run, key), 1);
    if (run.length === 0) this.#runs.splice(at, 1);
    return true;
  }

  /** Another map of the same entries. */
  copy(): OrderedMap<Value> {
    const copy = new OrderedMap<Value>();
    for (const [key, value] of this.#values) copy.#values.set(key, value);
    for (const run of this.#runs) copy.#runs.push([...run]);
    return copy;
  }

  /** Entries from the first key not before `from` on. Changing the map ends the walk's validity. */
  *entriesFrom(from: string): Generator<[string, Value], void, void> {
    let index = this.#runs.length === 0 ? 0 : firstNotBefore(this.#runs[this.#runOf(from)]!, from);
    for (let at = this.#runOf(from); at < this.#runs.length; at++, index = 0) {
      const run = this.#runs[at]!;
      for (; index < run.length; index++) yield [run[index]!, this.#values.get(run[index]!)!];
    }
  }

  #insert(key: string): void {
    if (this.#runs.length === 0) this.#runs.push([]);
    const at = this.#runOf(key);
    const run = this.#runs[at]!;
    run.splice(firstNotBefore(run, key), 0, key);
    if (run.length > RUN_LENGTH) this.#runs.splice(at + 1, 0, run.splice(RUN_LENGTH / 2));
  }

  /** The run that holds the key or would: the last that begins at or before it, else the first. */
  #runOf(key: string): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#runs[middle]![0]! <= key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

function firstNotBefore(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
