import type { BoundingBox } from '../../types.js';
import { refusal } from '../refusals.js';
import { userVector } from '../user-vector.js';
import type { VectorIndexes } from '../vector-indexes.js';
import type { FaceVector } from '../vision/vision.js';
import type { Reading, Transaction } from './store.js';

/** A collection, as it is stored. */
export interface CollectionRecord {
  readonly collectionId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly faceCount: number;
  readonly userCount: number;
  /** The version of the space its vectors belong to; absent until it has a face. */
  readonly vectorSpace?: string;
}

/** A face of a collection, as it is stored. Numbers are rounded as the service rounds stored ones. */
export interface FaceRecord {
  readonly faceId: string;
  readonly imageId: string;
  readonly externalImageId?: string;
  readonly boundingBox: BoundingBox;
  readonly confidence: number;
  readonly vector: FaceVector;
  /** The user it is associated to. */
  readonly userId?: string;
}

/** A user, as it is stored. */
export interface UserRecord {
  readonly userId: string;
  /** In the order in which they were associated. */
  readonly faceIds: readonly string[];
  /** Absent when there are no faces. */
  readonly vector?: FaceVector;
}

/**
 * Where each record is kept. No id holds a slash, and a slash sorts neatly: all that is in a collection lies
 * together, in the order of its ids.
 */
export const KEYS = {
  collection: (collectionId: string) => `collection/${collectionId}`,
  face: (collectionId: string, faceId: string) => `face/${collectionId}/${faceId}`,
  user: (collectionId: string, userId: string) => `user/${collectionId}/${userId}`,
  /** Which faces came from an image that has an external id: what IndexFaces knows it by. */
  imageFace: (collectionId: string, imageId: string, faceId: string) =>
    `image/${collectionId}/${imageId}/${faceId}`,
  requestToken: (collectionId: string, operation: string, token: string) =>
    `token/${collectionId}/${operation}/${token}`,
  tokenExpiries: 'token-expiry/',
  /** Times of equally many digits sort as numbers do. */
  tokenExpiry: (expiresAt: number, tokenKey: string) =>
    `token-expiry/${String(expiresAt).padStart(15, '0')}/${tokenKey}`,
};

const KINDS_IN_A_COLLECTION = ['face', 'user', 'image', 'token'];

/** The records, to look things up. */
export class Records {
  constructor(private readonly source: Reading) {}

  findCollection(collectionId: string): CollectionRecord | undefined {
    return this.source.get(KEYS.collection(collectionId));
  }

  /** @throws ResourceNotFoundException */
  collection(collectionId: string): CollectionRecord {
    const collection = this.findCollection(collectionId);
    if (!collection) throw refusal('ResourceNotFoundException', `Collection:${collectionId} not found!`);
    return collection;
  }

  collectionCount(): number {
    return Array.from(this.collections()).length;
  }

  findFace(collectionId: string, faceId: string): FaceRecord | undefined {
    return this.source.get(KEYS.face(collectionId, faceId));
  }

  /** @throws InvalidParameterException, which is what the service answers here */
  searchedFace(collectionId: string, faceId: string): FaceRecord {
    const face = this.findFace(collectionId, faceId);
    if (!face) throw refusal('InvalidParameterException', 'faceId was not found in the collection.');
    return face;
  }

  findUser(collectionId: string, userId: string): UserRecord | undefined {
    return this.source.get(KEYS.user(collectionId, userId));
  }

  /** @throws ResourceNotFoundException */
  user(collectionId: string, userId: string): UserRecord {
    const user = this.findUser(collectionId, userId);
    if (!user)
      throw refusal('ResourceNotFoundException', `User:${userId} not found in collection ${collectionId}!`);
    return user;
  }

  /** Collections in the order of their ids, beginning behind the id `after`. */
  collections(after?: string): Iterable<CollectionRecord> {
    return this.#list(KEYS.collection(''), after);
  }

  /** Faces of a collection in the order of their ids, beginning behind the id `after`. */
  faces(collectionId: string, after?: string): Iterable<FaceRecord> {
    return this.#list(KEYS.face(collectionId, ''), after);
  }

  /** Users of a collection in the order of their ids, beginning behind the id `after`. */
  users(collectionId: string, after?: string): Iterable<UserRecord> {
    return this.#list(KEYS.user(collectionId, ''), after);
  }

  /** Faces of an image that was indexed with an external id; none of one without. */
  facesOfImage(collectionId: string, imageId: string): FaceRecord[] {
    const prefix = KEYS.imageFace(collectionId, imageId, '');
    return Array.from(this.source.entries(prefix), ([key]) => key.slice(prefix.length)).flatMap(
      (faceId) => this.findFace(collectionId, faceId) ?? [],
    );
  }

