import type { LimitFunction } from 'p-limit';
import { mapBounded } from '../bounded.js';
import { LIMITS } from '../limits.js';
import { type CollectionScope, isServiceError } from '../service/client.js';
import { Persistence, pause } from '../service/persistence.js';
import { searchFacesById } from '../service/searches.js';
import type { FaceMatch } from '../types.js';
import type { AlikeFaces } from './average-linkage.js';

/** A similarity of 100 in the whole units that are added up. They keep what single precision tells. */
export const UNITS = 1_000_000;

/** Two faces of one photo are two people, unless they are so alike: then it is a collage, a mirror, a picture in it. */
const SAME_IN_ONE_PHOTO = 99;

/** Milliseconds before faces are searched again that were indexed a moment ago and not found yet. */
const WAIT = 200;

/** A stored face, and the number of the photo that it is in. */
export interface StoredFace {
  faceId: string;
  photoNumber: number;
}

/**
 * Searches a collection for each of its faces, and answers which are alike.
 *
 * @param threshold the weakest similarity that is listed, 0 to 100
 */
export async function findAlikeFaces(
  scope: CollectionScope,
  faces: readonly StoredFace[],
  threshold: number,
  { limit, onFace, signal }: { limit: LimitFunction; onFace: () => void; signal: AbortSignal | undefined },
): Promise<readonly AlikeFaces[]> {
  const numbers = new Map(faces.map(({ faceId }, number) => [faceId, number]));
  const links = new Links(faces);
  const persistence = new Persistence(signal);
  const request = { threshold, limit: LIMITS.faceMatches };
  const search = async ({ faceId }: StoredFace): Promise<boolean> => {
    signal?.throwIfAborted();
    try {
      const answer = await persistence.try(() => searchFacesById(scope, faceId, request, signal));
      if (answer.status === 'searched') links.add(numbers.get(faceId)!, answer.found, numbers);
      onFace();
      return true;
    } catch (error) {
      if (!isServiceError(error, 'InvalidParameterException')) throw error;
      return false;
    }
  };
  const found = await mapBounded(faces, limit, search);
  const notFound = faces.filter((_, number) => !found[number]);
  if (notFound.length > 0) {
    await pause(WAIT, signal);
    // One that is still not found is like those who found it.
    await mapBounded(notFound, limit, search);
  }
  links.keepApart();
  return links.alike;
}

/** Who is like whom, as far as is known. */
class Links {
  readonly alike: readonly AlikeFaces[];
  readonly #faces: readonly StoredFace[];
  /** By whose list a face was seen last. */
  readonly #seenBy: Int32Array;

  constructor(faces: readonly StoredFace[]) {
    this.#faces = faces;
    this.alike = faces.map(() => ({ faces: [], similarities: [] }));
    this.#seenBy = new Int32Array(faces.length).fill(-1);
  }

  /** Adds the matches of a face, but for those that have found the face before. */
  add(face: number, matches: readonly FaceMatch[], numbers: ReadonlyMap<string, number>): void {
    this.#see(face);
    for (const { faceId, similarity } of matches) {
      const other = numbers.get(faceId);
      if (other === undefined || this.#seenBy[other] === face) continue;
      if (
        this.#faces[other]!.photoNumber !== this.#faces[face]!.photoNumber ||
        similarity >= SAME_IN_ONE_PHOTO
      )
        this.#link(face, other, Math.round(similarity * UNITS));
    }
  }

  /** Links faces of one photo as never the same person's, unless they are linked already. */
  keepApart(): void {
    const byPhoto = new Map<number, number[]>();
    for (const [face, { photoNumber }] of this.#faces.entries()) {
      const together = byPhoto.get(photoNumber) ?? [];
      byPhoto.set(photoNumber, together);
      this.#see(face);
      for (const other of together)
        if (this.#seenBy[other] !== face) this.#link(face, other, Number.NEGATIVE_INFINITY);
      together.push(face);
    }
  }

  #see(face: number): void {
    this.#seenBy[face] = face;
    for (const other of this.alike[face]!.faces) this.#seenBy[other] = face;
  }

  #link(one: number, other: number, similarity: number): void {
    this.alike[one]!.faces.push(other);
    this.alike[one]!.similarities.push(similarity);
    this.alike[other]!.faces.push(one);
    this.alike[other]!.similarities.push(similarity);
  }
}
