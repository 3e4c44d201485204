import { pause } from './persistence.js';

/** Part of a quota that is used: calls do not arrive as evenly as they are sent, and clocks differ. */
const USED_QUOTA = 0.95;
/** What the rate is multiplied by when the service throttles, as in CUBIC (RFC 9438). */
const DECREASE = 0.7;
/** A rate that was decreased is not decreased again for so many milliseconds: a burst is throttled as one. */
const BURST_MS = 1000;
/** The rate never falls below so many calls a second. */
const SLOWEST = 0.5;
/** How many calls that succeed bring the rate from nothing back to the quota. */
const CALLS_TO_RECOVER = 200;

/**
 * The rate at which calls are made: evenly, under a quota. It is decreased when the service throttles and raised step by
 * step when it does not, as TCP does it (additive increase, multiplicative decrease: Chiu and Jain, 1989).
 */
export class Pace {
  readonly #most: number;
  /** Calls a second. */
  #rate: number;
  /** When the next call may be made. */
  #next = 0;
  #decreasedAt = Number.NEGATIVE_INFINITY;

  /** @param quota most calls a second */
  constructor(quota: number) {
    this.#most = USED_QUOTA * quota;
    this.#rate = this.#most;
  }

  /** Waits until it is this call's turn. */
  async turn(signal?: AbortSignal): Promise<void> {
    const wait = this.reserve(performance.now());
    if (wait > 0) await pause(wait, signal);
  }

  /** Takes the next turn. @returns the milliseconds until then */
  reserve(now: number): number {
    const at = Math.max(this.#next, now);
    this.#next = at + 1000 / this.#rate;
    return at - now;
  }

  throttled(now = performance.now()): void {
    if (now - this.#decreasedAt < BURST_MS) return;
    this.#decreasedAt = now;
    this.#rate = Math.max(DECREASE * this.#rate, Math.min(SLOWEST, this.#most));
  }

  succeeded(): void {
    this.#rate = Math.min(this.#rate + this.#most / CALLS_TO_RECOVER, this.#most);
  }
}
