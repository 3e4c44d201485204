import { randomBytes } from 'node:crypto';
import { type ByView, type FaceVectors, VIEWS, type View } from '../search/face-vectors.js';
import type { Transaction } from '../store/store.js';
import type { FaceVector } from '../vision/vision.js';
import type { ChunkChange } from './chunk-change.js';
import { asStored } from './packed-vectors.js';
import {
  type CollectionRecord,
  checkSpaces,
  type FaceRecord,
  KEYS,
  type KeptSpace,
  type NewFace,
  prefixesOf,
  Records,
  type UserRecord,
  type VectorOwner,
} from './records.js';
import { userVector } from './user-vector.js';
import { ChangingVectorChunks, type StoredVector } from './vector-chunks.js';

/** What a change did to vectors that are searched. */
export type VectorEvent =
  /** Vectors under a prefix of keys were added, replaced or removed. */
  | {
      readonly what: 'vectors-changed';
      readonly prefix: string;
      readonly changes: readonly ChunkChange<StoredVector>[];
    }
  | { readonly what: 'contents-deleted'; readonly contents: string };

/** What becomes of the vectors of a face or a user: where the old ones are, and the new ones. */
interface VectorChange {
  readonly id: string;
  readonly chunks: ByView<number>;
  readonly now: FaceVectors;
}

/** The records, to change them within one transaction. Counts and user vectors follow by themselves. */
export class ChangingRecords extends Records {
  readonly transaction: Transaction;
  /** What was done to vectors so far. */
  readonly events: VectorEvent[] = [];

  constructor(transaction: Transaction, collectionsPrefix?: string) {
    super(transaction, collectionsPrefix);
    this.transaction = transaction;
  }

