import type { BoundingBox } from '../../types.js';
import { type ByView, type FaceVectors, VIEWS, type View } from '../search/face-vectors.js';
import type { Reading } from '../store/store.js';
import type { FaceVector, VectorSpace } from '../vision/vision.js';
import { MixedModelsError, NoSuchCollectionError, NoSuchUserError } from './record-errors.js';
import { type ChunkPrefixes, VectorChunks } from './vector-chunks.js';

/** Faces and users have vectors. */
export const OWNERS = ['face', 'user'] as const;
export type VectorOwner = (typeof OWNERS)[number];

/** What is stored of a vector space: the model, and what it takes to make user vectors. */
export type KeptSpace = Omit<VectorSpace, 'similarity'>;

/** A collection, as it is stored. */
export interface CollectionRecord {
  readonly collectionId: string;
  /**
   * Names its contents, in all their keys. A collection that is made under the id of a deleted one has another
   * name for them, so that the old contents can be removed bit by bit.
   */
  readonly contents: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly faceCount: number;
  readonly userCount: number;
  /** The chunks that vectors were added to last. */
  readonly lastChunks: { readonly [owner in VectorOwner]: ByView<number> };
  /**
   * The spaces that its vectors belong to: that of the front view from its first face on, that of profiles from the
   * first face that has such a vector.
   */
  readonly spaces: ByView<KeptSpace>;
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
  readonly vectors: FaceVectors;
}

/** A face of a collection, as it is stored. */
export interface FaceRecord extends FaceDetails {
  /** Where its vectors are kept. */
  readonly chunks: ByView<number>;
  /** The user it is associated to. */
  readonly userId?: string;
}

/** A user, as it is stored. */
export interface UserRecord {
  readonly userId: string;
  /** In the order in which they were associated. */
  readonly faceIds: readonly string[];
  /** Where its vectors are kept: those that any of its faces has. */
  readonly chunks: ByView<number>;
}

/**
 * Where each record is kept. No id holds a slash, and a slash sorts neatly: all that is in a collection lies
 * together, in the order of its ids.
 */
export const KEYS = {
  collections: 'collection/',
  /** Collections that are being imported, which nobody sees yet. */
  imports: 'importing/',
  /** Contents of deleted collections, which are yet to be removed. */
  deletedContents: 'deleted/',
  face: (contents: string, faceId: string) => `face/${contents}/${faceId}`,
  user: (contents: string, userId: string) => `user/${contents}/${userId}`,
  vectors: (contents: string, owner: VectorOwner, view: View) => `${owner}-${view}/${contents}/`,
  /** Vectors as indexes take them. Those of profiles are kept quantized only. */
  quantizedVectors: (contents: string, owner: VectorOwner, view: View) =>
    view === 'profile' ? KEYS.vectors(contents, owner, view) : `${owner}-quantized/${contents}/`,
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
  'face-front',
  'face-profile',
  'face-quantized',
  'user',
  'user-front',
  'user-profile',
  'user-quantized',
  'image',
  'token',
];

/** The records, to look things up. */
export class Records {
  readonly #source: Reading;
  /** What the keys of the collections begin with. */
  protected readonly collectionsPrefix: string;

  /** @param collectionsPrefix `KEYS.imports` for the collections that are being imported */
  constructor(source: Reading, collectionsPrefix = KEYS.collections) {
    this.#source = source;
    this.collectionsPrefix = collectionsPrefix;
  }

  findCollection(collectionId: string): CollectionRecord | undefined {
    return this.#source.get(this.collectionsPrefix + collectionId);
  }

  /** @throws NoSuchCollectionError */
  collection(collectionId: string): CollectionRecord {
    const collection = this.findCollection(collectionId);
    if (!collection) throw new NoSuchCollectionError(collectionId);
    return collection;
  }

