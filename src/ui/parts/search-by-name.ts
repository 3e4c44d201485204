/** Letters that are written for others, where a keyboard has none of these: Unicode does not decompose them. */
const WRITTEN_AS: Record<string, string> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/** A name as one searches for it: no matter the case, accents, or characters that are not seen. */
export function toSearchable(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[ßøłđðæœı]/g, (letter) => WRITTEN_AS[letter]!);
}

/** Those who have every word of what was typed in their name. */
export function searchByName<Person extends { searchable: string }>(
  people: readonly Person[],
  typed: string,
): readonly Person[] {
  const words = toSearchable(typed).split(/\s+/).filter(Boolean);
  return words.length === 0
    ? people
    : people.filter(({ searchable }) => words.every((word) => searchable.includes(word)));
}
