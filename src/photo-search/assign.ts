import { munkres } from 'munkres';

/**
 * What it costs to give a face somebody it is not like. That has to be dearer than a similarity of 0, or a face could go
 * without its match; and too cheap to outweigh a difference of similarities.
 */
const NOT_ALIKE = 1e-9;

/**
 * Gives each face one person at most, and each person to one face at most, so that the similarities add up to the most
 * that is possible (the assignment problem). Among equally good ways it takes the same one every time.
 *
 * @param similarities for each face, how alike it is to whom: 0 to 100
 * @returns for each face its person
 */
export function assign(similarities: readonly ReadonlyMap<string, number>[]): (string | undefined)[] {
  const faces = similarities.length;
  // No face has to go further down its list than there are faces: the others leave it one of so many.
  const choices = similarities.map((alike) => new Map([...alike].sort(mostAlike).slice(0, faces)));
  const people = [...new Set(choices.flatMap((alike) => [...alike.keys()]))].sort();
  if (people.length === 0) return similarities.map(() => undefined);
  const costs = choices.map((alike) =>
    people.map((person) => {
      const similarity = alike.get(person);
      return similarity === undefined ? NOT_ALIKE : -similarity;
    }),
  );
  const given = new Map(munkres(costs));
  return choices.map((alike, face) => {
    const person = people[given.get(face) ?? -1];
    return person !== undefined && alike.has(person) ? person : undefined;
  });
}

function mostAlike([one, similarity]: [string, number], [other, otherSimilarity]: [string, number]): number {
  return otherSimilarity - similarity || (one < other ? -1 : 1);
}
