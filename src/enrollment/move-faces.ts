import { randomUUID } from 'node:crypto';
import { IncompleteError, isRekollectError, leftBehind, UserIsFullError } from '../errors.js';
import { LIMITS } from '../limits.js';
import { associateChunk, disassociate } from '../service/associations.js';
import type { CollectionScope } from '../service/client.js';
import { facesThatExist } from '../service/faces.js';
import { didNothing, isGivenUp, Persistence, persistently } from '../service/persistence.js';
import { because, type RejectedFace } from '../service/reasons.js';
import { present } from '../service/shapes.js';
import { createUser, deleteUser, facesOfUser } from '../service/users.js';
import type { Face, UserStatus } from '../types.js';
import { giveBack, orphansOf, rememberOrphans, unlessNotFound } from './orphans.js';

/** What became of faces that were to become another user's. */
export interface FaceMove {
  /** Whether the user was made for them. */
  userCreated: boolean;
  /** Part of the user now, and not before. */
  moved: readonly string[];
  /** Part of the user before. */
  alreadyAssociated: readonly string[];
  /** Are where they were: part of the user that they were part of, or of none. */
  rejected: readonly RejectedFace[];
  userStatus?: UserStatus;
}

const OPERATION = 'Moving faces to';

/** A face and whose it is. */
type OwnedFace = Pick<Face, 'faceId' | 'userId'>;

/** Makes faces part of a user, which is made if need be, whosever they were. */
export async function moveFaces(
  scope: CollectionScope,
  faceIds: readonly string[],
  to: string,
  threshold: number,
  signal?: AbortSignal,
): Promise<FaceMove> {
  const wanted = [...new Set(faceIds)];
  const members = await facesOfUser(scope, to, signal);
  const found = await facesThatExist(scope, wanted, signal);
  const ids = new Set(found.map(({ faceId }) => faceId));
  const others = found.filter(({ userId }) => userId !== to);
  const missing = wanted
    .filter((faceId) => !ids.has(faceId))
    .map((faceId) => ({ faceId, ...because('FACE_NOT_FOUND' as const) }));
  const alreadyAssociated = found.filter(({ userId }) => userId === to).map(({ faceId }) => faceId);
  if (others.length === 0) return { userCreated: false, moved: [], alreadyAssociated, rejected: missing };

  checkRoom(to, members.length, others.length);
  const userCreated = members.length === 0 && (await makeUser(scope, to, signal));
  const request = { threshold, operation: OPERATION };
  const { moved, rejected, userStatus } = await transfer(scope, others, to, request, signal).catch(
    async (error) => {
      if (userCreated && !isRekollectError(error, 'INCOMPLETE')) await unmakeUser(scope, to, error);
      throw error;
    },
  );
  const isEmpty = moved.length === 0;
  if (userCreated && isEmpty) await unmakeUser(scope, to);
  return present({
    userCreated: userCreated && !isEmpty,
    moved,
    alreadyAssociated,
    rejected: [...missing, ...rejected],
    userStatus,
  });
}

/** @returns whether it was not there */
function makeUser(scope: CollectionScope, userId: string, signal?: AbortSignal): Promise<boolean> {
  const token = randomUUID();
  let isSent = false;
  return persistently(signal, (persistence) =>
    persistence.try(() => {
      isSent = true;
      return createUser(scope, userId, persistence.signal, token);
    }),
  ).catch((error) => {
    if (!isSent || didNothing(error)) throw error;
    throw new IncompleteError(OPERATION, userId, leftBehind({}, { user: true })!, { cause: error });
  });
}

/** Deletes the user that was made for faces of which none became part of it, unless it was given others since. */
async function unmakeUser(scope: CollectionScope, userId: string, cause?: unknown): Promise<void> {
  const persistence = Persistence.forCleaningUp();
  try {
    const faces = await persistence.try(() =>
      facesOfUser(scope, userId, persistence.signal, { believesNotFound: true }),
    );
    if (faces.length === 0) await persistence.try(() => deleteUser(scope, userId, persistence.signal));
  } catch (error) {
    const left = leftBehind({ user: true })!;
    throw new IncompleteError(OPERATION, userId, left, { cause: cause ?? error });
  }
}

/** @throws UserIsFullError when the user would have more faces than the service takes: nothing is to be half moved */
export function checkRoom(userId: string, faces: number, added: number): void {
  const most = LIMITS.facesPerUser;
  if (faces + added > most) throw new UserIsFullError(userId, { faces, added, most });
}

/**
 * Takes faces from their users and associates them to another. The service has no call that does both, and a face is
 * part of one user at most, so for a moment they are nobody's. Those that the user does not take go back, and all of
 * them when a call fails for good.
 *
 * @param faces as many as a user takes, none of them the user's
 * @throws IncompleteError when something has changed for good, or may have; the call's error when nothing has
 */
