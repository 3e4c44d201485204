import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { CreateUserCommand, DeleteUserCommand, ListUsersCommand } from '@aws-sdk/client-rekognition';
import { UserNotReadyError } from '../errors.js';
import { Listing } from '../listing.js';
import type { User } from '../types.js';
import { type CollectionScope, isServiceError, send } from './client.js';
import { listFaces } from './faces.js';
import { LIMITS } from './limits.js';
import { present } from './shapes.js';

/** Makes the user; false when it was there. */
export async function createUser(
  { client, collectionId }: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await send(
      client,
      new CreateUserCommand({
        CollectionId: collectionId,
        UserId: userId,
        ClientRequestToken: randomUUID(),
      }),
      signal,
    );
    return true;
  } catch (error) {
    // The model declares the first; samples of AWS's own catch the second.
    if (isServiceError(error, 'ConflictException', 'ResourceAlreadyExistsException')) return false;
    throw error;
  }
}

/** Deletes the user. Its faces stay in the collection, associated to nobody. */
export async function deleteUser(
  { client, collectionId }: CollectionScope,
  userId: string,
  signal?: AbortSignal,
): Promise<void> {
  await send(
    client,
    new DeleteUserCommand({ CollectionId: collectionId, UserId: userId, ClientRequestToken: randomUUID() }),
    signal,
  );
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

/** Looks at the user every `interval` milliseconds until its vector stands for all its faces. */
export async function waitForUser(
  scope: CollectionScope,
  userId: string,
  interval: number,
  signal?: AbortSignal,
): Promise<User> {
  for (;;) {
    const user = await findUser(scope, userId, signal);
    if (!user) throw new UserNotReadyError(userId, `is not in collection "${scope.collectionId}".`);
    if (user.status === 'ACTIVE') return user;
    // A user stays CREATED for as long as it has no faces: no waiting would ever end.
    if (user.status === 'CREATED' && !(await hasFaces(scope, userId, signal))) {
      throw new UserNotReadyError(userId, 'has no faces yet: associate some, then wait for it.');
    }
    await wait(interval, undefined, signal ? { signal } : {}).catch((error) => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}

async function hasFaces(scope: CollectionScope, userId: string, signal?: AbortSignal): Promise<boolean> {
  for await (const _face of listFaces(scope, { userId }, signal)) return true;
  return false;
}
