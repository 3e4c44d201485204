import type { CollectionScope } from '../service/client.js';
import { contentIdOf } from '../service/external-image-id.js';
import { listFaces } from '../service/faces.js';

/**
 * Whom the faces of a collection belong to, from one listing of all of them: whether the matches of a search tell is
 * not documented. Takes some 200 bytes a face.
 */
export class Owners {
  /** How many there are, with those that are nobody's. */
  faces = 0;
  /** Faces of each user who has any. Nobody else can be found. */
  readonly facesOf = new Map<string, number>();
  readonly #userOf = new Map<string, string>();
  readonly #contents = new Set<string>();

  static async list(scope: CollectionScope, signal: AbortSignal | undefined): Promise<Owners> {
    const owners = new Owners();
    for await (const { faceId, userId, externalImageId } of listFaces(scope, {}, signal)) {
      owners.faces += 1;
      const content = contentIdOf(externalImageId);
      if (content !== undefined) owners.#contents.add(content);
      if (userId === undefined) continue;
      owners.#userOf.set(faceId, userId);
      owners.facesOf.set(userId, (owners.facesOf.get(userId) ?? 0) + 1);
    }
    return owners;
  }

  userOf(faceId: string): string | undefined {
    return this.#userOf.get(faceId);
  }

  /** Whether a face was enrolled from the photo with this content. */
  hasPhoto(content: string): boolean {
    return this.#contents.has(content);
  }
}