export async function transfer(
  scope: CollectionScope,
  faces: readonly OwnedFace[],
  to: string,
  { threshold, operation }: { threshold: number; operation: string },
  signal?: AbortSignal,
): Promise<{ moved: string[]; rejected: RejectedFace[]; userStatus: UserStatus | undefined }> {
  let hasBegun = false;
  try {
    const { moved, rejected, userStatus } = await persistently(signal, async (persistence) => {
      hasBegun = true;
      const kept = await release(scope, faces, persistence);
      const released = idsOf(faces).filter((faceId) => !kept.some((face) => face.faceId === faceId));
      if (released.length === 0) return { moved: [], rejected: kept, userStatus: undefined };
      const answer = await persistence.try(() =>
        associateChunk(scope, to, released, threshold, persistence.signal),
      );
      return {
        // What an earlier attempt did whose answer was lost is no news to the service.
        moved: [...answer.associated, ...answer.alreadyAssociated],
        rejected: [...kept, ...answer.rejected],
        userStatus: answer.userStatus,
      };
    });
    const refused = new Set(rejected.filter(goesBack).map(({ faceId }) => faceId));
    const lost = await giveAllBack(
      scope,
      faces.filter(({ faceId }) => refused.has(faceId)),
    );
    forget(scope, faces, lost);
    if (lost.length > 0)
      throw new IncompleteError(operation, to, leftBehind({ associatedFaceIds: moved, faceIds: lost })!, {
        cause: new Error('Faces that the user did not take could not be given back.'),
      });
    return { moved, rejected, userStatus };
  } catch (error) {
    if (!hasBegun || isRekollectError(error, 'INCOMPLETE')) throw error;
    const mayGoOn = isGivenUp(error, signal);
    const now = await facesNow(scope, faces);
    if (!now) {
      const left = leftBehind({}, { associatedFaceIds: idsOf(faces), faceIds: idsOf(faces) })!;
      throw new IncompleteError(operation, to, left, { cause: error });
    }
    const lost = await giveAllBack(scope, ownedBefore(faces, now));
    const moved = idsOf(now.filter(({ userId }) => userId === to));
    const others = idsOf(now).filter((faceId) => !moved.includes(faceId));
    // A call that is still in work may take faces from their users again.
    if (!mayGoOn) forget(scope, faces, lost);
    const left = leftBehind(
      { associatedFaceIds: moved, faceIds: lost },
      { associatedFaceIds: mayGoOn ? others : [], faceIds: mayGoOn ? others : [] },
    );
    throw left ? new IncompleteError(operation, to, left, { cause: error }) : error;
  }
}

/** Takes faces from the users they belong to. @returns those that stay, as they were another's by then */
async function release(
  scope: CollectionScope,
  faces: readonly OwnedFace[],
  persistence: Persistence,
): Promise<RejectedFace[]> {
  const kept: RejectedFace[] = [];
  for (const [owner, faceIds] of byOwner(faces)) {
    rememberOrphans(scope, owner, [...new Set([...orphansOf(scope, owner), ...faceIds])]);
    const answer = await persistence
      .try(() => disassociate(scope, owner, faceIds, persistence.signal))
      .catch(unlessNotFound);
    kept.push(...(answer?.rejected ?? []));
  }
  return kept;
}

/** Whether a face that was rejected goes back to its user: it is there, and had become nobody's. */
export function goesBack({ reason }: RejectedFace): boolean {
  return reason !== 'FACE_NOT_FOUND' && reason !== 'ASSOCIATED_TO_A_DIFFERENT_USER';
}

/** @returns the ids of those that belong to nobody now, and did to somebody */
async function giveAllBack(scope: CollectionScope, faces: readonly OwnedFace[]): Promise<string[]> {
  const lost: string[] = [];
  for (const [owner, faceIds] of byOwner(faces)) {
    const given = await giveBack(
      scope,
      owner,
      faceIds.map((faceId) => ({ faceId })),
    );
    lost.push(...faceIds.filter((faceId) => !given.includes(faceId)));
  }
  return lost;
}

function forget(scope: CollectionScope, faces: readonly OwnedFace[], lost: readonly string[]): void {
  for (const [owner, faceIds] of byOwner(faces)) {
    const others = orphansOf(scope, owner).filter((faceId) => !faceIds.includes(faceId));
    rememberOrphans(scope, owner, [...others, ...faceIds.filter((faceId) => lost.includes(faceId))]);
  }
}

async function facesNow(
  scope: CollectionScope,
  faces: readonly OwnedFace[],
): Promise<OwnedFace[] | undefined> {
  const persistence = Persistence.forCleaningUp();
  try {
    return await persistence.try(() => facesThatExist(scope, idsOf(faces), persistence.signal));
  } catch {
    return undefined;
  }
}

/** Those that belong to nobody now, with the user whose they were. */
function ownedBefore(faces: readonly OwnedFace[], now: readonly OwnedFace[]): OwnedFace[] {
  const nobodys = new Set(idsOf(now.filter(({ userId }) => userId === undefined)));
  return faces.filter(({ faceId }) => nobodys.has(faceId));
}

function byOwner(faces: readonly OwnedFace[]): Map<string, string[]> {
  const owners = new Map<string, string[]>();
  for (const { faceId, userId } of faces) {
    if (userId !== undefined) owners.set(userId, [...(owners.get(userId) ?? []), faceId]);
  }
  return owners;
}

function idsOf(faces: readonly OwnedFace[]): string[] {
  return faces.map(({ faceId }) => faceId);
}
