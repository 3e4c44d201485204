import type { CollectionScope } from '../service/client.js';
import { contentIdOf, photoNameOf } from '../service/external-image-id.js';
import { listFaces } from '../service/faces.js';
import { present } from '../service/shapes.js';
import { listUsers } from '../service/users.js';
import type { UserStatus } from '../types.js';

/** A face as far as an audit has to know it. */
export interface ListedFace {
  readonly faceId: string;
  readonly photoName?: string;
  /** What the photo holds, for faces of one photo. */
  readonly content?: string;
}

/** A user with its faces. */
export interface ListedUser {
  readonly userId: string;
  readonly status?: UserStatus | undefined;
  readonly faces: ListedFace[];
}

/** All users and faces of a collection, from one listing of each: 500 users and 4,096 faces a call. */
export class AuditListing {
  readonly users = new Map<string, ListedUser>();
  readonly nobodys: ListedFace[] = [];
  readonly #owners = new Map<string, ListedUser>();

  static async of(scope: CollectionScope, signal?: AbortSignal): Promise<AuditListing> {
    const listing = new AuditListing();
    for await (const { userId, status } of listUsers(scope, signal)) {
      listing.users.set(userId, { userId, status, faces: [] });
    }
    for await (const { faceId, userId, externalImageId } of listFaces(scope, {}, signal)) {
      const face = present({
        faceId,
        photoName: photoNameOf(externalImageId),
        content: contentIdOf(externalImageId),
      });
      if (userId === undefined) listing.nobodys.push(face);
      else listing.#addTo(userId, face);
    }
    return listing;
  }

  get faces(): number {
    return this.#owners.size + this.nobodys.length;
  }

  /** Whose face it was when it was listed; undefined of nobody's, and of one that is newer. */
  ownerOf(faceId: string): string | undefined {
    return this.#owners.get(faceId)?.userId;
  }

  #addTo(userId: string, face: ListedFace): void {
    // One that was made since the users were listed.
    const user = this.users.get(userId) ?? { userId, faces: [] };
    this.users.set(userId, user);
    user.faces.push(face);
    this.#owners.set(face.faceId, user);
  }
}
