/** Longer than this nobody else should wait. */
const SLICE_MS = 2;

/** Cuts long work into slices between which others have their turn. */
export class Turns {
  #began = performance.now();

  /** Whether the slice has lasted long enough. Where it has not, there is no need to wait for `give`. */
  get isDue(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Lets others have their turn, where that is due. */
  async give(): Promise<void> {
    if (!this.isDue) return;
    await new Promise(setImmediate);
    this.#began = performance.now();
  }
}
