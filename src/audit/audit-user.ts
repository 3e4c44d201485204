import type { FaceMatch, UserMatch } from '../types.js';
import { alikeGroups } from './alike-groups.js';
import type { AuditFinding, AuditRequest, LikelyUser } from './audit.js';
import { told } from './audit-findings.js';
import type { AuditListing, ListedFace, ListedUser } from './audit-listing.js';
import type { AuditSearches } from './audit-searches.js';

/** What is audited, and by what. */
export interface AuditContext {
  readonly listing: AuditListing;
  readonly request: AuditRequest;
  /** Pairs of users that were found to be one person: each finds the other. */
  readonly pairs: Set<string>;
  readonly searches: AuditSearches;
  /** Aborts when nobody wants to know any more. */
  readonly signal: AbortSignal;
}

/** Takes a search for the user, one for each of its faces where there are several, and one for each suspicious face. */
export async function auditUser(user: ListedUser, context: AuditContext): Promise<AuditFinding[]> {
  const { userId, faces } = user;
  if (faces.length === 0) return [told({ kind: 'TOO_FEW_FACES', userId, faces: 0 })];
  const { searches, signal } = context;
  const [duplicates = [], answers] = await Promise.all([
    searches.duplicatesOf(userId, signal),
    Promise.all((faces.length > 1 ? faces : []).map(({ faceId }) => searches.facesLike(faceId, signal))),
  ]);
  const seen = facesSeen(user, answers, duplicates, context.listing);
  return [
    ...duplicateFindings(user, duplicates, context),
    ...(await faceFindings(user, seen, duplicates, context)),
    ...numberFindings(user, seen, context.request),
  ];
}

/** A face that belongs to nobody. Takes one search, where there is anybody to be like. */
export async function auditNobodysFace(
  { faceId, photoName }: ListedFace,
  { listing, searches, signal }: AuditContext,
): Promise<AuditFinding[]> {
  const isAnybody = listing.faces > listing.nobodys.length;
  const found = isAnybody ? await searches.usersLike(faceId, 1, signal) : [];
  if (!found) return [];
  const [match] = found;
  return [
    told({
      kind: 'NOBODYS_FACE',
      faceId,
      ...(photoName !== undefined && { photoName }),
      ...(match && { likelyUser: toLikelyUser(match) }),
    }),
  ];
}

/** A face of a user, and the faces that are like it. */
interface SeenFace {
  readonly face: ListedFace;
  /** Of the same user. */
  readonly own: readonly FaceMatch[];
  /** How alike the nearest face of another user is; of users who look like the same person it says nothing. */
  readonly other: number;
}

/** Without the faces whose search failed. */
function facesSeen(
  { userId, faces }: ListedUser,
  answers: readonly (readonly FaceMatch[] | undefined)[],
  duplicates: readonly UserMatch[],
  listing: AuditListing,
): SeenFace[] {
  const samePerson = new Set([userId, ...duplicates.map((match) => match.userId)]);
  return faces.flatMap((face, index) => {
    const found = answers[index];
    if (!found) return [];
    const own = found.filter((match) => listing.ownerOf(match.faceId) === userId);
    const other = found.find((match) => {
      const owner = listing.ownerOf(match.faceId);
      return owner !== undefined && !samePerson.has(owner);
    });
    return [{ face, own, other: other?.similarity ?? 0 }];
  });
}

function duplicateFindings(
  { userId, faces }: ListedUser,
  duplicates: readonly UserMatch[],
  { listing, pairs }: AuditContext,
): AuditFinding[] {
  return duplicates.flatMap((match) => {
    const pair = [userId, match.userId].sort().join(' ');
    if (pairs.has(pair)) return [];
    pairs.add(pair);
    const others = listing.users.get(match.userId)?.faces.length ?? 0;
    const userIds = faces.length > others ? [match.userId, userId] : [userId, match.userId];
    const { similarity } = match;
    return [told({ kind: 'DUPLICATE_USERS', userIds: userIds as [string, string], similarity })];
  });
}

