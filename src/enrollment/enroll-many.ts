import { streamBounded } from '../bounded.js';
import { asError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { concernsAll } from '../service/concerns-all.js';
import { pacedScope } from '../service/paced-client.js';
import type { BulkEnrollment, BulkRequest, PersonEnrollment } from './bulk-enrollment.js';
import { BulkReport } from './bulk-report.js';
import { enrollPerson } from './enroll-person.js';
import { EnrolledPhotos } from './enrolled-photos.js';
import { checkEntry, type LeftOutFile, type People, type Person } from './people.js';

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
  const paced = await pacedScope(scope, pace);
  const report = new BulkReport(paced.client.counts);
  try {
    const enrolled = await EnrolledPhotos.list(paced, signal);
    const outcomes = streamBounded<Person | LeftOutFile, PersonEnrollment | LeftOutFile | undefined>(
      people,
      { concurrency, signal },
      async (entry, end) => {
        checkEntry(entry);
        if ('leftOut' in entry) return entry;
        return settle(entry, end, () => enrollPerson(paced, entry, enrolled, request, end));
      },
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
    return report.close(signal?.aborted ? [] : enrolled.usersLeft, signal);
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return report.close([], signal);
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
    if (concernsAll(error)) throw error;
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
