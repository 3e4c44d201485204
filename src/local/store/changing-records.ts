import { randomBytes } from 'node:crypto';
import { userVector } from '../user-vector.js';
import type { VectorIndexes } from '../vector-indexes.js';
import { Sketcher } from '../vectors/sketch.js';
import type { VectorSpace } from '../vision/vision.js';
import { chunksPerSketch } from './chunk-sizes.js';
import { LEARN_AT, learn } from './learned-projections.js';
import {
  type CollectionRecord,
  checkVectorSpace,
  type FaceRecord,
  KEYS,
  type NewFace,
  Records,
  tablesOf,
  type UserRecord,
} from './records.js';
import type { Transaction } from './store.js';
import { ChangingVectorChunks, type StoredVector } from './vector-chunks.js';
import { ChangingVectorSketches } from './vector-sketches.js';

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
    const after = { ...collection, learned };
    this.#put(after);
    this.#changingFaceVectors(after).sketchAll();
    this.#changingUserVectors(after).sketchAll();
    const projections = this.projections(after);
    this.indexUpdates.push((indexes) => indexes.learn(contents, projections));
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

function without(ids: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return ids.filter((id) => !known.has(id));
}
