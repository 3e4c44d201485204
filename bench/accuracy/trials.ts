import type { MeasuredEngine } from './engine.js';
import { randomNumbers, shuffled } from './random.js';
import type { Trials } from './rates.js';

/** A face whose person is known. */
export interface LabelledFace<Face> {
  /** By number. */
  person: number;
  face: Face;
}

type Comparison<Face> = Pick<MeasuredEngine<Face>, 'distanceFrom'>;

/** Users of a given size are made from different choices of a person's faces, this many times each. */
const CHOICES = 5;
/** Halves of the people are enrolled, the others are strangers, this many times. */
const HALVINGS = 20;

/** Every face against every other. */
export function compareFaces<Face>(engine: Comparison<Face>, faces: readonly LabelledFace<Face>[]): Trials {
  const trials: Trials = { own: [], strangers: [] };
  faces.forEach(({ person, face }, i) => {
    const distanceTo = engine.distanceFrom([face]);
    for (const other of faces.slice(0, i)) {
      const distance = distanceTo(other.face);
      if (other.person === person) trials.own.push({ distance, first: person, second: person });
      else trials.strangers.push({ distance, first: person, second: other.person });
    }
  });
  return trials;
}

/** Every face against users of `size` faces, of which it is none. */
export function compareUsers<Face>(
  engine: Comparison<Face>,
  faces: readonly LabelledFace<Face>[],
  size: number,
): Trials {
  const trials: Trials = { own: [], strangers: [] };
  for (const [person, own] of byPerson(faces)) {
    if (own.length <= size) continue;
    for (let choice = 0; choice < CHOICES; choice++) {
      const start = Math.floor((choice * own.length) / CHOICES);
      const chosen = Array.from({ length: size }, (_, i) => own[(start + i) % own.length]!);
      const distanceTo = engine.distanceFrom(chosen.map(({ face }) => face));
      for (const other of faces) {
        if (chosen.includes(other)) continue;
        const distance = distanceTo(other.face);
        if (other.person === person) trials.own.push({ distance, first: person, second: person });
        else trials.strangers.push({ distance, first: person, second: other.person });
      }
    }
  }
  return trials;
}

/**
 * Searches among enrolled users of `size` faces each. Half of the people who have a face more than that are enrolled,
 * by turns; everybody else is a stranger. A trial is a search: the distance of the nearest user.
 */
export function identify<Face>(
  engine: Comparison<Face>,
  faces: readonly LabelledFace<Face>[],
  size: number,
): Trials {
  const trials: Trials = { own: [], strangers: [] };
  const people = byPerson(faces);
  const eligible = [...people.keys()].filter((person) => people.get(person)!.length > size);
  const random = randomNumbers(size);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const chosen = new Set<LabelledFace<Face>>();
    const users = shuffled(eligible, random)
      .slice(0, Math.ceil(eligible.length / 2))
      .map((person) => {
        const own = shuffled(people.get(person)!, random).slice(0, size);
        for (const each of own) chosen.add(each);
        return { person, distanceTo: engine.distanceFrom(own.map(({ face }) => face)) };
      });
    const enrolled = new Set(users.map(({ person }) => person));
    for (const searched of faces) {
      if (chosen.has(searched)) continue;
      const { person: first, face } = searched;
      const found = users.map(({ person, distanceTo }) => ({ person, distance: distanceTo(face) }));
      const nearest = found.reduce((best, user) => (user.distance < best.distance ? user : best));
      const search = { distance: nearest.distance, first, second: first };
      if (!enrolled.has(first)) trials.strangers.push(search);
      else if (nearest.person === first) trials.own.push(search);
      else trials.own.push({ ...search, distance: Number.POSITIVE_INFINITY });
    }
  }
  return trials;
}

/**
 * The same searches among users of `size` faces each, and among these faces one by one. `own` has the distances from
 * the searched person's, `strangers` that of the nearest of somebody else.
 */
export function searchBothWays<Face>(
  engine: Comparison<Face>,
  faces: readonly LabelledFace<Face>[],
  size: number,
): { faces: Trials; users: Trials } {
  const eligible = [...byPerson(faces)].filter(([, own]) => own.length > size);
  const enrolled = eligible.map(([person, own]) => {
    const chosen = own.slice(0, size).map(({ face }) => face);
    return {
      person,
      user: engine.distanceFrom(chosen),
      faces: chosen.map((face) => engine.distanceFrom([face])),
    };
  });
  const search = (distancesFrom: (each: (typeof enrolled)[number]) => ((face: Face) => number)[]): Trials => {
    const trials: Trials = { own: [], strangers: [] };
    for (const [first, own] of eligible)
      for (const { face } of own.slice(size)) {
        let nearest = Number.POSITIVE_INFINITY;
        for (const each of enrolled)
          for (const distanceTo of distancesFrom(each)) {
            const distance = distanceTo(face);
            if (each.person === first) trials.own.push({ distance, first, second: first });
            else nearest = Math.min(nearest, distance);
          }
        trials.strangers.push({ distance: nearest, first, second: first });
      }
    return trials;
  };
  return { faces: search((each) => each.faces), users: search((each) => [each.user]) };
}

export function byPerson<Face>(faces: readonly LabelledFace<Face>[]): Map<number, LabelledFace<Face>[]> {
  const people = new Map<number, LabelledFace<Face>[]>();
  for (const each of faces) people.set(each.person, [...(people.get(each.person) ?? []), each]);
  return people;
}
