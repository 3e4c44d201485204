import type { LeftBehind } from '../errors.js';
import { disassociate } from '../service/associations.js';
import type { CollectionScope } from '../service/client.js';
import { deleteFaces, facesOfUser } from '../service/faces.js';
import { deleteUser } from '../service/users.js';

/** What an enrolment has made so far, so that a failure can take it back. */
export class EnrollmentLedger {
  userCreated = false;
  /** Faces this enrolment indexed. The service does not tell which of them it had stored of the same image before. */
  readonly indexed = new Set<string>();
  /** Faces this enrolment associated, or may have: a call that failed can have been carried out all the same. */
  readonly associated = new Set<string>();

  /** Deletes the user if this enrolment made it, unless another enrolment has given it faces since. */
  async deleteCreatedUser(scope: CollectionScope, userId: string): Promise<void> {
    if (!this.userCreated) return;
    const faces = await facesOfUser(scope, userId);
    if (faces.every(({ faceId }) => this.associated.has(faceId))) {
      // This takes its faces from it.
      await deleteUser(scope, userId);
      this.associated.clear();
    }
    this.userCreated = false;
  }

  /**
   * Undoes it all, as far as the service lets us, and answers what is left. No signal stops this: giving up an
   * enrolment is no reason to leave half of it behind.
   */
  async takeBack(scope: CollectionScope, userId: string): Promise<LeftBehind | undefined> {
    const left = { user: false, associatedFaceIds: [] as string[], faceIds: [] as string[] };
    try {
      await this.deleteCreatedUser(scope, userId);
      if (this.associated.size > 0) await disassociate(scope, userId, [...this.associated]);
    } catch {
      left.user = this.userCreated;
      left.associatedFaceIds.push(...this.associated);
    }
    const deletable = [...this.indexed].filter((faceId) => !left.associatedFaceIds.includes(faceId));
    try {
      const { failed } = deletable.length > 0 ? await deleteFaces(scope, deletable) : { failed: [] };
      // A face that the service keeps because it belongs to somebody else was there before us.
      const kept = failed.filter((face) => face.userId === userId && this.associated.has(face.faceId));
      left.faceIds.push(...left.associatedFaceIds, ...kept.map(({ faceId }) => faceId));
    } catch {
      left.faceIds.push(...this.indexed);
    }
    return left.user || left.faceIds.length > 0 ? left : undefined;
  }
}
