import { createHash } from 'node:crypto';
import { CHOICES } from '../protocol/choices.js';
import { refusal } from '../protocol/refusals.js';
import type { ChangingRecords } from '../records/changing-records.js';
import { KEYS } from '../records/records.js';
import { type AnsweredRequest, forgetExpiredTokens, keepAnswer } from '../records/request-tokens.js';

interface TokenRequest {
  readonly CollectionId: string;
  readonly ClientRequestToken?: string | undefined;
}

/**
 * Does the work of a request once: a second request with the same token gets the answer of the first. Requests that
 * were refused are not remembered.
 *
 * @throws NoSuchCollectionError
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
  keepAnswer(transaction, key, { fingerprint, answer: structuredClone(answer), expiresAt });
  return answer;
}

function fingerprintOf(parameters: object): string {
  const ordered = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('base64');
}
