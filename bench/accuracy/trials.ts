import { randomNumbers, shuffled } from '../../src/evaluation/random.js';
import { Trials } from '../../src/evaluation/trials.js';
import type { MeasuredEngine } from './engine.js';

/** A face whose person is known. */
export interface LabelledFace<Face> {
  /** By number. */
  person: number;
  face: Face;
}

/** Comparisons of people with themselves, and with strangers. */
export interface BothTrials {
  own: Trials;
  strangers: Trials;
}

type Comparison<Face> = Pick<MeasuredEngine<Face>, 'compare'>;
type Faces<Face> = readonly LabelledFace<Face>[];

/** Users of a given size are made from different choices of a person's faces, this many times each. */
const CHOICES = 5;
/** Halves of the people are enrolled, the others are strangers, this many times. */
const HALVINGS = 20;

/** Every face against every other. */
export async function compareFaces<Face>(engine: Comparison<Face>, faces: Faces<Face>): Promise<BothTrials> {
  const trials = noTrials();
  const rows = await compare(
    engine,
    faces.map((each) => [each]),
    faces,
  );
  faces.forEach(({ person }, i) => {
    for (let j = 0; j < i; j++) add(trials, rows[j]![i]!, person, faces[j]!.person);
  });
  return trials;
}

/** Every face against users of `size` faces, of which it is none. */
export async function compareUsers<Face>(
  engine: Comparison<Face>,
  faces: Faces<Face>,
  size: number,
): Promise<BothTrials> {
  const trials = noTrials();
  const people = [...byPerson(faces)].filter(([, own]) => own.length > size);
  for (let choice = 0; choice < CHOICES; choice++) {
    const users = people.map(([, own]) => {
      const start = Math.floor((choice * own.length) / CHOICES);
      return Array.from({ length: size }, (_, i) => own[(start + i) % own.length]!);
    });
    const rows = await compare(engine, users, faces);
    faces.forEach((other, i) => {
      people.forEach(([person], user) => {
        if (!users[user]!.includes(other)) add(trials, rows[i]![user]!, person, other.person);
      });
    });
  }
  return trials;
}

/**
 * Searches among enrolled users of `size` faces each. Half of the people who have a face more than that are enrolled,
 * by turns; everybody else is a stranger. A trial is a search: the similarity of the most alike user.
 */
export async function identify<Face>(
  engine: Comparison<Face>,
  faces: Faces<Face>,
  size: number,
): Promise<BothTrials> {
  const trials = noTrials();
  const people = byPerson(faces);
  const eligible = [...people.keys()].filter((person) => people.get(person)!.length > size);
  const random = randomNumbers(size);
  for (let halving = 0; halving < HALVINGS; halving++) {
    const enrolled = shuffled(eligible, random).slice(0, Math.ceil(eligible.length / 2));
    const users = enrolled.map((person) => shuffled(people.get(person)!, random).slice(0, size));
    const chosen = new Set(users.flat());
    const searched = faces.filter((face) => !chosen.has(face));
    const rows = await compare(engine, users, searched);
    searched.forEach(({ person }, i) => {
      const row = rows[i]!;
      const best = row.reduce((best, similarity, user) => (similarity > row[best]! ? user : best), 0);
      if (!enrolled.includes(person)) trials.strangers.add(row[best]!, person);
      else trials.own.add(enrolled[best] === person ? row[best]! : Number.NEGATIVE_INFINITY, person);
    });
  }
  return trials;
}

/**
 * The same searches among users of `size` faces each, and among these faces one by one. `own` has the similarities to
 * the searched person's, `strangers` that of the most alike of somebody else.
 */
export async function searchBothWays<Face>(
  engine: Comparison<Face>,
  faces: Faces<Face>,
  size: number,
): Promise<{ faces: BothTrials; users: BothTrials }> {
  const eligible = [...byPerson(faces).values()].filter((own) => own.length > size);
  const users = eligible.map((own) => own.slice(0, size));
  const searched = eligible.flatMap((own) => own.slice(size));
  const search = async (groups: readonly Faces<Face>[]): Promise<BothTrials> => {
    const trials = noTrials();
    const rows = await compare(engine, groups, searched);
    searched.forEach(({ person }, i) => {
      let most = Number.NEGATIVE_INFINITY;
      groups.forEach(([first], group) => {
        const similarity = rows[i]![group]!;
        if (first!.person === person) trials.own.add(similarity, person);
        else most = Math.max(most, similarity);
      });
      trials.strangers.add(most, person);
    });
    return trials;
  };
  return { faces: await search(users.flat().map((each) => [each])), users: await search(users) };
}

export function byPerson<Face>(faces: Faces<Face>): Map<number, LabelledFace<Face>[]> {
  const people = new Map<number, LabelledFace<Face>[]>();
  for (const each of faces) people.set(each.person, [...(people.get(each.person) ?? []), each]);
  return people;
}

function compare<Face>(engine: Comparison<Face>, users: readonly Faces<Face>[], faces: Faces<Face>) {
  const facesOf = (labelled: Faces<Face>) => labelled.map(({ face }) => face);
  return engine.compare(users.map(facesOf), facesOf(faces));
}

function noTrials(): BothTrials {
  return { own: new Trials(), strangers: new Trials() };
}

function add({ own, strangers }: BothTrials, similarity: number, person: number, other: number): void {
  if (other === person) own.add(similarity, person);
  else strangers.add(similarity, person, other);
}
