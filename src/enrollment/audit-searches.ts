import pLimit from 'p-limit';
import { asError } from '../errors.js';
import { LIMITS } from '../limits.js';
import type { CollectionScope } from '../service/client.js';
import { type SearchAnswer, searchFacesById, searchUsersById } from '../service/searches.js';
import type { FaceMatch, UserMatch } from '../types.js';
import type { AuditRequest, UserAudit } from './audit.js';
import { concernsEverybody } from './enroll-many.js';

/** The searches of an audit, so many in flight. One that fails answers nothing, and spoils no other. */
export class AuditSearches {
  readonly failed: UserAudit['failed'][number][] = [];
  readonly #scope: CollectionScope;
  readonly #request: AuditRequest;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #signal: AbortSignal;

  constructor(scope: CollectionScope, request: AuditRequest, signal: AbortSignal) {
    this.#scope = scope;
    this.#request = request;
    this.#limit = pLimit(request.concurrency);
    this.#signal = signal;
  }

  facesLike(faceId: string): Promise<readonly FaceMatch[] | undefined> {
    const { threshold } = this.#request;
    const request = { threshold, limit: LIMITS.faceMatches };
    return this.#attempt({ faceId }, () => searchFacesById(this.#scope, faceId, request, this.#signal));
  }

  /** @param most as many users as are needed, the most alike first */
  usersLike(faceId: string, most: number): Promise<readonly UserMatch[] | undefined> {
    const { threshold } = this.#request;
    const request = { threshold, limit: Math.min(most, LIMITS.userMatches) };
    return this.#attempt({ faceId }, () => searchUsersById(this.#scope, { faceId }, request, this.#signal));
  }

  /** Users who look like the same person. */
  duplicatesOf(userId: string): Promise<readonly UserMatch[] | undefined> {
    const request = { threshold: this.#request.duplicateThreshold, limit: LIMITS.userMatches };
    return this.#attempt({ userId }, () => searchUsersById(this.#scope, { userId }, request, this.#signal));
  }

  /** @throws what every other search would meet as well, and the signal's reason */
  #attempt<Match extends FaceMatch | UserMatch>(
    of: { userId: string } | { faceId: string },
    search: () => Promise<SearchAnswer<Match>>,
  ): Promise<readonly Match[] | undefined> {
    return this.#limit(async () => {
      this.#signal.throwIfAborted();
      try {
        const answer = await search();
        return answer.status === 'searched' ? answer.found : [];
      } catch (thrown) {
        const error = asError(thrown);
        if (this.#signal.aborted || concernsEverybody(error)) throw thrown;
        this.failed.push({ ...of, error });
        return undefined;
      }
    });
  }
}
