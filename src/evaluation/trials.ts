const FIRST_ROOM = 1024;

/** Comparisons or searches that were tried, most similar first. */
export interface SortedTrials {
  /** Higher is closer, on any scale. */
  readonly similarities: Float64Array;
  /** The people who were compared, by number. One and the same when it was about one person. */
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
}

/** Comparisons or searches that were tried: in columns, since there are millions, and each is weighed hundreds of times. */
export class Trials {
  #similarities = new Float64Array(FIRST_ROOM);
  #firsts = new Int32Array(FIRST_ROOM);
  #seconds = new Int32Array(FIRST_ROOM);
  #size = 0;
  #sorted: SortedTrials | undefined;

  get size(): number {
    return this.#size;
  }

  /**
   * @param similarity `-Infinity` for what passes at no threshold
   * @param first whom the trial was about, by number
   * @param second the other one, where two people were compared
   */
  add(similarity: number, first: number, second = first): void {
    if (this.#size === this.#similarities.length) this.#grow();
    this.#similarities[this.#size] = similarity;
    this.#firsts[this.#size] = first;
    this.#seconds[this.#size] = second;
    this.#size += 1;
    this.#sorted = undefined;
  }

  sorted(): SortedTrials {
    if (this.#sorted) return this.#sorted;
    const similarities = this.#similarities;
    const order = Uint32Array.from({ length: this.#size }, (_, i) => i).sort(
      (a, b) => similarities[b]! - similarities[a]! || 0,
    );
    this.#sorted = {
      similarities: Float64Array.from(order, (i) => similarities[i]!),
      firsts: Int32Array.from(order, (i) => this.#firsts[i]!),
      seconds: Int32Array.from(order, (i) => this.#seconds[i]!),
    };
    return this.#sorted;
  }

  #grow(): void {
    const grown = <Column extends Float64Array | Int32Array>(into: Column, column: Column) => {
      into.set(column);
      return into;
    };
    const room = 2 * this.#size;
    this.#similarities = grown(new Float64Array(room), this.#similarities);
    this.#firsts = grown(new Int32Array(room), this.#firsts);
    this.#seconds = grown(new Int32Array(room), this.#seconds);
  }
}

/** How many of the trials are at a threshold or above. */
export function passing({ similarities }: SortedTrials, threshold: number): number {
  return firstWhere(similarities, (similarity) => similarity < threshold);
}

/** How many of the trials are more similar than that. */
export function above({ similarities }: SortedTrials, similarity: number): number {
  return firstWhere(similarities, (each) => each <= similarity);
}

/** The place of the first of which it holds, where it holds of all that follow. */
function firstWhere(values: Float64Array, holds: (value: number) => boolean): number {
  let from = 0;
  let to = values.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(values[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}
