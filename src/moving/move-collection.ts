import pLimit from 'p-limit';
import { streamBounded } from '../bounded.js';
import { costOf } from '../enrollment/plan.js';
import { DEFAULTS, LIMITS } from '../limits.js';
import type { CollectionScope } from '../service/client.js';
import { listFaces } from '../service/faces.js';
import { pacedScope } from '../service/paced-client.js';
import { listUsers } from '../service/users.js';
import { matchFaces } from './match-faces.js';
import type {
  CollectionMove,
  MoveComparison,
  MovedPart,
  MovePlan,
  MovePlanOptions,
  MoveRequest,
  PhotosAtHand,
  UnmovedFace,
  UnmovedUser,
} from './move.js';
import { MoveListing, type StoredFace, type StoredPhoto } from './move-listing.js';
import { type MoveContext, moveNobodys, moveUser } from './move-user.js';
import { type FoundPhotos, findPhotos } from './photos-at-hand.js';
import { unmovedFace } from './unmoved.js';

/**
 * Enrolls the faces and users of a collection in another from their photos, several users at a time. Changes nothing in
 * the first. What the other has of it already is not sent again, so that the same call completes what an interruption
 * has left, even that of a process that was killed.
 *
 * @returns the report. When the signal ended this it has what was reached by then
 * @throws an error that everything that comes next would meet as well; what listing the collections and `photos` throw
 */
export async function moveCollection(
  from: CollectionScope,
  to: CollectionScope,
  photos: PhotosAtHand,
  request: MoveRequest,
  signal?: AbortSignal,
): Promise<CollectionMove> {
  const begin = performance.now();
  const { concurrency, pace, onProgress } = request;
  const paced = await pacedScope(to, pace);
  const report = new MoveReport();
  const close = (
    listing?: MoveListing,
    found?: FoundPhotos,
    comparison?: MoveComparison,
  ): CollectionMove => ({
    ...countsOf(listing),
    ...report.close(),
    photos: found?.photos ?? 0,
    otherPhotos: found?.otherPhotos ?? 0,
    leftOut: found?.leftOut ?? [],
    ...(comparison && { comparison }),
    calls: Object.fromEntries(paced.client.counts),
    milliseconds: Math.round(performance.now() - begin),
    ...(signal?.aborted && { stopped: signal.reason }),
  });

  let listing: MoveListing | undefined;
  let found: FoundPhotos | undefined;
  try {
    listing = await MoveListing.of(await pacedScope(from, pace), paced, signal);
    found = await findPhotos(listing, photos, concurrency, signal);
    const shared = { to: paced, listing, found, request, limit: pLimit(concurrency) };
    const parts = partsOf(listing);
    const outcomes = streamBounded(parts, { concurrency, signal }, (part, end) =>
      movePart(part, { ...shared, signal: end }),
    );
    for await (const moved of outcomes) {
      if (moved === undefined) continue;
      report.add(moved);
      onProgress?.({ done: report.parts, total: parts.length, latest: moved });
    }
    signal?.throwIfAborted();
    return close(listing, found, await compare(listing, report, paced, signal));
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    return close(listing, found);
  }
}

/** What became of a part; nothing, when all was given up before it was done. */
async function movePart({ userId, faces }: Part, context: MoveContext): Promise<MovedPart | undefined> {
  const { signal } = context;
  try {
    signal.throwIfAborted();
    return await (userId === undefined ? moveNobodys(faces, context) : moveUser(userId, faces, context));
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined;
    throw error;
  }
}

