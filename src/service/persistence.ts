import { setTimeout as wait } from 'node:timers/promises';
import { isRekollectError } from '../errors.js';
import { DEFAULTS } from '../limits.js';
import { underSignal } from '../signals.js';
import { isServiceError } from './client.js';

/** Milliseconds before a call is made again, give or take a half so that callers do not come in step. */
const WAITS = [20, 60, 180, 540];

/**
 * A user that is being updated is ready after "a few seconds", at most "a minute or so" (developer guide).
 */
const CONFLICT = { firstWait: 100, longestWait: 5000, limit: 60_000 };

const THROTTLED = /Throttl|Throughput|TooManyRequests/;
const OUT_OF_ORDER = /Internal|Unavailable|Timeout|Aborted/;

/**
 * Whether making the call again is of no use: the service understood it and refused it, or it was never sent.
 */
export function isRefusal(error: unknown): boolean {
  if (isRekollectError(error)) return true;
  if (!(error instanceof Error) || !error.name.endsWith('Exception')) return false;
  return !isThrottled(error) && !OUT_OF_ORDER.test(error.name);
}

/** Whether the service said that calls come too fast. */
export function isThrottled(error: unknown): boolean {
  return THROTTLED.test((error as { name?: string } | null)?.name ?? '');
}

/**
 * Whether it is certain that a call that failed did nothing. An answer can be lost after the work was done,
 * and what the SDK throws is only about the last of its attempts.
 */
export function didNothing(error: unknown): boolean {
  if (isRefusal(error)) return true;
  return isThrottled(error) && (error as { $metadata?: { attempts?: number } }).$metadata?.attempts === 1;
}

/**
 * Whether a call was given up, by the caller or by a time limit of the client, while it may have been in
 * work: it may be carried out yet.
 */
export function isGivenUp(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted && error === signal.reason) return true;
  const { name, code } = error as { name?: string; code?: string };
  // The SDK calls a connection that was reset the same, but with it the call has ended.
  return name === 'TimeoutError' && code !== 'ECONNRESET' && code !== 'EPIPE';
}

/**
 * Makes calls again that failed, where giving up would leave something half done. Only for calls that can be
 * made twice. Once one has failed every time, those that follow are made once: the service is out.
 */
export class Persistence {
  readonly signal: AbortSignal | undefined;
  /** Whether the call that failed last may have been carried out. */
  isInDoubt = false;
  #isExhausted = false;

  constructor(signal?: AbortSignal) {
    this.signal = signal;
  }

  /** With a time limit in place of the caller's signal: giving up must not stop the clearing up. */
  static forCleaningUp(): Persistence {
    return new Persistence(AbortSignal.timeout(DEFAULTS.cleanUpLimit));
  }

  /** @param call gets whether an earlier attempt may have been carried out */
  async try<Result>(call: (mayBeDone: boolean) => Promise<Result>): Promise<Result> {
    let mayBeDone = false;
    for (let failures = 0; ; failures++) {
      try {
        return await call(mayBeDone);
      } catch (error) {
        const ms = WAITS[failures];
        mayBeDone ||= !didNothing(error);
        this.isInDoubt = mayBeDone;
        if (ms === undefined) this.#isExhausted = true;
        if (ms === undefined || this.#isExhausted || isRefusal(error) || this.signal?.aborted) throw error;
        await pause(ms * (0.5 + Math.random()), this.signal);
      }
    }
  }
}

/** Makes a call that changes something. Given up, it has a while to end, so that its result is known. */
export function withGrace<Result>(
  signal: AbortSignal | undefined,
  call: (own: AbortSignal | undefined) => Promise<Result>,
): Promise<Result> {
  return underSignal(signal, call, { finishMs: DEFAULTS.grace });
}

/** The same for several calls, each repeated where it fails. */
export function persistently<Result>(
  signal: AbortSignal | undefined,
  work: (persistence: Persistence) => Promise<Result>,
): Promise<Result> {
  return withGrace(signal, (own) => work(new Persistence(own)));
}

/** Waits so many milliseconds, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return underSignal(signal, (own) => wait(ms, undefined, { ...(own && { signal: own }) }));
}

/** Waits for a user that is being changed by another call, and makes the call again. */
export async function pastConflicts<Result>(
  call: (isAgain: boolean) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  let ms = CONFLICT.firstWait;
  for (let waited = 0; ; ) {
    try {
      return await call(waited > 0);
    } catch (error) {
      if (!isServiceError(error, 'ConflictException') || waited >= CONFLICT.limit) throw error;
    }
    await pause(ms, signal);
    waited += ms;
    ms = Math.min(2 * ms, CONFLICT.longestWait);
  }
}
