import { divide, type OutcomeRequest, outcomeOf } from '../service/outcomes.js';
import type { FaceMatch, UserMatch } from '../types.js';
import { assign } from './assign.js';
import type { FaceAnswer, FaceSearch, TakenMatch } from './face-search.js';

/**
 * What becomes of the faces of one photo when nobody is in it twice. Users go to the faces where all similarities at
 * the threshold add up to the most. Each face is then judged by the matches that other faces leave it.
 *
 * A face that is as good as equally like two users stays ambiguous, unless one of them surely is another face: the
 * sum would decide by less than the margin.
 */
export function searchesOfUniqueUsers<Match extends FaceMatch | UserMatch>(
  answers: readonly FaceAnswer<Match>[],
  request: OutcomeRequest,
): FaceSearch<Match>[] {
  const found = answers.map((answer) => (answer.status === 'searched' ? answer.found : []));
  const certain = found.map((matches) => bestOfEach(divide(matches, request).certain));
  const given = assign(
    certain.map((best) => new Map([...best].map(([id, match]) => [id, match.similarity]))),
  );
  const faceOf = new Map(given.flatMap((person, face) => (person === undefined ? [] : [[person, face]])));

  /** The other face that has the user of this match, if that is settled as far as this face is concerned. */
  const takenBy = (match: Match, face: number, isOpen: readonly boolean[]): number | undefined => {
    const other = faceOf.get(personOf(match));
    if (other === undefined || other === face) return undefined;
    const own = certain[face]?.get(given[face] ?? '');
    const couldBeEither =
      isOpen[other] &&
      own?.userId &&
      match.userId &&
      areWithin(request.margin ?? 0, own.similarity, match.similarity);
    return couldBeEither ? undefined : other;
  };
  const judge = (isOpen: readonly boolean[]) =>
    found.map((matches, face) => {
      const left = matches.filter((match) => takenBy(match, face, isOpen) === undefined);
      const outcome = outcomeOf(left, request);
      const own = left.find((match) => personOf(match) === given[face]);
      if (outcome.status !== 'matched' || !own) return outcome;
      // A stored face without a user may be just as alike, and some other face's: the one that was given comes first.
      return outcomeOf([own, ...left.filter((match) => match !== own)], request);
    });

  // Whoever turns out to be sure of a user decides others who were between that user and another.
  let isOpen = found.map(() => true);
  let outcomes = judge(isOpen);
  for (;;) {
    const isStillOpen = outcomes.map(({ status }) => status === 'ambiguous');
    if (isStillOpen.every((open, face) => open === isOpen[face])) break;
    isOpen = isStillOpen;
    outcomes = judge(isOpen);
  }

  return answers.map((answer, face): FaceSearch<Match> => {
    if (answer.status !== 'searched') return answer;
    const { certain: alike, likely } = divide(answer.found, request);
    const [first, ...others] = [...bestOfEach([...alike, ...likely]).values()].flatMap(
      (match): TakenMatch<Match>[] => {
        const byFace = takenBy(match, face, isOpen);
        return byFace === undefined ? [] : [{ match, byFace }];
      },
    );
    const taken = first && { taken: [first, ...others] as const };
    const outcome = outcomes[face]!;
    if (outcome.status !== 'unmatched') return { face: answer.face, ...outcome, ...taken };
    return {
      face: answer.face,
      ...outcome,
      reason: taken ? 'TAKEN_BY_OTHER_FACES' : 'NOBODY_ALIKE',
      ...taken,
    };
  });
}

/** A stored face without a user stands for a person of its own. */
function personOf(match: FaceMatch | UserMatch): string {
  return match.userId || !('faceId' in match) ? `user ${match.userId}` : `face ${match.faceId}`;
}

/** @param matches the most alike first */
function bestOfEach<Match extends FaceMatch | UserMatch>(matches: readonly Match[]): Map<string, Match> {
  const best = new Map<string, Match>();
  for (const match of matches) {
    const person = personOf(match);
    if (!best.has(person)) best.set(person, match);
  }
  return best;
}

/** As outcomes compare: two ways to round would let a face have a user that another has. */
function areWithin(margin: number, one: number, other: number): boolean {
  return Math.min(one, other) >= Math.max(one, other) - margin;
}
