import type { CallCount } from '../service/paced-client.js';
import type {
  BulkEnrollment,
  BulkProgress,
  Finding,
  FormerPhoto,
  PersonEnrollment,
  RejectedPhoto,
} from './bulk-enrollment.js';
import { countsOf, findingsOf, toRejectedPhoto } from './findings.js';
import type { LeftOutFile } from './people.js';

/** Adds up what becomes of people, one after the other. */
export class BulkReport {
  readonly leftOut: LeftOutFile[] = [];
  readonly #begin = performance.now();
  readonly #calls: ReadonlyMap<string, CallCount>;
  readonly #counts = { people: 0, usersCreated: 0, photos: 0, associated: 0, known: 0 };
  readonly #rejected: RejectedPhoto[] = [];
  readonly #former: (FormerPhoto & { userId: string })[] = [];
  readonly #failed: { userId: string; error: Error }[] = [];
  readonly #findings: Finding[] = [];

  constructor(calls: ReadonlyMap<string, CallCount>) {
    this.#calls = calls;
  }

  add(outcome: PersonEnrollment): void {
    const { userId } = outcome;
    this.#counts.people += 1;
    if (outcome.status === 'failed') this.#failed.push({ userId, error: outcome.error });
    if (outcome.status === 'unchanged') {
      this.#counts.photos += outcome.photos;
      this.#counts.known += outcome.photos;
      this.#findings.push(...findingsOf(userId, { photos: outcome.photos, usable: outcome.photos }));
    }
    if (outcome.status !== 'enrolled') return;
    const { enrollment, former } = outcome;
    const { images, rejected, userCreated } = enrollment;
    const known = images.filter(({ status }) => status === 'known').length;
    this.#counts.photos += images.length;
    this.#counts.known += known;
    this.#counts.associated += images.length - known - rejected.length;
    if (userCreated) this.#counts.usersCreated += 1;
    this.#rejected.push(...rejected.map((image) => toRejectedPhoto(userId, image)));
    this.#former.push(...former.map((photo) => ({ userId, ...photo })));
    this.#findings.push(...findingsOf(userId, countsOf(images)));
  }

  progress(latest: PersonEnrollment): BulkProgress {
    return { ...this.#counts, latest };
  }

  close(otherUsers: readonly string[], signal: AbortSignal | undefined): BulkEnrollment {
    return {
      ...this.#counts,
      rejected: this.#rejected,
      former: this.#former,
      failed: this.#failed,
      leftOut: this.leftOut,
      findings: this.#findings,
      otherUsers,
      calls: Object.fromEntries(this.#calls),
      milliseconds: Math.round(performance.now() - this.#begin),
      ...(signal?.aborted && { stopped: signal.reason }),
    };
  }
}