/** Lists both collections and looks through the photos, and counts what moving takes. */
export async function planMove(
  from: CollectionScope,
  to: CollectionScope,
  given: PhotosAtHand,
  { concurrency = DEFAULTS.bulkConcurrency, pace, pricePerCall, pricePerVector, signal }: MovePlanOptions,
): Promise<MovePlan> {
  const paced = await pacedScope(to, pace);
  const listing = await MoveListing.of(await pacedScope(from, pace), paced, signal);
  const found = await findPhotos(listing, given, concurrency, signal);
  const toIndex = new Set<StoredPhoto>();
  const unmoved: UnmovedFace[] = [];
  const calls = { CreateUser: 0, IndexFaces: 0, AssociateFaces: 0 };
  let known = 0;
  let movable = 0;
  for (const { userId, faces } of partsOf(listing)) {
    let toAssociate = 0;
    for (const face of faces) {
      const { photo } = face;
      const copy = photo && matchFaces(photo.faces, photo.copies).get(face);
      if (copy && (userId === undefined || copy.userId === userId)) {
        known += 1;
      } else if (copy?.userId !== undefined) {
        unmoved.push(unmovedFace(face, { reason: 'ASSOCIATED_TO_A_DIFFERENT_USER' }));
      } else if (copy || photo?.image) {
        movable += 1;
        if (userId !== undefined) toAssociate += 1;
        if (!copy) toIndex.add(photo!);
      } else unmoved.push(unmovedFace(face, photo ? found.whyMissing(face) : { reason: 'UNKNOWN_PHOTO' }));
    }
    const isNew = userId !== undefined && !listing.otherUsers.has(userId);
    if (isNew && (faces.length === 0 || toAssociate > 0)) calls.CreateUser += 1;
    calls.AssociateFaces += Math.ceil(toAssociate / LIMITS.faceIdsPerAssociation);
  }
  calls.IndexFaces = toIndex.size;
  const lists = (operation: string) => 2 * (paced.client.counts.get(operation)?.calls ?? 0);
  const all = { ListUsers: lists('ListUsers'), ListFaces: lists('ListFaces'), ...calls };
  const vectors = movable + calls.CreateUser;
  return {
    ...countsOf(listing),
    movable,
    known,
    unmoved,
    photos: found.photos,
    otherPhotos: found.otherPhotos,
    leftOut: found.leftOut,
    vectors,
    ...(await costOf(to.client, all, { pace, pricePerCall })),
    ...(pricePerVector !== undefined && { pricePerMonth: vectors * pricePerVector }),
  };
}

/** Adds up what becomes of users, and of faces that belong to nobody. */
class MoveReport {
  parts = 0;
  /** The old ids, and whose they should be, by the new ones. */
  readonly placed = new Map<string, { faceId: string; userId: string | undefined }>();
  readonly #faceIds = new Map<string, string>();
  readonly #unmoved: UnmovedFace[] = [];
  readonly #unmovedUsers: UnmovedUser[] = [];
  #known = 0;

  add({ userId, faceIds, known, unmoved, unmovedUser }: MovedPart): void {
    this.parts += 1;
    this.#known += known;
    for (const [faceId, copy] of faceIds) {
      this.#faceIds.set(faceId, copy);
      this.placed.set(copy, { faceId, userId });
    }
    for (const face of unmoved) this.#unmoved.push(face);
    if (unmovedUser) this.#unmovedUsers.push(unmovedUser);
  }

  close(): Pick<CollectionMove, 'moved' | 'known' | 'faceIds' | 'unmoved' | 'unmovedUsers'> {
    return {
      moved: this.#faceIds.size - this.#known,
      known: this.#known,
      faceIds: this.#faceIds,
      unmoved: this.#unmoved,
      unmovedUsers: this.#unmovedUsers,
    };
  }
}

/** A user with its faces, or faces that belong to nobody: those of one photo, and all that came from no known one. */
interface Part {
  readonly userId?: string;
  readonly faces: readonly StoredFace[];
}

function partsOf({ users, nobodys }: MoveListing): Part[] {
  const byPhoto = new Map<StoredPhoto | undefined, StoredFace[]>();
  for (const face of nobodys) {
    const faces = byPhoto.get(face.photo);
    if (faces) faces.push(face);
    else byPhoto.set(face.photo, [face]);
  }
  return [
    ...Array.from(users, ([userId, faces]) => ({ userId, faces })),
    ...Array.from(byPhoto.values(), (faces) => ({ faces })),
  ];
}

/** Lists the other collection once more, to see that all is where it should be. */
async function compare(
  listing: MoveListing,
  { placed }: MoveReport,
  to: CollectionScope,
  signal?: AbortSignal,
): Promise<MoveComparison> {
  const unseen = new Map(placed);
  const counts = { users: 0, faces: 0 };
  for await (const _ of listUsers(to, signal)) counts.users += 1;
  for await (const { faceId, userId } of listFaces(to, {}, signal)) {
    counts.faces += 1;
    const expected = unseen.get(faceId);
    if (expected && (expected.userId === undefined || expected.userId === userId)) unseen.delete(faceId);
  }
  return {
    from: countsOf(listing),
    to: counts,
    unconfirmed: Array.from(unseen.values(), ({ faceId }) => faceId),
  };
}

function countsOf(listing: MoveListing | undefined): { users: number; faces: number } {
  return { users: listing?.users.size ?? 0, faces: listing?.faces ?? 0 };
}
