import type { ImageSource } from '../images/image-source.js';
import type { CollectionScope } from '../service/client.js';
import { contentIdOf } from '../service/external-image-id.js';
import { listFaces } from '../service/faces.js';
import { listUsers } from '../service/users.js';
import type { Face } from '../types.js';
import type { UnmovedReason } from './move.js';

/** A photo that faces of the collection were enrolled from, and that is kept with them by its content. */
export interface StoredPhoto {
  readonly externalImageId: string;
  /** A kind of hash, a colon and the hash. */
  readonly content: string;
  /** In the collection that is moved. */
  readonly faces: StoredFace[];
  /** In the other one, of the same external id. */
  readonly copies: Face[];
  /** Where it is at hand. */
  image?: ImageSource;
  /** Of a photo with faces of several users, once it is in work for one of them. */
  copy?: Promise<PhotoCopy>;
}

/** A face of the collection that is moved. */
export type StoredFace = Pick<
  Face,
  'faceId' | 'userId' | 'boundingBox' | 'imageId' | 'externalImageId' | 'photoName'
> & {
  /** Absent for a face that was indexed by other means than enrolling. */
  readonly photo?: StoredPhoto;
};

/** Why a face has no copy. */
export interface NoCopy {
  reason: UnmovedReason;
  error?: Error;
}

/** What the other collection has now of the faces that came from one photo: a face for each, or a reason. */
export type PhotoCopy = ReadonlyMap<StoredFace, Face | NoCopy>;

/**
 * What a collection has, and what another has of it: from one listing of each, 4,096 faces and 500 users a call. New
 * faces get the external ids of the old ones, so this tells what was moved before.
 */
export class MoveListing {
  readonly users = new Map<string, StoredFace[]>();
  readonly nobodys: StoredFace[] = [];
  /** By external id. */
  readonly photos = new Map<string, StoredPhoto>();
  /** Users of the other collection. */
  readonly otherUsers = new Set<string>();
  faces = 0;

  static async of(from: CollectionScope, to: CollectionScope, signal?: AbortSignal): Promise<MoveListing> {
    const listing = new MoveListing();
    for await (const { userId } of listUsers(from, signal)) listing.users.set(userId, []);
    for await (const face of listFaces(from, {}, signal)) listing.#add(face);
    for await (const { userId } of listUsers(to, signal)) listing.otherUsers.add(userId);
    for await (const face of listFaces(to, {}, signal))
      listing.photos.get(face.externalImageId ?? '')?.copies.push(face);
    return listing;
  }

  #add({ faceId, userId, boundingBox, imageId, externalImageId, photoName }: Face): void {
    const photo = this.#photoOf(externalImageId);
    const stored = {
      faceId,
      ...(userId !== undefined && { userId }),
      ...(boundingBox && { boundingBox }),
      ...(imageId !== undefined && photo?.content.startsWith('s3:') && { imageId }),
      ...(externalImageId !== undefined && { externalImageId }),
      ...(photoName !== undefined && { photoName }),
      ...(photo && { photo }),
    };
    this.faces += 1;
    photo?.faces.push(stored);
    if (userId === undefined) this.nobodys.push(stored);
    else if (this.users.has(userId)) this.users.get(userId)!.push(stored);
    // One that was made since the users were listed.
    else this.users.set(userId, [stored]);
  }

  #photoOf(externalImageId: string | undefined): StoredPhoto | undefined {
    const content = contentIdOf(externalImageId);
    if (externalImageId === undefined || content === undefined) return undefined;
    const photo = this.photos.get(externalImageId) ?? { externalImageId, content, faces: [], copies: [] };
    this.photos.set(externalImageId, photo);
    return photo;
  }
}
