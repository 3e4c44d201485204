import { randomBytes } from 'node:crypto';
import type { BoundingBox } from '../../types.js';
import { refusal } from '../refusals.js';
import { userVector } from '../user-vector.js';
import type { VectorIndexes } from '../vector-indexes.js';
import type { FaceVector } from '../vision/vision.js';
import type { Reading, Transaction } from './store.js';
import { ChangingVectorChunks, type StoredVector, VectorChunks } from './vector-chunks.js';

/** A collection, as it is stored. */
export interface CollectionRecord {
  readonly collectionId: string;
  /**
   * Names its contents, in all their keys. A collection that is made under the id of a deleted one has another
   * name for them, so that the old contents can be cleared away in peace.
   */
  readonly contents: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly faceCount: number;
  readonly userCount: number;
  /** The chunks that vectors of faces and of users were added to last. */
  readonly lastFaceChunk: number;
  readonly lastUserChunk: number;
  /** The version of the space its vectors belong to; absent until it has a face. */
  readonly vectorSpace?: string;
}

/** A face of a collection. Numbers are rounded as the service rounds stored ones. */
export interface FaceDetails {
  readonly faceId: string;
  readonly imageId: string;
  readonly externalImageId?: string;
  readonly boundingBox: BoundingBox;
  readonly confidence: number;
}

/** A face that becomes part of a collection. */
export interface NewFace extends FaceDetails {
  readonly vector: FaceVector;
}

/** A face of a collection, as it is stored. */
export interface FaceRecord extends FaceDetails {
  /** Where its vector is kept. */
  readonly chunk: number;
  /** The user it is associated to. */
  readonly userId?: string;
}

/** A user, as it is stored. */
export interface UserRecord {
  readonly userId: string;
  /** In the order in which they were associated. */
  readonly faceIds: readonly string[];
  /** Where its vector is kept. Absent when there are no faces. */
  readonly chunk?: number;
}

/**
 * Where each record is kept. No id holds a slash, and a slash sorts neatly: all that is in a collection lies
 * together, in the order of its ids.
 */
export const KEYS = {
  collections: 'collection/',
  /** Collections that are being imported, which nobody sees yet. */
  imports: 'importing/',
  /** Contents that belong to no collection any more. */
  leftovers: 'leftover/',
  face: (contents: string, faceId: string) => `face/${contents}/${faceId}`,
  faceVectors: (contents: string) => `face-vectors/${contents}/`,
  user: (contents: string, userId: string) => `user/${contents}/${userId}`,
  userVectors: (contents: string) => `user-vectors/${contents}/`,
  /** Which faces came from an image that has an external id: what IndexFaces knows it by. */
  imageFace: (contents: string, imageId: string, faceId: string) => `image/${contents}/${imageId}/${faceId}`,
  requestToken: (contents: string, operation: string, token: string) =>
    `token/${contents}/${operation}/${token}`,
  tokenExpiries: 'token-expiry/',
  /** Times of equally many digits sort as numbers do. */
  tokenExpiry: (expiresAt: number, tokenKey: string) =>
    `token-expiry/${String(expiresAt).padStart(15, '0')}/${tokenKey}`,
};

/** What the keys of contents begin with. */
export const KINDS_OF_CONTENTS = ['face', 'face-vectors', 'user', 'user-vectors', 'image', 'token'];

/** The records, to look things up. */
export class Records {
  /** @param shelf where the collections are: those that everybody sees, or those that are being imported */
  constructor(
    private readonly source: Reading,
    protected readonly shelf = KEYS.collections,
  ) {}

  findCollection(collectionId: string): CollectionRecord | undefined {
    return this.source.get(this.shelf + collectionId);
  }

  /** @throws ResourceNotFoundException */
  collection(collectionId: string): CollectionRecord {
    const collection = this.findCollection(collectionId);
    if (!collection) throw refusal('ResourceNotFoundException', `Collection:${collectionId} not found!`);
    return collection;
  }

  collectionCount(): number {
    return Array.from(this.source.keys(this.shelf)).length;
  }

  findFace(collectionId: string, faceId: string): FaceRecord | undefined {
    const collection = this.findCollection(collectionId);
    return collection && this.source.get(KEYS.face(collection.contents, faceId));
  }

  /** The vector of a face of the collection. */
  faceVector(collectionId: string, { faceId, chunk }: FaceRecord): FaceVector {
    return this.faceVectors(this.collection(collectionId)).find(chunk, faceId)!;
  }

