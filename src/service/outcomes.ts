import { LIMITS } from '../limits.js';
import type { FaceMatch, UserMatch } from '../types.js';
import type { MatchRequest, SearchAnswer, SearchDetails, Unsearchable } from './searches.js';

/** What counts as whom. Similarities are 0 to 100, and each bound is inclusive. */
export interface OutcomeRequest {
  threshold: number;
  /** Below `threshold`. */
  suggestionThreshold?: number | undefined;
  /** Points of similarity; undefined where nothing can be ambiguous. */
  margin: number | undefined;
  /** Most matches to answer. */
  limit: number;
  /** Whether to name the nearest where there is no match. */
  best?: boolean | undefined;
}

/** Somebody is like the face, at the threshold or above. The most alike comes first. */
export interface Matched<Match> {
  status: 'matched';
  matches: readonly [Match, ...Match[]];
}

/** Two users or more are as good as equally like the face, at the threshold or above: who it is cannot be told. */
export interface Ambiguous<Match> {
  status: 'ambiguous';
  /** Of each user within the margin of the most alike, the best match. The most alike comes first. */
  between: readonly [Match, Match, ...Match[]];
}

/** Nobody is like the face at the threshold, and somebody is at the lower one for suggestions. */
export interface Suggested<Match> {
  status: 'suggested';
  /** For a person to confirm. The most alike comes first. */
  suggestions: readonly [Match, ...Match[]];
}

/** Nobody is. */
export interface Unmatched<Match> {
  status: 'unmatched';
  /** The nearest, below the threshold. Only where the option `best` is set and the collection holds anybody. */
  best?: Match;
}

/**
 * What a search comes to. Each status has its matches under a name of its own, so that only those of `matched` can be
 * read as `matches`.
 */
export type SearchOutcome<Match extends FaceMatch | UserMatch> =
  | Matched<Match>
  | Ambiguous<Match>
  | Suggested<Match>
  | Unmatched<Match>
  | Unsearchable;

/** The answer to one search. */
export type SearchResult<Match extends FaceMatch | UserMatch = FaceMatch | UserMatch> = SearchOutcome<Match> &
  SearchDetails;

/**
 * What to ask the service for, so that it can be divided here: everything down to the lowest bound, and enough of it
 * to see so many people. Many faces of one user may stand before the first face of the next.
 *
 * @param people of whom the best matches are needed. Two tell a close call
 */
export function toAsk(
  by: 'users' | 'faces',
  { threshold, suggestionThreshold = threshold, margin, limit, best }: OutcomeRequest,
  people = margin === undefined ? 1 : 2,
): MatchRequest {
  // Equally alike faces of one user would have to be one photo, so two faces show a tie.
  const facesOfEach = by === 'faces' && (margin || people > 2) ? LIMITS.facesPerUser : 1;
  const most = by === 'faces' ? LIMITS.faceMatches : LIMITS.userMatches;
  return {
    threshold: best ? 0 : suggestionThreshold,
    limit: Math.min(most, Math.max(limit, people * facesOfEach)),
  };
}

/** What the matches come to, the most alike first. */
export function outcomeOf<Match extends FaceMatch | UserMatch>(
  found: readonly Match[],
  request: OutcomeRequest,
): Exclude<SearchOutcome<Match>, Unsearchable> {
  const { margin, limit, best } = request;
  const { certain, likely } = divide(found, request);
  const [first, ...others] = certain;
  if (first) {
    const [one, another, ...more] = margin === undefined ? [] : usersWithin(margin, [first, ...others]);
    if (one && another) return { status: 'ambiguous', between: [one, another, ...more] };
    return { status: 'matched', matches: [first, ...others.slice(0, limit - 1)] };
  }
  const [likeliest, ...less] = likely;
  if (likeliest) return { status: 'suggested', suggestions: [likeliest, ...less.slice(0, limit - 1)] };
  const [nearest] = found;
  return { status: 'unmatched', ...(best && nearest && { best: nearest }) };
}

/**
 * The matches at the threshold, and those below it at the one for suggestions. Where the service was asked for nothing
 * lower, its own comparison stands.
 */
export function divide<Match extends FaceMatch | UserMatch>(
  found: readonly Match[],
  { threshold, suggestionThreshold, best }: OutcomeRequest,
): { certain: readonly Match[]; likely: readonly Match[] } {
  if (suggestionThreshold === undefined) {
    return { certain: best ? atOrAbove(found, threshold) : found, likely: [] };
  }
  const all = best ? atOrAbove(found, suggestionThreshold) : found;
  return {
    certain: atOrAbove(all, threshold),
    likely: all.filter(({ similarity }) => similarity < threshold),
  };
}

/** The answer to a search, with what was found divided. */
export function toResult<Match extends FaceMatch | UserMatch>(
  answer: SearchAnswer<Match>,
  request: OutcomeRequest,
): SearchResult<Match> {
  if (answer.status === 'unsearchable') return answer;
  const { status: _, found, ...details } = answer;
  return { ...outcomeOf(found, request), ...details };
}

/**
 * Of each user within the margin of the first match, the best. A face that belongs to no user may be anybody's, so it
 * makes nothing ambiguous.
 */
function usersWithin<Match extends FaceMatch | UserMatch>(
  margin: number,
  found: readonly [Match, ...Match[]],
): Match[] {
  const bestOf = new Map<string, Match>();
  for (const match of atOrAbove(found, found[0].similarity - margin)) {
    if (match.userId && !bestOf.has(match.userId)) bestOf.set(match.userId, match);
  }
  return [...bestOf.values()];
}

function atOrAbove<Match extends FaceMatch | UserMatch>(found: readonly Match[], threshold: number): Match[] {
  return found.filter(({ similarity }) => similarity >= threshold);
}
