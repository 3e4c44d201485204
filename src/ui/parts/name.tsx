import { fromUserId } from '../../names.js';

/** A person's name: text of whatever direction, which turns nothing around it. */
export function Name({ userId }: { userId: string }) {
  return <bdi>{fromUserId(userId)}</bdi>;
}
