import { munkres } from 'munkres';

/** Dearer than any match, so that nobody goes without who could have one; too little to outweigh a similarity. */
const NOBODY = 1e-9;

/**
 * Gives each face one person at most, and each person to one face at most, so that the similarities add up to the most
 * that is possible (the assignment problem). Among equally good ways it takes the same one every time.
 *
 * @param similarities for each face, how alike it is to whom: 0 to 100
 * @returns for each face its person
 */
export function assign(similarities: readonly ReadonlyMap<string, number>[]): (string | undefined)[] {
  const faces = similarities.length;
  // Further down its list no face has to go: one of so many is left by all the others.
  const choices = similarities.map((alike) => new Map([...alike].sort(mostAlike).slice(0, faces)));
  const people = [...new Set(choices.flatMap((alike) => [...alike.keys()]))].sort();
  if (people.length === 0) return similarities.map(() => undefined);
  const given = new Map(
    munkres(choices.map((alike) => people.map((person) => -(alike.get(person) ?? -NOBODY)))),
  );
  return choices.map((alike, face) => {
    const person = people[given.get(face) ?? -1];
    return person !== undefined && alike.has(person) ? person : undefined;
  });
}

function mostAlike([one, similarity]: [string, number], [other, otherSimilarity]: [string, number]): number {
  return otherSimilarity - similarity || (one < other ? -1 : 1);
}
