/** Keeps the smallest of the numbers it is offered, as many as it has room for. A binary heap, the largest on top. */
export class KSmallest {
  readonly #heap: Float64Array;
  #count = 0;

  /** @param room 1 and up */
  constructor(room: number) {
    this.#heap = new Float64Array(room);
  }

  /** The largest of those that are kept; ∞ while there is room for more. */
  get largest(): number {
    return this.#count < this.#heap.length ? Number.POSITIVE_INFINITY : this.#heap[0]!;
  }

  offer(number: number): void {
    if (this.#count < this.#heap.length) this.#rise(this.#count++, number);
    else if (number < this.#heap[0]!) this.#sink(number);
  }

  #rise(from: number, number: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#heap[parent]! >= number) break;
      this.#heap[at] = this.#heap[parent]!;
      at = parent;
    }
    this.#heap[at] = number;
  }

  #sink(number: number): void {
    let at = 0;
    for (let child = 1; child < this.#count; child = 2 * at + 1) {
      if (child + 1 < this.#count && this.#heap[child + 1]! > this.#heap[child]!) child++;
      if (this.#heap[child]! <= number) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = number;
  }
}