  collectionCount(): number {
    return Array.from(this.#source.keys(this.collectionsPrefix)).length;
  }

  findFace(collectionId: string, faceId: string): FaceRecord | undefined {
    const collection = this.findCollection(collectionId);
    return collection && this.#source.get(KEYS.face(collection.contents, faceId));
  }

  /** The vectors of a face of the collection. */
  faceVectors(collectionId: string, { faceId, chunks }: FaceRecord): FaceVectors {
    return this.#vectorsAt(this.collection(collectionId), 'face', faceId, chunks);
  }

  findUser(collectionId: string, userId: string): UserRecord | undefined {
    const collection = this.findCollection(collectionId);
    return collection && this.#source.get(KEYS.user(collection.contents, userId));
  }

  /** @throws NoSuchCollectionError, NoSuchUserError */
  user(collectionId: string, userId: string): UserRecord {
    const { contents } = this.collection(collectionId);
    const user = this.#source.get<UserRecord>(KEYS.user(contents, userId));
    if (!user) throw new NoSuchUserError(collectionId, userId);
    return user;
  }

  /** The vectors of a user of the collection. */
  userVectors(collectionId: string, { userId, chunks }: UserRecord): FaceVectors {
    return this.#vectorsAt(this.collection(collectionId), 'user', userId, chunks);
  }

  /** A vector of a face or a user; `undefined` where it is gone, or these contents of the collection are. */
  findVector(
    { collectionId, contents }: CollectionRecord,
    owner: VectorOwner,
    view: View,
    id: string,
  ): FaceVector | undefined {
    if (this.findCollection(collectionId)?.contents !== contents) return undefined;
    const chunk = this.#source.get<FaceRecord | UserRecord>(KEYS[owner](contents, id))?.chunks[view];
    return chunk === undefined ? undefined : this.chunksOf(contents, owner, view).find(chunk, id);
  }

  /** Collections in the order of their ids, beginning behind the id `after`. */
  collections(after?: string): Iterable<CollectionRecord> {
    return this.#list(this.collectionsPrefix, after);
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
    return Array.from(this.#source.keys(prefix), (key) => key.slice(prefix.length)).flatMap(
      (faceId) => this.findFace(collectionId, faceId) ?? [],
    );
  }

  /** Where vectors of one view are kept. */
  chunksOf(contents: string, owner: VectorOwner, view: View): VectorChunks {
    return new VectorChunks(this.#source, view, prefixesOf(contents, owner, view));
  }

  #vectorsAt(
    { contents }: CollectionRecord,
    owner: VectorOwner,
    id: string,
    chunks: ByView<number>,
  ): FaceVectors {
    const at = (view: View) => {
      const chunk = chunks[view];
      return chunk === undefined ? undefined : this.chunksOf(contents, owner, view).find(chunk, id);
    };
    return { front: at('front'), profile: at('profile') };
  }

  *#list<Stored extends object>(prefix: string, after?: string): Generator<Stored, void, void> {
    const behind = after === undefined ? undefined : prefix + after;
    for (const key of this.#source.keys(prefix, behind)) {
      const record = this.#source.get<Stored>(key);
      if (record) yield record;
    }
  }
}

/** Where vectors of one view are kept. */
export function prefixesOf(contents: string, owner: VectorOwner, view: View): ChunkPrefixes {
  return {
    vectors: KEYS.vectors(contents, owner, view),
    quantized: KEYS.quantizedVectors(contents, owner, view),
  };
}

/** @throws MixedModelsError when vectors of a collection were made by other models than these */
export function checkSpaces(collection: CollectionRecord, spaces: ByView<KeptSpace>): void {
  const other = otherModels(collection, spaces);
  if (other) throw new MixedModelsError(collection.collectionId, other.found, other.expected);
}

/** The models that made vectors of a collection, where they are not those in use for the same view. */
export function otherModels(
  { faceCount, spaces: kept }: Pick<CollectionRecord, 'faceCount' | 'spaces'>,
  spaces: ByView<KeptSpace>,
): { found: string; expected: string } | undefined {
  if (faceCount === 0) return undefined;
  for (const view of VIEWS) {
    const [found, expected] = [kept[view]?.version, spaces[view]?.version];
    if (found !== undefined && expected !== undefined && found !== expected) return { found, expected };
  }
  return undefined;
}
