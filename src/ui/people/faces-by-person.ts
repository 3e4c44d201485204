import type { Face } from '../../types.js';

/** What a list of people shows of somebody's faces. */
export interface FacesOfPerson {
  count: number;
  /** The id of the one that the detector was most sure of. */
  cover: string;
}

/**
 * Whose the faces of a collection are. They come in pages of thousands, where asking for those of each person would take
 * a call for each.
 */
export function facesByPerson(faces: readonly Face[]) {
  const ofPeople = new Map<string, FacesOfPerson & { confidence: number }>();
  const ofNobody: Face[] = [];
  for (const face of faces) {
    const { faceId, userId, confidence = 0 } = face;
    if (userId === undefined) {
      ofNobody.push(face);
      continue;
    }
    const known = ofPeople.get(userId);
    if (!known) ofPeople.set(userId, { count: 1, cover: faceId, confidence });
    else {
      known.count++;
      if (confidence > known.confidence) Object.assign(known, { cover: faceId, confidence });
    }
  }
  return { ofPeople, ofNobody };
}
