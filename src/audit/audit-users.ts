import { streamBounded } from '../bounded.js';
import { costOf } from '../enrollment/plan.js';
import type { CollectionScope } from '../service/client.js';
import { pacedScope } from '../service/paced-client.js';
import { listUsers } from '../service/users.js';
import type { Audited, AuditFinding, AuditPlan, AuditPlanOptions, AuditRequest, UserAudit } from './audit.js';
import { told } from './audit-findings.js';
import { AuditListing, type ListedFace, type ListedUser } from './audit-listing.js';
import { AuditSearches } from './audit-searches.js';
import { type AuditContext, auditNobodysFace, auditUser } from './audit-user.js';

/**
 * Looks at all users of a collection by searches of their faces, several at a time. Changes nothing.
 *
 * @returns the report. When the signal ended this it has what was found by then
 * @throws an error that every other search would meet as well; what listing the collection throws
 */
export async function* auditUsers(
  scope: CollectionScope,
  request: AuditRequest,
  signal?: AbortSignal,
): AsyncGenerator<AuditFinding, UserAudit, void> {
  const begin = performance.now();
  const { concurrency, pace, onProgress } = request;
  const paced = await pacedScope(scope, pace);
  const findings: AuditFinding[] = [];
  const counts = { users: 0, faces: 0 };
  const searches = new AuditSearches(paced, request);
  const report = (): UserAudit => ({
    ...counts,
    findings,
    failed: searches.failed,
    calls: Object.fromEntries(paced.client.counts),
    milliseconds: Math.round(performance.now() - begin),
    ...(signal?.aborted && { stopped: signal.reason }),
  });

  try {
    const listing = await AuditListing.of(paced, signal);
    const context = { listing, request, searches, pairs: new Set<string>() };
    const entries = [...listing.users.values(), ...listing.nobodys];
    Object.assign(counts, { users: listing.users.size, faces: listing.faces });
    let done = 0;
    for await (const audited of streamBounded(entries, { concurrency, signal }, (entry, signal) =>
      auditEntry(entry, { ...context, signal }),
    )) {
      done += 1;
      findings.push(...audited.findings);
      onProgress?.({ done, total: entries.length, latest: audited });
      yield* audited.findings;
    }
    const inactive = await stillInactive(paced, listing, signal);
    findings.push(...inactive);
    yield* inactive;
    return report();
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return report();
  }
}

/** Lists the collection, and counts the searches that an audit of it takes. */
export async function planAudit(
  scope: CollectionScope,
  { pace, pricePerCall, signal }: AuditPlanOptions,
): Promise<AuditPlan> {
  const paced = await pacedScope(scope, pace);
  const { users, faces, nobodys } = await AuditListing.of(paced, signal);
  const sizes = Array.from(users.values(), (user) => user.faces.length);
  const some = sizes.filter((size) => size > 0).length;
  const calls = {
    ListUsers: paced.client.counts.get('ListUsers')?.calls ?? 0,
    ListFaces: paced.client.counts.get('ListFaces')?.calls ?? 0,
    SearchFaces: sizes.reduce((sum, size) => sum + (size > 1 ? size : 0), 0),
    SearchUsers: some + (some > 0 ? nobodys.length : 0),
  };
  return { users: users.size, faces, ...(await costOf(scope.client, calls, { pace, pricePerCall })) };
}

async function auditEntry(entry: ListedUser | ListedFace, context: AuditContext): Promise<Audited> {
  return 'userId' in entry
    ? { userId: entry.userId, findings: await auditUser(entry, context) }
    : { faceId: entry.faceId, findings: await auditNobodysFace(entry, context) };
}

/** Those that had faces and no vector of them when the audit began, and have none yet. */
async function stillInactive(
  scope: CollectionScope,
  { users }: AuditListing,
  signal: AbortSignal | undefined,
): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  const wasInactive = ({ status = 'ACTIVE', faces }: ListedUser) => status !== 'ACTIVE' && faces.length > 0;
  if (![...users.values()].some(wasInactive)) return [];
  for await (const { userId, status } of listUsers(scope, signal)) {
    const user = users.get(userId);
    if (!user || !wasInactive(user) || status === undefined || status === 'ACTIVE') continue;
    findings.push(told({ kind: 'NOT_ACTIVE', userId, status }));
  }
  return findings;
}
