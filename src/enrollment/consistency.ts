import { LIMITS } from '../limits.js';
import { type CollectionScope, isServiceError } from '../service/client.js';
import { searchFacesById } from '../service/searches.js';

/**
 * Splits the faces that a user is to be made of: the largest group that is alike comes first, then all others. The
 * service takes the first faces of a user without comparing them, so a stray photo of somebody else would become part
 * of the user; associated after the others, it is compared with them and rejected.
 *
 * Takes one search where all photos show one person, and one more for each stray that stands before the others. Where
 * no more than half of the faces are alike, the first of the largest groups is the person: the caller's first photo
 * counts.
 */
export async function consistentFirst(
  scope: CollectionScope,
  faceIds: readonly string[],
  threshold: number,
  signal?: AbortSignal,
): Promise<string[][]> {
  let largest: ReadonlySet<string> = new Set(faceIds.slice(0, 1));
  const seen = new Set<string>();
  for (const faceId of faceIds) {
    if (largest.size > faceIds.length / 2) break;
    if (seen.has(faceId)) continue;
    const alike = await facesLike(scope, faceId, threshold, signal);
    const group = new Set(faceIds.filter((other) => other === faceId || alike.has(other)));
    for (const member of group) seen.add(member);
    if (group.size > largest.size) largest = group;
  }
  const others = faceIds.filter((faceId) => !largest.has(faceId));
  return [[...largest], ...(others.length > 0 ? [others] : [])];
}

async function facesLike(
  scope: CollectionScope,
  faceId: string,
  threshold: number,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  try {
    const request = { threshold, limit: LIMITS.faceMatches };
    const answer = await searchFacesById(scope, faceId, request, signal);
    return new Set(answer.status === 'searched' ? answer.found.map((match) => match.faceId) : []);
  } catch (error) {
    // A face that was indexed a moment ago is not always found at once: it is then associated after the others.
    if (!isServiceError(error, 'InvalidParameterException')) throw error;
    return new Set();
  }
}
