import { LIMITS } from '../limits.js';
import { fromUserId, toUserId } from '../names.js';

/** The id of a user that was typed as an id, or as the name that it was made of: `Ada Lovelace`. */
export function userIdOf(typed: string): string {
  const { pattern, maxLength } = LIMITS.userId;
  return pattern.test(typed) && typed.length <= maxLength ? typed : toUserId(typed);
}

/** A user as people know them. */
export const nameOf = fromUserId;
