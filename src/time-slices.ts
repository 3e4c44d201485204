/** Longer than this, work should not keep the event loop to itself. */
const SLICE_MS = 2;

/** Cuts long work into slices, between which the event loop goes on. */
export class TimeSlices {
  #began = performance.now();

  /** Whether the slice has lasted long enough. Where it has not, there is no need to wait for `next`. */
  get isOver(): boolean {
    return performance.now() - this.#began > SLICE_MS;
  }

  /** Lets the event loop go on if the slice is over. */
  async next(): Promise<void> {
    if (!this.isOver) return;
    await new Promise(setImmediate);
    this.#began = performance.now();
  }
}