/**
 * Faces that are not the user's person: those outside the largest group of faces that are alike, and those that are more
 * like another user's faces than like any of their own.
 *
 * A face is always like its own user, whose vector has it in it. So it is compared with the other faces of its user, and
 * where it is one of the group it must be more like the other user than even like its own.
 */
async function faceFindings(
  { userId, faces }: ListedUser,
  seen: readonly SeenFace[],
  duplicates: readonly UserMatch[],
  { searches, signal }: AuditContext,
): Promise<AuditFinding[]> {
  const groups = alikeGroups(
    faces.map(({ faceId }) => faceId),
    pairsOf(seen),
  );
  // Of groups that are equally large none is surely the person.
  const contenders = groups.filter(({ length }) => length === groups[0]?.length);
  const isIn = (group: readonly string[] | undefined, { face }: SeenFace) => !!group?.includes(face.faceId);
  const isSure = (face: SeenFace) => contenders.length === 1 && isIn(groups[0], face);
  const suspects = seen.filter((face) => !isSure(face) || face.other > bestOf(face));

  const samePerson = new Set(duplicates.map((match) => match.userId));
  /** By suspect, the other user who is meant; undefined where nobody else is. */
  const likely = new Map<SeenFace, UserMatch | undefined>();
  await Promise.all(
    suspects.map(async (suspect) => {
      const found = await searches.usersLike(suspect.face.faceId, samePerson.size + 2, signal);
      if (!found) return;
      const others = found.filter((match) => !samePerson.has(match.userId));
      const match = isSure(suspect) ? others[0] : others.find((match) => match.userId !== userId);
      likely.set(suspect, match?.userId === userId ? undefined : match);
    }),
  );

  const isMisfiledIn = (group: readonly string[]) =>
    suspects.some((suspect) => likely.get(suspect) && isIn(group, suspect));
  const person = contenders.find((group) => !isMisfiledIn(group)) ?? groups[0];
  return suspects.flatMap((suspect): AuditFinding[] => {
    if (!likely.has(suspect)) return [];
    const { faceId, photoName } = suspect.face;
    const face = { userId, faceId, ...(photoName !== undefined && { photoName }) };
    const match = likely.get(suspect);
    const similarity = bestOf(suspect);
    if (match) {
      const own = similarity > 0 && { similarity };
      return [told({ kind: 'MISFILED_FACE', ...face, ...own, likelyUser: toLikelyUser(match) })];
    }
    return isIn(person, suspect) ? [] : [told({ kind: 'STRAY_FACE', ...face })];
  });
}

/** Whether the user has faces enough, and of photos that differ. */
function numberFindings(
  { userId, faces }: ListedUser,
  seen: readonly SeenFace[],
  { minFaces, repeatThreshold }: AuditRequest,
): AuditFinding[] {
  if (faces.length < minFaces) return [told({ kind: 'TOO_FEW_FACES', userId, faces: faces.length })];
  const contents = new Map(faces.map(({ faceId, content }) => [faceId, content]));
  const isRepeated = ([one, other]: readonly [string, string], similarity: number) =>
    similarity >= repeatThreshold ||
    (contents.get(one) !== undefined && contents.get(one) === contents.get(other));
  const photos = alikeGroups(
    faces.map(({ faceId }) => faceId),
    pairsOf(seen, isRepeated),
  );
  if (photos.length >= minFaces) return [];
  const repeated = photos.filter(({ length }) => length > 1);
  return [
    told({ kind: 'TOO_SIMILAR_FACES', userId, faces: faces.length, different: photos.length, repeated }),
  ];
}

function* pairsOf(
  seen: readonly SeenFace[],
  counts: (pair: readonly [string, string], similarity: number) => boolean = () => true,
): Generator<[string, string]> {
  for (const { face, own } of seen) {
    for (const { faceId, similarity } of own) {
      const pair: [string, string] = [face.faceId, faceId];
      if (counts(pair, similarity)) yield pair;
    }
  }
}

function bestOf({ own }: SeenFace): number {
  return own[0]?.similarity ?? 0;
}

function toLikelyUser({ userId, similarity }: UserMatch): LikelyUser {
  return { userId, similarity };
}