  addCollection(collectionId: string, createdAt: number, tags: Readonly<Record<string, string>>): void {
    this.#put({
      collectionId,
      contents: randomBytes(9).toString('base64url'),
      createdAt,
      tags,
      faceCount: 0,
      userCount: 0,
      lastChunks: { face: {}, user: {} },
      spaces: {},
    });
  }

  /** Removes a collection. Its contents are removed later: a million faces take a while. */
  deleteCollection(collectionId: string): void {
    const { contents } = this.collection(collectionId);
    this.transaction.put(KEYS.deletedContents + contents, true);
    this.transaction.remove(this.collectionsPrefix + collectionId);
    this.events.push({ what: 'contents-deleted', contents });
  }

  /** Moves a collection here from another prefix. There must be none of its id. */
  takeCollection(collection: CollectionRecord, from: string): void {
    this.transaction.remove(from + collection.collectionId);
    this.#put(collection);
  }

  /**
   * @param spaces that the faces' vectors belong to
   * @throws MixedModelsError when the collection's faces belong to others
   */
  addFaces(collectionId: string, faces: readonly NewFace[], spaces: ByView<KeptSpace>): void {
    if (faces.length === 0) return;
    const collection = this.collection(collectionId);
    checkSpaces(collection, spaces);
    const { contents, faceCount } = collection;
    const kept = faceCount > 0 ? collection.spaces : {};
    const front = kept.front ?? keptSpace(spaces.front);
    const hasProfiles = faces.some(({ vectors }) => vectors.profile);
    const profile = kept.profile ?? (hasProfiles ? keptSpace(spaces.profile) : undefined);
    this.#put({
      ...collection,
      faceCount: faceCount + faces.length,
      spaces: { ...(front && { front }), ...(profile && { profile }) },
    });
    const chunks = this.#keepVectors(
      collectionId,
      'face',
      faces.map(({ faceId, vectors }) => ({ id: faceId, chunks: {}, now: vectors })),
    );
    for (const [i, { vectors: _, ...details }] of faces.entries()) {
      const { faceId, imageId, externalImageId } = details;
      const face: FaceRecord = { ...details, chunks: chunks[i]! };
      this.transaction.put(KEYS.face(contents, faceId), face);
      if (externalImageId !== undefined)
        this.transaction.put(KEYS.imageFace(contents, imageId, faceId), true);
    }
  }

  /** Removes faces that no user has. */
  deleteFaces(collectionId: string, faces: readonly FaceRecord[]): void {
    if (faces.length === 0) return;
    const collection = this.collection(collectionId);
    const { contents } = collection;
    this.#put({ ...collection, faceCount: collection.faceCount - faces.length });
    for (const { faceId, imageId } of faces) {
      this.transaction.remove(KEYS.face(contents, faceId));
      this.transaction.remove(KEYS.imageFace(contents, imageId, faceId));
    }
    this.#keepVectors(
      collectionId,
      'face',
      faces.map(({ faceId, chunks }) => ({ id: faceId, chunks, now: {} })),
    );
  }

  addUser(collectionId: string, userId: string): void {
    const collection = this.collection(collectionId);
    this.#put({ ...collection, userCount: collection.userCount + 1 });
    this.transaction.put(KEYS.user(collection.contents, userId), {
      userId,
      faceIds: [],
      chunks: {},
    } satisfies UserRecord);
  }

  /** Removes a user. Its faces stay, and belong to nobody. */
  deleteUser(collectionId: string, user: UserRecord): void {
    this.setFacesOfUser(collectionId, user, []);
    const collection = this.collection(collectionId);
    this.#put({ ...collection, userCount: collection.userCount - 1 });
    this.transaction.remove(KEYS.user(collection.contents, user.userId));
  }

  /** Makes a user of exactly these faces, all of the collection and of no other user, and makes its vector anew. */
  setFacesOfUser(collectionId: string, user: UserRecord, faceIds: readonly string[]): void {
    const { userId } = user;
    const collection = this.collection(collectionId);
    const { contents } = collection;
    for (const faceId of without(user.faceIds, faceIds)) this.#giveFace(contents, faceId, undefined);
    for (const faceId of without(faceIds, user.faceIds)) this.#giveFace(contents, faceId, userId);

    const faces = faceIds.map((id) => this.faceVectors(collectionId, this.findFace(collectionId, id)!));
    const now = vectorsOfUser(collection.spaces, faces);
    const [chunks = {}] = this.#keepVectors(collectionId, 'user', [{ id: userId, chunks: user.chunks, now }]);
    this.transaction.put(KEYS.user(contents, userId), {
      userId,
      faceIds: [...faceIds],
      chunks,
    } satisfies UserRecord);
  }

  /** Keeps vectors in the place of those before, and answers which chunks each is in. */
  #keepVectors(collectionId: string, owner: VectorOwner, changes: readonly VectorChange[]): ByView<number>[] {
    const collection = this.collection(collectionId);
    const { contents, lastChunks, spaces } = collection;
    const chunks = changes.map((): { [view in View]?: number } => ({}));
    const last: { [view in View]?: number | undefined } = { ...lastChunks[owner] };
    for (const view of VIEWS) {
      const prefixes = prefixesOf(contents, owner, view);
      const kept = new ChangingVectorChunks(this.transaction, view, prefixes);
      const places = kept.places(last[view] ?? 0, spaces[view]?.length ?? 1);
      const inChunks = changes.flatMap(({ id, chunks: before, now }, i) => {
        const vector = now[view] && asStored(view, now[view]);
        if (!vector) return before[view] === undefined ? [] : { chunk: before[view], id };
        if (before[view] === undefined) last[view] = places.next().value;
        const chunk = before[view] ?? last[view]!;
        chunks[i]![view] = chunk;
        return { chunk, id, now: { id, vector } };
      });
      kept.change(inChunks);
      this.events.push({ what: 'vectors-changed', prefix: prefixes.vectors, changes: inChunks });
    }
    this.#put({ ...collection, lastChunks: { ...lastChunks, [owner]: last } });
    return chunks;
  }

  #giveFace(contents: string, faceId: string, userId: string | undefined): void {
    const key = KEYS.face(contents, faceId);
    const { userId: _, ...face } = this.transaction.get<FaceRecord>(key)!;
    this.transaction.put(key, userId === undefined ? face : { ...face, userId });
  }

  #put(collection: CollectionRecord): void {
    this.transaction.put(this.collectionsPrefix + collection.collectionId, collection);
  }
}

/** A space without what cannot be stored. */
function keptSpace(space: KeptSpace | undefined): KeptSpace | undefined {
  return space && { version: space.version, length: space.length, metric: space.metric };
}

/** What a user is recognised by: of each view, what all of its faces have together. */
function vectorsOfUser(spaces: ByView<KeptSpace>, faces: readonly FaceVectors[]): FaceVectors {
  const of = (view: View): FaceVector | undefined => {
    const space = spaces[view];
    const vectors = faces.flatMap((face) => face[view] ?? []);
    return space && vectors.length > 0 ? userVector(space.metric, vectors) : undefined;
  };
  return { front: of('front'), profile: of('profile') };
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return ids.filter((id) => !known.has(id));
}
