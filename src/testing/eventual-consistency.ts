import { checkOptions, checkUserId } from '../arguments.js';
import { checkTimes, described, type Fault, lacking } from './fault.js';
import type { AnswerOf } from './operations.js';

interface ShownUser {
  UserId?: string | undefined;
  UserStatus?: string | undefined;
}

/**
 * Shows a user as `UPDATING` in listings and among matches, where it would be `ACTIVE`: in so many answers, or for good.
 *
 * @example
 * keepUpdating('ada', { times: 5 })
 */
export function keepUpdating(
  userId: string,
  options: { /** How many answers. @default Infinity */ times?: number | undefined } = {},
): Fault {
  checkUserId(userId);
  const { times = Number.POSITIVE_INFINITY } = checkOptions(options, { times: checkTimes });
  return {
    description: described('keepUpdating', userId, options),
    start: () => {
      let shown = 0;
      const isStuck = (user: ShownUser) => user.UserId === userId && user.UserStatus === 'ACTIVE';
      const updating = <User extends ShownUser>(user: User) =>
        isStuck(user) ? { ...user, UserStatus: 'UPDATING' } : user;
      return {
        meet: (operation) => {
          if (!['ListUsers', 'SearchUsers', 'SearchUsersByImage'].includes(operation)) return undefined;
          return async (carryOut, _, happens) => {
            const answer = (await carryOut()) as {
              Users?: ShownUser[];
              UserMatches?: { User?: ShownUser }[];
            };
            const { Users, UserMatches } = answer;
            const users = [...(Users ?? []), ...(UserMatches ?? []).map(({ User }) => User ?? {})];
            if (shown === times || !users.some(isStuck)) return answer;
            shown += 1;
            happens();
            return {
              ...answer,
              ...(Users && { Users: Users.map(updating) }),
              ...(UserMatches && {
                UserMatches: UserMatches.map((match) => ({
                  ...match,
                  ...(match.User && { User: updating(match.User) }),
                })),
              }),
            };
          };
        },
        outstanding: () => lacking(shown, times, `answers that had "${userId}" as ACTIVE: ${shown}`),
      };
    },
  };
}

/**
 * Lists faces late: each face that is indexed by this client is left out of so many answers of `ListFaces` that would
 * have it.
 *
 * @example
 * listLate({ times: 2 })
 */
export function listLate(
  options: { /** How many answers lack a face. @default 1 */ times?: number | undefined } = {},
): Fault {
  const { times = 1 } = checkOptions(options, { times: checkTimes });
  return {
    description: described('listLate', options),
    start: () => {
      const unlisted = new Map<string, number>();
      let hasHappened = false;
      return {
        meet: (operation) => {
          if (operation === 'IndexFaces')
            return async (carryOut) => {
              const answer = (await carryOut()) as AnswerOf<'IndexFaces'>;
              // A photo that is indexed again has the faces it had.
              for (const { Face } of answer.FaceRecords ?? [])
                if (Face?.FaceId && !unlisted.has(Face.FaceId)) unlisted.set(Face.FaceId, times);
              return answer;
            };
          if (operation !== 'ListFaces') return undefined;
          return async (carryOut, _, happens) => {
            const answer = (await carryOut()) as AnswerOf<'ListFaces'>;
            const Faces = answer.Faces?.filter(({ FaceId = '' }) => {
              const left = unlisted.get(FaceId) ?? 0;
              if (left === 0) return true;
              unlisted.set(FaceId, left - 1);
              return false;
            });
            if (Faces?.length === answer.Faces?.length) return answer;
            hasHappened = true;
            happens();
            return { ...answer, ...(Faces && { Faces }) };
          };
        },
        outstanding: () =>
          hasHappened ? undefined : 'has not happened; no listing had a face that this client had indexed',
      };
    },
  };
}
