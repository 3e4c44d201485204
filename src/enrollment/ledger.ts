import { type LeftBehind, leftBehind } from '../errors.js';
import { disassociate } from '../service/associations.js';
import { type CollectionScope, isServiceError } from '../service/client.js';
import { deleteFaces } from '../service/faces.js';
import { didNothing, isGivenUp, Persistence, withGrace } from '../service/persistence.js';
import { deleteUser, facesOfUser } from '../service/users.js';

/** A call that makes something and is idempotent: made again, it answers what the first one made. */
export interface MakingCall<Made> {
  call: (signal?: AbortSignal) => Promise<Made>;
  /** Enters in the ledger what was made. */
  enter: (made: Made) => void;
  /** What there may be when it is not known whether the call was carried out. */
  possible: Partial<LeftBehind['possible']>;
}

interface UnansweredCall {
  again: (signal?: AbortSignal) => Promise<void>;
  possible: Partial<LeftBehind['possible']>;
  /** It was given up before it ended, so it may be carried out after all was taken back. */
  isGoingOn: boolean;
}

/** What an enrolment has made so far, so that a failure can take it back. */
export class EnrollmentLedger {
  userCreated = false;
  /** Faces this enrolment indexed. The service does not tell which of them it had stored of the same image before. */
  readonly indexed = new Set<string>();
  /** Faces this enrolment associated, or may have: a call that failed can have been carried out all the same. */
  readonly associated = new Set<string>();
  readonly #unanswered: UnansweredCall[] = [];

  /** Makes a call and enters what it made. After it is given up it has a while to end, since it may be carried out. */
  async make<Made>({ call, enter, possible }: MakingCall<Made>, signal?: AbortSignal): Promise<Made> {
    signal?.throwIfAborted();
    try {
      const made = await withGrace(signal, call);
      enter(made);
      return made;
    } catch (error) {
      if (!didNothing(error)) {
        const again = async (own?: AbortSignal) => enter(await call(own));
        this.#unanswered.push({ again, possible, isGoingOn: isGivenUp(error, signal) });
      }
      throw error;
    }
  }

  /** Deletes the user if this enrolment made it, unless another enrolment has given it faces since. */
  async deleteCreatedUser(scope: CollectionScope, userId: string, persistence: Persistence): Promise<void> {
    if (!this.userCreated) return;
    const faces = await persistence.try(() =>
      facesOfUser(scope, userId, persistence.signal, { believesNotFound: true }),
    );
    if (faces.every(({ faceId }) => this.associated.has(faceId))) {
      // That disassociates its faces.
      await unlessGone(persistence.try(() => deleteUser(scope, userId, persistence.signal)));
      this.associated.clear();
    }
    this.userCreated = false;
  }

  /**
   * Undoes it all, as far as the service lets us, and answers what is left. The caller's signal does not stop this:
   * giving up an enrolment is no reason to leave half of it behind.
   */
  async takeBack(scope: CollectionScope, userId: string): Promise<LeftBehind | undefined> {
    const persistence = Persistence.forCleaningUp();
    const unknown = await this.#findWhatWasMade(persistence);
    const certain = { user: false, associatedFaceIds: [] as string[], faceIds: [] as string[] };
    const possible = {
      user: unknown.some(({ possible }) => possible.user),
      associatedFaceIds: [] as string[],
      faceIds: [] as string[],
      externalImageIds: unknown.flatMap(({ possible }) => possible.externalImageIds ?? []),
    };
    const left = () => (persistence.isInDoubt ? possible : certain);
    try {
      await this.deleteCreatedUser(scope, userId, persistence);
    } catch {
      left().user = true;
    }
    // The service does not delete a face of a user.
    if (this.associated.size > 0)
      await persistence
        .try(() => disassociate(scope, userId, [...this.associated], persistence.signal))
        .catch(() => {});
    try {
      const deletion = await unlessGone(deleteFaces(scope, [...this.indexed], persistence));
      // A face that the service keeps because it belongs to somebody else was there before us.
      const kept = (deletion?.rejected ?? [])
        .filter((face) => face.userId === userId && this.associated.has(face.faceId))
        .map(({ faceId }) => faceId);
      certain.associatedFaceIds.push(...kept);
      certain.faceIds.push(...kept);
    } catch {
      possible.associatedFaceIds.push(...this.associated);
      left().faceIds.push(...this.indexed);
    }
    return leftBehind(certain, possible);
  }

  /** @returns the calls of which it is not known what they made, or will make yet */
  async #findWhatWasMade(persistence: Persistence): Promise<UnansweredCall[]> {
    const unknown: UnansweredCall[] = [];
    for (const unanswered of this.#unanswered) {
      try {
        await unlessGone(persistence.try(() => unanswered.again(persistence.signal)));
        if (unanswered.isGoingOn) unknown.push(unanswered);
      } catch {
        unknown.push(unanswered);
      }
    }
    return unknown;
  }
}

/** A user or a collection that is not there needs no clearing up. */
async function unlessGone<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isServiceError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}
