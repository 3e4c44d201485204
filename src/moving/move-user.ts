import { randomUUID } from 'node:crypto';
import type { LimitFunction } from 'p-limit';
import { mapBounded } from '../bounded.js';
import { associate } from '../enrollment/associate.js';
import { EnrollmentLedger } from '../enrollment/ledger.js';
import { asError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { concernsAll } from '../service/concerns-all.js';
import { deleteFaces } from '../service/faces.js';
import { persistently } from '../service/persistence.js';
import { createUser } from '../service/users.js';
import type { Face } from '../types.js';
import { copyPhoto } from './copy-photo.js';
import type { MovedPart, MoveRequest, UnmovedFace } from './move.js';
import type { MoveListing, NoCopy, PhotoCopy, StoredFace, StoredPhoto } from './move-listing.js';
import type { FoundPhotos } from './photos-at-hand.js';
import { unmovedFace, unmovedUser } from './unmoved.js';

/** What moving the parts of a collection has in common. */
export interface MoveContext {
  readonly to: CollectionScope;
  readonly listing: MoveListing;
  readonly found: FoundPhotos;
  readonly request: MoveRequest;
  /** For the photos of all users. */
  readonly limit: LimitFunction;
  readonly signal: AbortSignal;
}

/** A face, and its copy in the other collection. */
interface Copied {
  readonly face: StoredFace;
  readonly copy: Face;
}

/** Moves a user with those of its faces whose photos are at hand. */
export async function moveUser(
  userId: string,
  faces: readonly StoredFace[],
  context: MoveContext,
): Promise<MovedPart> {
  const { listing, signal } = context;
  const { copied, unmoved } = await copyFaces(faces, context);
  const known = copied.filter(({ copy }) => copy.userId === userId);
  const elsewhere = copied.filter(({ copy }) => copy.userId !== undefined && copy.userId !== userId);
  const loose = copied.filter(({ copy }) => copy.userId === undefined);
  unmoved.push(
    ...elsewhere.map(({ face }) => unmovedFace(face, { reason: 'ASSOCIATED_TO_A_DIFFERENT_USER' })),
  );
  const part = (moved: readonly Copied[], more: Pick<MovedPart, 'unmovedUser'> = {}): MovedPart => ({
    userId,
    faceIds: toIds([...known, ...moved]),
    known: known.length,
    unmoved,
    ...more,
  });
  try {
    if (loose.length > 0) {
      const taken = await takeFaces(userId, loose, unmoved, context);
      const isThere = known.length + taken.length > 0 || listing.otherUsers.has(userId);
      return part(taken, isThere ? {} : { unmovedUser: unmovedUser(userId) });
    }
    if (faces.length === 0 && !listing.otherUsers.has(userId)) await makeUser(userId, context);
    const isThere = faces.length === 0 || listing.otherUsers.has(userId);
    return part([], isThere ? {} : { unmovedUser: unmovedUser(userId, firstFailure(unmoved)) });
  } catch (thrown) {
    const error = failure(thrown, signal);
    unmoved.push(...loose.map(({ face }) => unmovedFace(face, { reason: 'FAILED', error })));
    return part([], listing.otherUsers.has(userId) ? {} : { unmovedUser: unmovedUser(userId, error) });
  }
}

/** Moves the faces of a photo that belong to nobody, as far as the photo is at hand. */
export async function moveNobodys(faces: readonly StoredFace[], context: MoveContext): Promise<MovedPart> {
  const { copied, unmoved } = await copyFaces(faces, context);
  const before = new Set(faces.flatMap(({ photo }) => photo?.copies ?? []).map(({ faceId }) => faceId));
  return {
    faceIds: toIds(copied),
    known: copied.filter(({ copy }) => before.has(copy.faceId)).length,
    unmoved,
  };
}

/** Makes the user if need be, and its faces part of it. Those that it does not take are deleted: they are nobody's. */
async function takeFaces(
  userId: string,
  loose: readonly Copied[],
  unmoved: UnmovedFace[],
  context: MoveContext,
): Promise<readonly Copied[]> {
  const { to, request, signal } = context;
  const ledger = new EnrollmentLedger();
  ledger.userCreated = await makeUser(userId, context);
  const faceIds = loose.map(({ copy }) => copy.faceId);
  const { rejected } = await associate(to, userId, faceIds, request.threshold, signal);
  const reasons = new Map(rejected.map(({ faceId, reason }) => [faceId, reason]));
  const unwanted = rejected.filter(
    ({ reason }) => reason === 'LOW_MATCH_CONFIDENCE' || reason === 'USER_IS_FULL',
  );
  await persistently(signal, async (persistence) => {
    if (reasons.size === faceIds.length) await ledger.deleteCreatedUser(to, userId, persistence);
    if (unwanted.length > 0)
      await deleteFaces(
        to,
        unwanted.map(({ faceId }) => faceId),
        persistence,
      );
  });
  const taken: Copied[] = [];
  for (const one of loose) {
    const reason = reasons.get(one.copy.faceId);
    if (reason === undefined) taken.push(one);
    else unmoved.push(unmovedFace(one.face, { reason }));
  }
  return taken;
}

/** @returns whether it was not there */
async function makeUser(userId: string, { to, listing, signal }: MoveContext): Promise<boolean> {
  if (listing.otherUsers.has(userId)) return false;
  const token = randomUUID();
  return persistently(signal, (persistence) =>
    persistence.try(() => createUser(to, userId, persistence.signal, token)),
  );
}

/** The copies of faces in the other collection, which are made where they are missing. One photo spoils no other. */
async function copyFaces(
  faces: readonly StoredFace[],
  { to, found, request, limit, signal }: MoveContext,
): Promise<{ copied: Copied[]; unmoved: UnmovedFace[] }> {
  const whyMissing = (face: StoredFace) => found.whyMissing(face);
  const copyOf = (photo: StoredPhoto): Promise<PhotoCopy> => {
    if (photo.copy) return photo.copy;
    const copy = copyPhoto(to, photo, request, whyMissing, signal).catch((thrown): PhotoCopy => {
      const none: NoCopy = { reason: 'FAILED', error: failure(thrown, signal) };
      return new Map(photo.faces.map((face) => [face, none]));
    });
    if (photo.faces.some(({ userId }) => userId !== photo.faces[0]?.userId)) photo.copy = copy;
    return copy;
  };
  const photos = [...new Set(faces.flatMap(({ photo }) => photo ?? []))];
  const copies = new Map((await mapBounded(photos, limit, copyOf)).flatMap((copy) => [...copy]));
  const copied: Copied[] = [];
  const unmoved: UnmovedFace[] = [];
  for (const face of faces) {
    const copy = copies.get(face) ?? { reason: 'UNKNOWN_PHOTO' as const };
    if ('faceId' in copy) copied.push({ face, copy });
    else unmoved.push(unmovedFace(face, copy));
  }
  return { copied, unmoved };
}

/** What failed, where it concerns this part alone. @throws what ends the whole move */
function failure(thrown: unknown, signal: AbortSignal): Error {
  if (signal.aborted && thrown === signal.reason) throw thrown;
  const error = asError(thrown);
  if (concernsAll(error)) throw error;
  return error;
}

function firstFailure(unmoved: readonly UnmovedFace[]): Error | undefined {
  return unmoved.find(({ reason }) => reason === 'FAILED')?.error;
}

function toIds(copied: readonly Copied[]): Map<string, string> {
  return new Map(copied.map(({ face, copy }) => [face.faceId, copy.faceId]));
}