  /**
   * The vector of a face that is to be searched.
   *
   * @throws InvalidParameterException, which is what the service answers when there is no such face
   */
  searchedVector(collectionId: string, faceId: string): FaceVector {
    const face = this.findFace(collectionId, faceId);
    if (!face) throw refusal('InvalidParameterException', 'faceId was not found in the collection.');
    return this.faceVector(collectionId, face);
  }

  findUser(collectionId: string, userId: string): UserRecord | undefined {
    const collection = this.findCollection(collectionId);
    return collection && this.source.get(KEYS.user(collection.contents, userId));
  }

  /** @throws ResourceNotFoundException */
  user(collectionId: string, userId: string): UserRecord {
    const user = this.findUser(collectionId, userId);
    if (!user)
      throw refusal('ResourceNotFoundException', `User:${userId} not found in collection ${collectionId}!`);
    return user;
  }

  /** The vector of a user of the collection; `undefined` when the user has no faces. */
  userVector(collectionId: string, { userId, chunk }: UserRecord): FaceVector | undefined {
    return chunk === undefined
      ? undefined
      : this.userVectors(this.collection(collectionId)).find(chunk, userId);
  }

  /** Collections in the order of their ids, beginning behind the id `after`. */
  collections(after?: string): Iterable<CollectionRecord> {
    return this.#list(this.shelf, after);
  }

  /** Faces of a collection in the order of their ids, beginning behind the id `after`. */
  faces(collectionId: string, after?: string): Iterable<FaceRecord> {
    return this.#list(KEYS.face(this.collection(collectionId).contents, ''), after);
  }

  /** Users of a collection in the order of their ids, beginning behind the id `after`. */
  users(collectionId: string, after?: string): Iterable<UserRecord> {
    return this.#list(KEYS.user(this.collection(collectionId).contents, ''), after);
  }

  /** Faces of an image that was indexed with an external id; none of one without. */
  facesOfImage(collectionId: string, imageId: string): FaceRecord[] {
    const prefix = KEYS.imageFace(this.collection(collectionId).contents, imageId, '');
    return Array.from(this.source.keys(prefix), (key) => key.slice(prefix.length)).flatMap(
      (faceId) => this.findFace(collectionId, faceId) ?? [],
    );
  }

  faceVectors({ contents }: CollectionRecord): VectorChunks {
    return new VectorChunks(this.source, KEYS.faceVectors(contents));
  }

  userVectors({ contents }: CollectionRecord): VectorChunks {
    return new VectorChunks(this.source, KEYS.userVectors(contents));
  }

  *#list<Stored extends object>(prefix: string, after?: string): Generator<Stored, void, void> {
    const behind = after === undefined ? undefined : prefix + after;
    for (const key of this.source.keys(prefix, behind)) {
      const record = this.source.get<Stored>(key);
      if (record) yield record;
    }
  }
}

/** What the vector indexes have to do once a change is safe. Doing it twice does no harm. */
export type IndexUpdate = (indexes: VectorIndexes) => void;

/** The records, to change them within one transaction. Counts, user vectors and indexes follow by themselves. */
export class ChangingRecords extends Records {
  readonly indexUpdates: IndexUpdate[] = [];

  constructor(
    readonly transaction: Transaction,
    shelf?: string,
  ) {
    super(transaction, shelf);
  }

