import type { MeasuredEngine } from './engine.js';
import { randomNumbers, shuffled } from './random.js';
import type { Trials } from './rates.js';

/** A face whose person is known. */
export interface LabelledFace {
  /** By number. */
  person: number;
  vector: Float32Array;
}

/** Users of a given size are made from different choices of a person's faces, this many times each. */
const CHOICES = 5;
/** Halves of the people are enrolled, the others are strangers, this many times. */
const HALVINGS = 20;

/** Every face against every other. */
export function compareFaces(engine: MeasuredEngine, faces: readonly LabelledFace[]): Trials {
  const trials: Trials = { own: [], strangers: [] };
  faces.forEach(({ person, vector }, i) => {
    const distanceTo = engine.distanceFrom([vector]);
    for (const other of faces.slice(0, i)) {
      const distance = distanceTo(other.vector);
      if (other.person === person) trials.own.push({ distance, first: person, second: person });
      else trials.strangers.push({ distance, first: person, second: other.person });
    }
  });
  return trials;
}

/** Every face against users of `size` faces, of which it is none. */
export function compareUsers(engine: MeasuredEngine, faces: readonly LabelledFace[], size: number): Trials {
  const trials: Trials = { own: [], strangers: [] };
  for (const [person, own] of byPerson(faces)) {
    if (own.length <= size) continue;
    for (let choice = 0; choice < CHOICES; choice++) {
      const start = Math.floor((choice * own.length) / CHOICES);
      const chosen = Array.from({ length: size }, (_, i) => own[(start + i) % own.length]!);
      const distanceTo = engine.distanceFrom(chosen.map(({ vector }) => vector));
      for (const face of faces) {
        if (chosen.includes(face)) continue;
        const distance = distanceTo(face.vector);
        if (face.person === person) trials.own.push({ distance, first: person, second: person });
        else trials.strangers.push({ distance, first: person, second: face.person });
      }
    }
  }
  return trials;
}

/**
 * Searches among enrolled users of `size` faces each. Half of the people who have a face more than that are enrolled,
 * by turns; everybody else is a stranger. A trial is a search: the distance of the nearest user.
 */
export function identify(engine: MeasuredEngine, faces: readonly LabelledFace[], size: number): Trials {
  const trials: Trials = { own: [], strangers: [] };
  const people = byPerson(faces);
  const eligible = [...people.keys()].filter((person) => people.get(person)!.length > size);
  const random = randomNumbers(size);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const chosen = new Set<LabelledFace>();
    const users = shuffled(eligible, random)
      .slice(0, Math.ceil(eligible.length / 2))
      .map((person) => {
        const own = shuffled(people.get(person)!, random).slice(0, size);
        for (const face of own) chosen.add(face);
        return { person, distanceTo: engine.distanceFrom(own.map(({ vector }) => vector)) };
      });
    const enrolled = new Set(users.map(({ person }) => person));
    for (const face of faces) {
      if (chosen.has(face)) continue;
      const found = users.map(({ person, distanceTo }) => ({ person, distance: distanceTo(face.vector) }));
      const nearest = found.reduce((best, user) => (user.distance < best.distance ? user : best));
      const search = { distance: nearest.distance, first: face.person, second: face.person };
      if (!enrolled.has(face.person)) trials.strangers.push(search);
      else if (nearest.person === face.person) trials.own.push(search);
      else trials.own.push({ ...search, distance: Number.POSITIVE_INFINITY });
    }
  }
  return trials;
}

export function byPerson(faces: readonly LabelledFace[]): Map<number, LabelledFace[]> {
  const people = new Map<number, LabelledFace[]>();
  for (const face of faces) people.set(face.person, [...(people.get(face.person) ?? []), face]);
  return people;
}
