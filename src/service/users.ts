import { CreateUserCommand, DeleteUserCommand, ListUsersCommand } from '@aws-sdk/client-rekognition';
import { UserNotReadyError } from '../errors.js';
import { DEFAULTS, LIMITS } from '../limits.js';
import { Listing } from '../listing.js';
import type { Face, User } from '../types.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import { describeCollection } from './collections.js';
import { listFaces } from './faces.js';
import { pastConflicts, pause } from './persistence.js';
import { present } from './shapes.js';

/**
 * Makes the user; false when it was there.
 *
 * @param token with the same again, a user that was made by a call whose answer was lost is not taken for another's;
 * left out, the SDK makes one for each call
 */
export async function createUser(
  { client, collectionId }: CollectionScope,
  userId: string,
  signal?: AbortSignal,
  token?: string,
): Promise<boolean> {
  try {
    const input = { CollectionId: collectionId, UserId: userId };
    await send(
      client,
      new CreateUserCommand({ ...input, ...(token && { ClientRequestToken: token }) }),
      signal,
    );
    return true;
  } catch (error) {
    // The model declares the first; samples of AWS's own catch the second.
    if (isServiceError(error, 'ConflictException', 'ResourceAlreadyExistsException')) return false;
    throw error;
  }
}

/** Deletes the user, whose faces stay in the collection, associated to nobody; false when it was gone. */
export async function deleteUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const command = () => new DeleteUserCommand({ CollectionId: scope.collectionId, UserId: userId });
  try {
    await pastConflicts(() => send(scope.client, command(), signal), signal);
    return true;
  } catch (error) {
    if (!isServiceError(error, 'ResourceNotFoundException')) throw error;
    // The service says the same of a collection that is not there, and its name may have a slip in it.
    await describeCollection(scope, signal);
    return false;
  }
}

export function listUsers({ client, collectionId }: CollectionScope, signal?: AbortSignal): Listing<User> {
  return new Listing(async (token) => {
    const answer = await send(
      client,
      new ListUsersCommand({
        CollectionId: collectionId,
        MaxResults: LIMITS.usersPerPage,
        ...(token && { NextToken: token }),
      }),
      signal,
    );
    const items = (answer.Users ?? []).map((user) =>
      present({ userId: user.UserId ?? '', status: user.UserStatus }),
    );
    return { items, nextToken: answer.NextToken };
  });
}

/** The user as the collection lists it. The service has no call that asks for one user, so the list is read. */
export async function findUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<User | undefined> {
  for await (const user of listUsers(scope, signal)) if (user.userId === userId) return user;
  return undefined;
}

/**
 * Lists the user every `interval` milliseconds until its vector stands for all its faces.
 *
 * @param limit after how many milliseconds to give up where there is no signal
 */
export async function waitForUser(
  scope: CollectionScope,
  userId: string,
  interval: number,
  signal?: AbortSignal,
  limit: number = DEFAULTS.waitLimit,
): Promise<User> {
  const tooLong = new UserNotReadyError(
    userId,
    'TOO_SLOW',
    `was not ready after ${limit / 1000} s: give a signal to wait longer.`,
  );
  const ownLimit = new AbortController();
  const timer = setTimeout(() => ownLimit.abort(tooLong), limit);
  const end = signal ?? ownLimit.signal;
  try {
    for (;;) {
      const user = await findUser(scope, userId, end);
      if (!user)
        throw new UserNotReadyError(
          userId,
          'NO_SUCH_USER',
          `is not in collection "${scope.collectionId}". enrollUser() or createUser() makes it.`,
        );
      if (user.status === 'ACTIVE') return user;
      // A user stays CREATED for as long as it has no faces: no waiting would ever end.
      if (user.status === 'CREATED' && !(await hasFaces(scope, userId, end))) {
        throw new UserNotReadyError(
          userId,
          'USER_WITHOUT_FACES',
          'has no faces yet: associate some, then wait for it.',
        );
      }
      await pause(interval, end);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function hasFaces(scope: CollectionScope, userId: string, signal?: AbortSignal): Promise<boolean> {
  for await (const _face of listFaces(scope, { userId }, signal)) return true;
  return false;
}

/**
 * The faces a user has; none when there is no such user.
 *
 * What the service says of a user that is not there is not documented, and it may say the same for other reasons. So
 * all users are listed to see whether there is one.
 *
 * @param options.believesNotFound takes a ResourceNotFoundException at its word instead
 */
export async function facesOfUser(
  scope: CollectionScope,
  userId: string,
  signal?: AbortSignal,
  { believesNotFound = false } = {},
): Promise<Face[]> {
  try {
    return await listFaces(scope, { userId }, signal).all();
  } catch (error) {
    const isNotFound = isServiceError(error, 'ResourceNotFoundException');
    if (isNotFound && believesNotFound) return [];
    if (!isNotFound && !isServiceError(error, 'InvalidParameterException')) throw error;
    if (await findUser(scope, userId, signal)) throw error;
    return [];
  }
}
