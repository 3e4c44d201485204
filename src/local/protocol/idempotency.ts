import { createHash } from 'node:crypto';
import type { ChangingRecords } from '../records/changing-records.js';
import { KEYS } from '../records/records.js';
import type { Reading, Transaction } from '../store/store.js';
import { CHOICES } from './choices.js';
import { refusal } from './refusals.js';

/** An answer that was given to a request with a token, kept so that it can be given again. */
interface AnsweredRequest {
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

interface TokenRequest {
  readonly CollectionId: string;
  readonly ClientRequestToken?: string | undefined;
}

/**
 * Does the work of a request once: a second request with the same token gets the answer of the first. Requests that
 * were refused are not remembered.
 *
 * @throws ResourceNotFoundException when there is no such collection
 * @throws IdempotentParameterMismatchException when the token came with other parameters before
 */
export function once<Answer extends object>(
  records: ChangingRecords,
  operation: string,
  request: TokenRequest,
  work: () => Answer,
): Answer {
  const { ClientRequestToken: token, ...parameters } = request;
  if (token === undefined) return work();

  const { transaction } = records;
  const now = Date.now();
  forgetExpiredTokens(transaction, now);
  const { contents } = records.collection(request.CollectionId);
  const key = KEYS.requestToken(contents, operation, token);
  const fingerprint = fingerprintOf(parameters);
  const answered = transaction.get<AnsweredRequest>(key);
  if (answered?.fingerprint === fingerprint) return structuredClone(answered.answer) as Answer;
  if (answered) {
    throw refusal(
      'IdempotentParameterMismatchException',
      `The ClientRequestToken: ${token} you have supplied is already in use.`,
    );
  }

  const answer = work();
  const expiresAt = now + CHOICES.requestTokenLifetimeMs;
  transaction.put(key, { fingerprint, answer: structuredClone(answer), expiresAt } satisfies AnsweredRequest);
  transaction.put(KEYS.tokenExpiry(expiresAt, key), { key, expiresAt } satisfies Expiry);
  return answer;
}

/** Whether there are answers that nobody may ask for again. */
export function hasExpiredTokens(source: Reading, now: number): boolean {
  const [first] = expiriesBefore(source, now);
  return first !== undefined;
}

/**
 * Removes the answers that nobody may ask for again.
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

function fingerprintOf(parameters: object): string {
  const ordered = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('base64');
}
