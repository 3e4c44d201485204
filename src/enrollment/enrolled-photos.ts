import { InvalidArgumentError } from '../errors.js';
import type { CollectionScope } from '../service/client.js';
import { listFaces } from '../service/faces.js';

/** A larger collection is not listed whole: that takes 60 calls already, and some 30 MB. */
const MOST_FACES = 250_000;

/**
 * Which photos a collection's users were enrolled with, from one listing of all its faces: 4,096 of them a call, where
 * to ask for each user takes a call a user. Holds the names of photos only, some 100 bytes a face.
 */
export class EnrolledPhotos {
  readonly #photosByUser = new Map<string, string[]>();
  readonly #taken = new Set<string>();
  #isComplete = true;

  static async list(scope: CollectionScope, signal?: AbortSignal): Promise<EnrolledPhotos> {
    const enrolled = new EnrolledPhotos();
    let listed = 0;
    for await (const { userId, externalImageId = '' } of listFaces(scope, {}, signal)) {
      listed += 1;
      if (listed > MOST_FACES) {
        enrolled.#giveUp();
        break;
      }
      if (userId === undefined) continue;
      const photos = enrolled.#photosByUser.get(userId);
      if (photos) photos.push(externalImageId);
      else enrolled.#photosByUser.set(userId, [externalImageId]);
    }
    return enrolled;
  }

  /**
   * The external ids of a user's faces, which are forgotten; none when the user has no faces, and `undefined` where the
   * collection is too large to have been listed.
   *
   * @throws InvalidArgumentError the second time: photos that come later would be taken for gone
   */
  take(userId: string): readonly string[] | undefined {
    if (this.#taken.has(userId)) {
      throw new InvalidArgumentError(
        'userId',
        userId,
        'another for each person: give all images of one together',
      );
    }
    this.#taken.add(userId);
    if (!this.#isComplete) return undefined;
    const photos = this.#photosByUser.get(userId) ?? [];
    this.#photosByUser.delete(userId);
    return photos;
  }

  /** Users whose photos nobody took; none where the collection is too large to have been listed. */
  get usersLeft(): string[] {
    return [...this.#photosByUser.keys()];
  }

  #giveUp(): void {
    this.#isComplete = false;
    this.#photosByUser.clear();
  }
}
