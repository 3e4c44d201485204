import { InvalidArgumentError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { listFaces } from '../service/faces.js';

/**
 * Which photos a collection's users were enrolled with, from one listing of all its faces: 4,096 of them a call, where
 * to ask for each user would take a call a user. Holds the names of photos only, some 100 bytes a face.
 */
export class EnrolledPhotos {
  readonly #photosByUser = new Map<string, string[]>();
  readonly #taken = new Set<string>();

  static async list(scope: CollectionScope, signal?: AbortSignal): Promise<EnrolledPhotos> {
    const enrolled = new EnrolledPhotos();
    for await (const { userId, externalImageId = '' } of listFaces(scope, {}, signal)) {
      if (userId === undefined) continue;
      const photos = enrolled.#photosByUser.get(userId);
      if (photos) photos.push(externalImageId);
      else enrolled.#photosByUser.set(userId, [externalImageId]);
    }
    return enrolled;
  }

  /**
   * The external ids of a user's faces, which are forgotten; none when the user has no faces.
   *
   * @throws InvalidArgumentError the second time: photos that come later would be taken for gone
   */
  take(userId: string): readonly string[] {
    if (this.#taken.has(userId)) {
      throw new InvalidArgumentError(
        'userId',
        userId,
        'another for each person: give all images of one together',
      );
    }
    this.#taken.add(userId);
    const photos = this.#photosByUser.get(userId) ?? [];
    this.#photosByUser.delete(userId);
    return photos;
  }

  /** Users whose photos nobody took. */
  get usersLeft(): string[] {
    return [...this.#photosByUser.keys()];
  }
}
