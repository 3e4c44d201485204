import { pMapIterable } from 'p-map';
import { asError, isRekollectError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { callsPerSecondFor, PacedClient } from '../service/paced-client.js';
import type { BulkEnrollment, BulkRequest, PersonEnrollment } from './bulk-enrollment.js';
import { BulkReport } from './bulk-report.js';
import { enrollPerson } from './enroll-person.js';
import { EnrolledPhotos } from './enrolled-photos.js';
import { checkEntry, type LeftOutFile, type People, type Person, untilAborted } from './people.js';

/** People who are done may wait for one who takes longer: so many times as many as are in work. */
const BACKPRESSURE = 4;

const CONCERNS_ALL = /^(AccessDenied|ExpiredToken|InvalidSignature|UnrecognizedClient|CredentialsProvider)/;

/** Whether everybody who comes next would meet this error as well. */
export function concernsAll({ name }: Error): boolean {
  return CONCERNS_ALL.test(name);
}

/**
 * Enrolls people, several at a time, and tells what became of each in the order in which they come. What the
 * collection holds already is not sent again, so that the same call completes what an interruption has left, even that
 * of a process that was killed.
 *
 * @returns the report. It is true as well when the signal ended this, for those in work are waited for
 * @throws an error that everybody who comes next would meet as well; what `people` throws
 */
export async function* enrollMany(
  scope: CollectionScope,
  people: People,
  request: BulkRequest,
  signal?: AbortSignal,
): AsyncGenerator<PersonEnrollment, BulkEnrollment, void> {
  const { concurrency, pace, onPerson } = request;
  const client = new PacedClient(scope.client, await callsPerSecondFor(scope.client, pace));
  const report = new BulkReport(client.counts);
  const reader = new AbortController();
  const end = signal ? AbortSignal.any([signal, reader.signal]) : reader.signal;
  const inWork = new Set<Promise<unknown>>();
  try {
    const paced = { ...scope, client };
    const enrolled = await EnrolledPhotos.list(paced, end);
    const outcomes = pMapIterable<Person | LeftOutFile, PersonEnrollment | LeftOutFile | undefined>(
      untilAborted(people, end),
      (entry) => {
        checkEntry(entry);
        if ('leftOut' in entry) return entry;
        const outcome = settle(entry, end, () => enrollPerson(paced, entry, enrolled, request, end));
        inWork.add(outcome);
        return outcome.finally(() => inWork.delete(outcome));
      },
      { concurrency, backpressure: BACKPRESSURE * concurrency },
    );
    for await (const outcome of outcomes) {
      if (outcome === undefined) continue;
      if ('leftOut' in outcome) {
        report.leftOut.push(outcome);
        continue;
      }
      report.add(outcome);
      onPerson?.(report.progress(outcome));
      yield outcome;
    }
    return report.close(end.aborted ? [] : enrolled.usersLeft, signal);
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return report.close([], signal);
  } finally {
    // Whoever reads this may have had enough.
    reader.abort();
    await Promise.allSettled(inWork);
  }
}

/** What became of a person; nothing, when all was given up before they were done. */
async function settle(
  { userId }: Person,
  end: AbortSignal,
  enroll: () => Promise<PersonEnrollment>,
): Promise<PersonEnrollment | undefined> {
  try {
    end.throwIfAborted();
    return await enroll();
  } catch (thrown) {
    if (end.aborted && thrown === end.reason) return undefined;
    const error = asError(thrown);
    if (isRekollectError(error, 'MISSING_PACKAGE') || concernsAll(error)) throw error;
    return { status: 'failed', userId, error };
  }
}

/** Runs the generator to its end, for what it returns. */
export async function resultOf<Result>(generator: AsyncGenerator<unknown, Result, void>): Promise<Result> {
  for (;;) {
    const { done, value } = await generator.next();
    if (done) return value;
  }
}
