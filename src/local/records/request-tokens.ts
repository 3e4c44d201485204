import type { Reading, Transaction } from '../store/store.js';
import { KEYS } from './records.js';

/** An answer that was given to a request with a token, kept so that it can be given again. */
export interface AnsweredRequest {
  /** Of the request, without its token. */
  readonly fingerprint: string;
  readonly answer: object;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where an answered request is kept, filed under the time it expires. */
interface Expiry {
  readonly key: string;
  readonly expiresAt: number;
}

export function keepAnswer(transaction: Transaction, key: string, answered: AnsweredRequest): void {
  const { expiresAt } = answered;
  transaction.put(key, answered);
  transaction.put(KEYS.tokenExpiry(expiresAt, key), { key, expiresAt } satisfies Expiry);
}

/** Whether there are answers whose time is over. */
export function hasExpiredTokens(source: Reading, now: number): boolean {
  const [first] = expiriesBefore(source, now);
  return first !== undefined;
}

/**
 * Removes the answers whose time is over.
 *
 * @param now milliseconds since 1970
 */
export function forgetExpiredTokens(transaction: Transaction, now: number): void {
  for (const [expiryKey, { key }] of [...expiriesBefore(transaction, now)]) {
    transaction.remove(expiryKey);
    // The collection may have gone since, and its token been used again.
    const answered = transaction.get<AnsweredRequest>(key);
    if (answered && answered.expiresAt <= now) transaction.remove(key);
  }
}

function* expiriesBefore(source: Reading, now: number): Generator<[string, Expiry], void, void> {
  for (const key of source.keys(KEYS.tokenExpiries)) {
    const expiry = source.get<Expiry>(key);
    if (!expiry || expiry.expiresAt > now) return;
    yield [key, expiry];
  }
}
