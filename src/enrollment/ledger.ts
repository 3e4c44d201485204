import type { LeftBehind } from '../errors.js';
import { disassociate } from '../service/associations.js';
import type { CollectionScope } from '../service/client.js';
import { deleteFaces } from '../service/faces.js';
import { deleteUser } from '../service/users.js';

/** What an enrolment has made so far, so that a failure can take it back. */
export class EnrollmentLedger {
  userCreated = false;
  /** Faces this enrolment indexed. */
  readonly indexed = new Set<string>();
  /** Faces this enrolment associated; all of them are indexed ones too. */
  readonly associated = new Set<string>();

  /**
   * Undoes it all, as far as the service lets us, and answers what is left. No signal stops this: giving up an
   * enrolment is no reason to leave half of it behind.
   */
  async takeBack(scope: CollectionScope, userId: string): Promise<LeftBehind | undefined> {
    const left = { user: false, associatedFaceIds: [] as string[], faceIds: [] as string[] };
    try {
      // Deleting a user takes its faces from it, so a new user needs no DisassociateFaces.
      if (this.userCreated) await deleteUser(scope, userId);
      else if (this.associated.size > 0) await disassociate(scope, userId, [...this.associated]);
    } catch {
      left.user = this.userCreated;
      left.associatedFaceIds.push(...this.associated);
    }
    const deletable = [...this.indexed].filter((faceId) => !left.associatedFaceIds.includes(faceId));
    try {
      // A face that the service refuses to delete belongs to somebody else, so it was there before us.
      if (deletable.length > 0) await deleteFaces(scope, deletable);
      left.faceIds.push(...left.associatedFaceIds);
    } catch {
      left.faceIds.push(...this.indexed);
    }
    return left.user || left.faceIds.length > 0 ? left : undefined;
  }
}
