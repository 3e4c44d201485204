import { pause } from './persistence.js';

/** A rate that has been halved is not halved again before this many milliseconds: a burst is throttled as one. */
const BURST_MS = 1000;
/** The rate never falls below so many calls a second. */
const SLOWEST = 0.5;
/** How many calls that succeed bring the rate from nothing back to the quota. */
const CALLS_TO_RECOVER = 200;
/** Timers are late now and then. What was missed in so many milliseconds is made up for. */
const CATCH_UP_MS = 200;

/**
 * The rate at which calls are made: evenly, under a quota. Halved when the service throttles and raised step by step
 * when it does not, as TCP does it (additive increase, multiplicative decrease: Chiu and Jain, 1989).
 */
export class Pace {
  readonly #quota: number;
  /** Calls a second. */
  #rate: number;
  /** When the next call may be made. */
  #next = 0;
  #halvedAt = Number.NEGATIVE_INFINITY;

  /** @param quota most calls a second */
  constructor(quota: number) {
    this.#quota = quota;
    this.#rate = quota;
  }

  /** Waits until it is this call's turn. */
  async turn(signal?: AbortSignal): Promise<void> {
    const wait = this.reserve(performance.now());
    if (wait > 0) await pause(wait, signal);
  }

  /** Takes the next turn. @returns the milliseconds until then */
  reserve(now: number): number {
    const at = Math.max(this.#next, now - CATCH_UP_MS);
    this.#next = at + 1000 / this.#rate;
    return Math.max(at - now, 0);
  }

  throttled(now = performance.now()): void {
    if (now - this.#halvedAt < BURST_MS) return;
    this.#halvedAt = now;
    this.#rate = Math.max(this.#rate / 2, Math.min(SLOWEST, this.#quota));
  }

  succeeded(): void {
    this.#rate = Math.min(this.#rate + this.#quota / CALLS_TO_RECOVER, this.#quota);
  }
}
