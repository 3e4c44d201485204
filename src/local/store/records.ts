import { randomBytes } from 'node:crypto';
import type { BoundingBox } from '../../types.js';
import { refusal } from '../refusals.js';
import { userVector } from '../user-vector.js';
import type { VectorIndexes } from '../vector-indexes.js';
import type { Projection } from '../vectors/projection.js';
import { Sketcher } from '../vectors/sketch.js';
import { VectorTables } from '../vectors/tables.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { chunksPerSketch } from './chunk-sizes.js';
import { LEARN_AT, learn, readProjections } from './learned-projections.js';
import type { Reading, Transaction } from './store.js';
import { ChangingVectorChunks, type StoredVector, VectorChunks } from './vector-chunks.js';
import { ChangingVectorSketches, VectorSketches } from './vector-sketches.js';

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
  /** The version of the space its vectors belong to, and the lengths of its parts; absent until it has a face. */
  readonly vectorSpace?: string;
  readonly partLengths?: readonly number[];
  /** Where the projections are kept that were learned of its faces; absent until there are many. */
  readonly learned?: string;
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
  /** What an index needs of the vectors to be searched, and what makes searching it faster. */
  faceSketches: (contents: string) => `face-sketches/${contents}/`,
  userSketches: (contents: string) => `user-sketches/${contents}/`,
  fineFaceSketches: (contents: string) => `fine-face-sketches/${contents}/`,
  fineUserSketches: (contents: string) => `fine-user-sketches/${contents}/`,
  learned: (contents: string) => `learned/${contents}/`,
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
export const KINDS_OF_CONTENTS = [
  'face',
  'face-vectors',
  'face-sketches',
  'fine-face-sketches',
  'user',
  'user-vectors',
  'user-sketches',
  'fine-user-sketches',
  'learned',
  'image',
  'token',
];

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

  /** Sketches of the vectors of faces and users, as far as every search looks at them. */
  sketches({ contents }: CollectionRecord): { faces: VectorSketches; users: VectorSketches } {
    return {
      faces: new VectorSketches(this.source, KEYS.faceSketches(contents)),
      users: new VectorSketches(this.source, KEYS.userSketches(contents)),
    };
  }

  /** The other tables of the sketches, of long vectors. */
  fineSketches({ contents }: CollectionRecord): { faces: VectorSketches; users: VectorSketches } {
    return {
      faces: new VectorSketches(this.source, KEYS.fineFaceSketches(contents)),
      users: new VectorSketches(this.source, KEYS.fineUserSketches(contents)),
    };
  }

  /** What was learned of a collection's vectors: one projection for each long part, or none. */
  projections(collection: CollectionRecord): readonly Projection[] {
    const { learned } = collection;
    return learned === undefined ? [] : readProjections(this.source, learned, tablesOf(collection));
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
   * @param space that the faces' vectors belong to
   * @throws InvalidParameterException when the collection's faces belong to another one
   */
  addFaces(
    collectionId: string,
    faces: readonly NewFace[],
    space: Pick<VectorSpace, 'version' | 'parts'>,
  ): void {
    if (faces.length === 0) return;
    const before = this.collection(collectionId);
    checkVectorSpace(before, space.version);
    const collection = before.vectorSpace === space.version ? before : inSpace(before, space);
    // What was learned in another space is of no use in this one.
    if (before.learned !== undefined && collection.learned === undefined)
      this.transaction.remove(before.learned);
    const { contents } = collection;
    const vectors = faces.map(({ faceId, vector }) => ({ id: faceId, vector, faces: 1 }));
    const chunks = this.#changingFaceVectors(collection).add(collection.lastFaceChunk, vectors);
    for (const [i, { vector: _, ...details }] of faces.entries()) {
      const { faceId, imageId, externalImageId } = details;
      const chunk = chunks[i]!;
      this.transaction.put(KEYS.face(contents, faceId), { ...details, chunk } satisfies FaceRecord);
      if (externalImageId !== undefined)
        this.transaction.put(KEYS.imageFace(contents, imageId, faceId), true);
    }
    const after: CollectionRecord = {
      ...collection,
      faceCount: collection.faceCount + faces.length,
      lastFaceChunk: chunks.at(-1)!,
    };
    this.#put(after);
    this.indexUpdates.push((indexes) => {
      const index = indexes.begun(contents)?.faces;
      for (const { faceId, vector } of faces) index?.set(faceId, vector);
    });
    if (after.learned === undefined && after.faceCount >= LEARN_AT) this.#learn(after);
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
    this.#changingFaceVectors(collection).remove(faces.map(({ chunk, faceId }) => ({ chunk, id: faceId })));
    this.indexUpdates.push((indexes) => {
      const index = indexes.begun(contents)?.faces;
      for (const { faceId } of faces) index?.delete(faceId);
    });
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
    if (!vector && chunk === undefined) return undefined;
    const chunks = this.#changingUserVectors(collection);
    if (!vector) {
      chunks.remove([{ chunk: chunk!, id: userId }]);
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

  /** Learns of the faces that there are. Once is enough: what it is good for does not change with every face. */
  #learn(collection: CollectionRecord): void {
    const { contents, faceCount } = collection;
    const tables = tablesOf(collection);
    if (tables.longParts.length === 0) return;
    const chunks = this.faceVectors(collection);
    const learned = learn(this.transaction, KEYS.learned(contents), tables, chunks, faceCount);
    const learnt = { ...collection, learned };
    this.#put(learnt);
    this.#changingFaceVectors(learnt).sketchAll();
    this.#changingUserVectors(learnt).sketchAll();
    const projections = this.projections(learnt);
    this.indexUpdates.push((indexes) => {
      const index = indexes.begun(contents);
      void index?.faces.learn(projections);
      index?.users.learn(projections);
    });
  }

  #changingFaceVectors(collection: CollectionRecord): ChangingVectorChunks {
    const { faceVectors, faceSketches, fineFaceSketches } = KEYS;
    return this.#changingVectors(collection, faceVectors, faceSketches, fineFaceSketches);
  }

  #changingUserVectors(collection: CollectionRecord): ChangingVectorChunks {
    const { userVectors, userSketches, fineUserSketches } = KEYS;
    return this.#changingVectors(collection, userVectors, userSketches, fineUserSketches);
  }

  #changingVectors(
    collection: CollectionRecord,
    vectors: (contents: string) => string,
    coarse: (contents: string) => string,
    fine: (contents: string) => string,
  ): ChangingVectorChunks {
    const { transaction } = this;
    const { contents, learned } = collection;
    const tables = tablesOf(collection);
    const sketches = (prefix: string, held: (hasLearned: boolean) => number[]) =>
      new ChangingVectorSketches(
        transaction,
        prefix,
        tables,
        held(learned !== undefined),
        chunksPerSketch(tables, held),
      );
    const sketcher = new Sketcher(tables, this.projections(collection));
    return new ChangingVectorChunks(transaction, vectors(contents), sketcher, [
      sketches(coarse(contents), (hasLearned) => tables.coarse(hasLearned)),
      sketches(fine(contents), (hasLearned) => tables.fine(hasLearned)),
    ]);
  }

  #put(collection: CollectionRecord): void {
    this.transaction.put(this.shelf + collection.collectionId, collection);
  }
}

/** A collection without faces as one of a space in which nothing was learned yet. */
function inSpace(
  { learned: _, ...collection }: CollectionRecord,
  { version, parts }: Pick<VectorSpace, 'version' | 'parts'>,
): CollectionRecord {
  return { ...collection, vectorSpace: version, partLengths: parts.map(({ length }) => length) };
}

function tablesOf({ partLengths = [] }: CollectionRecord): VectorTables {
  return new VectorTables(partLengths);
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