  *#list<Stored extends object>(prefix: string, after?: string): Generator<Stored, void, void> {
    const behind = after === undefined ? undefined : prefix + after;
    for (const [, record] of this.source.entries<Stored>(prefix, behind)) yield record;
  }
}

/** What the vector indexes have to do once a change is safe. Doing it twice does no harm. */
export type IndexUpdate = (indexes: VectorIndexes) => void;

/** The records, to change them within one transaction. Counts, user vectors and indexes follow by themselves. */
export class ChangingRecords extends Records {
  readonly indexUpdates: IndexUpdate[] = [];

  constructor(readonly transaction: Transaction) {
    super(transaction);
  }

  addCollection(collectionId: string, createdAt: number, tags: Readonly<Record<string, string>>): void {
    this.transaction.put(KEYS.collection(collectionId), {
      collectionId,
      createdAt,
      tags,
      faceCount: 0,
      userCount: 0,
    } satisfies CollectionRecord);
  }

  /** Removes a collection and all that is in it. */
  deleteCollection(collectionId: string): void {
    for (const kind of KINDS_IN_A_COLLECTION) {
      const contents = Array.from(this.transaction.entries(`${kind}/${collectionId}/`), ([key]) => key);
      for (const key of contents) this.transaction.remove(key);
    }
    this.transaction.remove(KEYS.collection(collectionId));
    this.indexUpdates.push((indexes) => indexes.forget(collectionId));
  }

  /**
   * @param vectorSpace the version of the space that the face's vector belongs to
   * @throws InvalidParameterException when the collection's faces belong to another one
   */
  addFace(collectionId: string, face: FaceRecord, vectorSpace: string): void {
    const collection = this.collection(collectionId);
    checkVectorSpace(collection, vectorSpace);
    this.#put(collection, { faceCount: collection.faceCount + 1, vectorSpace });
    this.transaction.put(KEYS.face(collectionId, face.faceId), face);
    if (face.externalImageId !== undefined)
      this.transaction.put(KEYS.imageFace(collectionId, face.imageId, face.faceId), true);
    this.indexUpdates.push((indexes) => indexes.built(collectionId)?.faces.set(face.faceId, face.vector));
  }

  /** Removes a face that no user has. */
  deleteFace(collectionId: string, face: FaceRecord): void {
    const collection = this.collection(collectionId);
    this.#put(collection, { faceCount: collection.faceCount - 1 });
    this.transaction.remove(KEYS.face(collectionId, face.faceId));
    this.transaction.remove(KEYS.imageFace(collectionId, face.imageId, face.faceId));
    this.indexUpdates.push((indexes) => indexes.built(collectionId)?.faces.delete(face.faceId));
  }

  addUser(collectionId: string, userId: string): void {
    const collection = this.collection(collectionId);
    this.#put(collection, { userCount: collection.userCount + 1 });
    this.transaction.put(KEYS.user(collectionId, userId), { userId, faceIds: [] } satisfies UserRecord);
  }

  /** Removes a user. Its faces stay, and belong to nobody. */
  deleteUser(collectionId: string, user: UserRecord): void {
    const collection = this.collection(collectionId);
    this.setFacesOfUser(collectionId, user, []);
    this.#put(collection, { userCount: collection.userCount - 1 });
    this.transaction.remove(KEYS.user(collectionId, user.userId));
  }

  /** Makes a user of exactly these faces, all of the collection and of no other user, and makes its vector anew. */
  setFacesOfUser(
    collectionId: string,
    { userId, faceIds: before }: UserRecord,
    faceIds: readonly string[],
  ): void {
    for (const faceId of without(before, faceIds)) this.#giveFace(collectionId, faceId, undefined);
    for (const faceId of without(faceIds, before)) this.#giveFace(collectionId, faceId, userId);

    const vectors = faceIds.map((faceId) => this.findFace(collectionId, faceId)!.vector);
    const vector = vectors.length > 0 ? userVector(vectors) : undefined;
    this.transaction.put(KEYS.user(collectionId, userId), {
      userId,
      faceIds: [...faceIds],
      ...(vector && { vector }),
    } satisfies UserRecord);
    this.indexUpdates.push((indexes) => {
      const users = indexes.built(collectionId)?.users;
      if (vector) users?.set(userId, vector, faceIds.length);
      else users?.delete(userId);
    });
  }

  #giveFace(collectionId: string, faceId: string, userId: string | undefined): void {
    const { userId: _, ...face } = this.findFace(collectionId, faceId)!;
    this.transaction.put(KEYS.face(collectionId, faceId), userId === undefined ? face : { ...face, userId });
  }

  #put(collection: CollectionRecord, changes: Partial<CollectionRecord>): void {
    this.transaction.put(KEYS.collection(collection.collectionId), { ...collection, ...changes });
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
