import type { BoundingBox } from '../../types.js';
import { refusal } from '../refusals.js';
import type { Projection } from '../vectors/projection.js';
import { VectorTables } from '../vectors/tables.js';
import type { FaceVector } from '../vision/vision.js';
import { readProjections } from './learned-projections.js';
import type { Reading } from './store.js';
import { VectorChunks } from './vector-chunks.js';
import { VectorSketches } from './vector-sketches.js';

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

/** @throws InvalidParameterException when the vectors of a collection were made by other models than these */
export function checkVectorSpace(collection: CollectionRecord, vectorSpace: string): void {
  if (collection.faceCount === 0 || collection.vectorSpace === vectorSpace) return;
  throw refusal(
    'InvalidParameterException',
    `Collection ${collection.collectionId} holds face vectors of "${collection.vectorSpace}", and the models in use ` +
      `make those of "${vectorSpace}", which cannot be compared. Index its images into a new collection.`,
  );
}

/** Which tables the vectors of a collection are kept in. */
export function tablesOf({ partLengths = [] }: CollectionRecord): VectorTables {
  return new VectorTables(partLengths);
}
