import pLimit from 'p-limit';
import { asError } from '../errors.js';
import { LIMITS } from '../limits.js';
import type { CollectionScope } from '../service/client.js';
import { concernsAll } from '../service/concerns-all.js';
import { type SearchAnswer, searchFacesById, searchUsersById } from '../service/searches.js';
import type { FaceMatch, UserMatch } from '../types.js';
import type { AuditRequest, UserAudit } from './audit.js';

/** The searches of an audit, so many in flight. One that fails answers nothing, and spoils no other. */
export class AuditSearches {
  readonly failed: UserAudit['failed'][number][] = [];
  readonly #scope: CollectionScope;
  readonly #request: AuditRequest;
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(scope: CollectionScope, request: AuditRequest) {
    this.#scope = scope;
    this.#request = request;
    this.#limit = pLimit(request.concurrency);
  }

  facesLike(faceId: string, signal: AbortSignal): Promise<readonly FaceMatch[] | undefined> {
    const { threshold } = this.#request;
    const request = { threshold, limit: LIMITS.faceMatches };
    return this.#attempt({ faceId }, signal, () => searchFacesById(this.#scope, faceId, request, signal));
  }

  /** @param most as many users as are needed, the most alike first */
  usersLike(faceId: string, most: number, signal: AbortSignal): Promise<readonly UserMatch[] | undefined> {
    const { threshold } = this.#request;
    const request = { threshold, limit: Math.min(most, LIMITS.userMatches) };
    return this.#attempt({ faceId }, signal, () => searchUsersById(this.#scope, { faceId }, request, signal));
  }

  /** Users who look like the same person. */
  duplicatesOf(userId: string, signal: AbortSignal): Promise<readonly UserMatch[] | undefined> {
    const request = { threshold: this.#request.duplicateThreshold, limit: LIMITS.userMatches };
    return this.#attempt({ userId }, signal, () => searchUsersById(this.#scope, { userId }, request, signal));
  }

  /** @throws what every other search would meet as well, and the signal's reason */
  #attempt<Match extends FaceMatch | UserMatch>(
    of: { userId: string } | { faceId: string },
    signal: AbortSignal,
    search: () => Promise<SearchAnswer<Match>>,
  ): Promise<readonly Match[] | undefined> {
    return this.#limit(async () => {
      signal.throwIfAborted();
      try {
        const answer = await search();
        return answer.status === 'searched' ? answer.found : [];
      } catch (thrown) {
        const error = asError(thrown);
        if (signal.aborted || concernsAll(error)) throw thrown;
        this.failed.push({ ...of, error });
        return undefined;
      }
    });
  }
}