  addCollection(collectionId: string, createdAt: number, tags: Readonly<Record<string, string>>): void {
    this.#put({
      collectionId,
      contents: randomBytes(9).toString('base64url'),
      createdAt,
      tags,
      faceCount: 0,
      userCount: 0,
      lastFaceChunk: 0,
      lastUserChunk: 0,
    });
  }

  /** Removes a collection. Its contents become leftovers, since a million faces take a while to remove. */
  deleteCollection(collectionId: string): void {
    const { contents } = this.collection(collectionId);
    this.transaction.put(KEYS.leftovers + contents, true);
    this.transaction.remove(this.shelf + collectionId);
    this.indexUpdates.push((indexes) => indexes.forget(contents));
  }

  /** Moves a collection here from another shelf. There must be none of its id. */
  takeCollection(collection: CollectionRecord, from: string): void {
    this.transaction.remove(from + collection.collectionId);
    this.#put(collection);
  }

  /**
   * @param vectorSpace the version of the space that the faces' vectors belong to
   * @throws InvalidParameterException when the collection's faces belong to another one
   */
  addFaces(collectionId: string, faces: readonly NewFace[], vectorSpace: string): void {
    if (faces.length === 0) return;
    const collection = this.collection(collectionId);
    const { contents } = collection;
    checkVectorSpace(collection, vectorSpace);
    const vectors = faces.map(({ faceId, vector }) => ({ id: faceId, vector, faces: 1 }));
    const chunks = this.#faceVectors(contents).add(collection.lastFaceChunk, vectors);
    for (const [i, { vector: _, ...details }] of faces.entries()) {
      const { faceId, imageId, externalImageId } = details;
      const chunk = chunks[i]!;
      this.transaction.put(KEYS.face(contents, faceId), { ...details, chunk } satisfies FaceRecord);
      if (externalImageId !== undefined)
        this.transaction.put(KEYS.imageFace(contents, imageId, faceId), true);
    }
    this.#put({
      ...collection,
      faceCount: collection.faceCount + faces.length,
      lastFaceChunk: chunks.at(-1)!,
      vectorSpace,
    });
    this.indexUpdates.push((indexes) => {
      const index = indexes.begun(contents)?.faces;
      for (const { faceId, vector } of faces) index?.set(faceId, vector);
    });
  }

  /** Removes a face that no user has. */
  deleteFace(collectionId: string, { faceId, imageId, chunk }: FaceRecord): void {
    const collection = this.collection(collectionId);
    const { contents } = collection;
    this.#put({ ...collection, faceCount: collection.faceCount - 1 });
    this.transaction.remove(KEYS.face(contents, faceId));
    this.transaction.remove(KEYS.imageFace(contents, imageId, faceId));
    this.#faceVectors(contents).remove(chunk, faceId);
    this.indexUpdates.push((indexes) => indexes.begun(contents)?.faces.delete(faceId));
  }

  addUser(collectionId: string, userId: string): void {
    const collection = this.collection(collectionId);
    this.#put({ ...collection, userCount: collection.userCount + 1 });
    this.transaction.put(KEYS.user(collection.contents, userId), {
      userId,
      faceIds: [],
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

    const vectors = faceIds.map((faceId) =>
      this.faceVector(collectionId, this.findFace(collectionId, faceId)!),
    );
    const vector = vectors.length > 0 ? userVector(vectors) : undefined;
    const chunk = this.#keepUserVector(
      collection,
      user,
      vector && { id: userId, vector, faces: faceIds.length },
    );
    this.transaction.put(KEYS.user(contents, userId), {
      userId,
      faceIds: [...faceIds],
      ...(chunk !== undefined && { chunk }),
    } satisfies UserRecord);
    this.indexUpdates.push((indexes) => {
      const users = indexes.begun(contents)?.users;
      if (vector) users?.set(userId, vector, faceIds.length);
      else users?.delete(userId);
    });
  }

  /** @returns the chunk that the vector is kept in; `undefined` when the user has none any more */
  #keepUserVector(
    collection: CollectionRecord,
    { userId, chunk }: UserRecord,
    vector: StoredVector | undefined,
  ): number | undefined {
    const chunks = new ChangingVectorChunks(this.transaction, KEYS.userVectors(collection.contents));
    if (!vector) {
      if (chunk !== undefined) chunks.remove(chunk, userId);
      return undefined;
    }
    if (chunk !== undefined) {
      chunks.replace(chunk, vector);
      return chunk;
    }
    const [lastUserChunk] = chunks.add(collection.lastUserChunk, [vector]) as [number];
    if (lastUserChunk !== collection.lastUserChunk) this.#put({ ...collection, lastUserChunk });
    return lastUserChunk;
  }

  #giveFace(contents: string, faceId: string, userId: string | undefined): void {
    const key = KEYS.face(contents, faceId);
    const { userId: _, ...face } = this.transaction.get<FaceRecord>(key)!;
    this.transaction.put(key, userId === undefined ? face : { ...face, userId });
  }

  #faceVectors(contents: string): ChangingVectorChunks {
    return new ChangingVectorChunks(this.transaction, KEYS.faceVectors(contents));
  }

  #put(collection: CollectionRecord): void {
    this.transaction.put(this.shelf + collection.collectionId, collection);
  }
}

function without(ids: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return ids.filter((id) => !known.has(id));
}

/** @throws InvalidParameterException when the vectors of a collection were made by other models than these */
export function checkVectorSpace(collection: CollectionRecord, vectorSpace: string): void {
  if (collection.faceCount === 0 || collection.vectorSpace === vectorSpace) return;
  throw refusal(
    'InvalidParameterException',
    `Collection ${collection.collectionId} holds face vectors of "${collection.vectorSpace}", and the models in use ` +
      `make those of "${vectorSpace}", which cannot be compared. Index its images into a new collection.`,
  );
}
