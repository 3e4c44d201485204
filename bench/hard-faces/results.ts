import { passingRates, type Rate } from '../accuracy/rates.js';
import type { Outcome } from './measure.js';

/** What became of the portraits that were made hard in one way. */
export interface HardResult {
  name: string;
  tried: number;
  found: number;
  falseFaces: number;
  /** Recognised from this similarity on: how many, and the share with its interval. */
  recognised: Record<string, { faces: number; rate: Rate }>;
  outcomes: readonly Outcome[];
}

/** What was seen in pictures without a face. */
export interface FacelessResult {
  name: string;
  pictures: number;
  picturesWithFaces: number;
  falseFaces: number;
}

/** What was seen in pictures of faces that are no person's. */
export interface NobodyResult {
  kind: string;
  pictures: number;
  /** In which a face was seen, and of which IndexFaces would store one, with its default filter. */
  seen: number;
  stored: number;
}

const SIMILARITIES = [80, 90];

export function summarize(name: string, outcomes: readonly Outcome[]): HardResult {
  // The function takes distances: the less similar, the farther.
  const trials = outcomes.map(({ person, similarity }) => ({
    distance: 100 - similarity,
    first: person,
    second: person,
  }));
  const rates = passingRates(
    trials,
    SIMILARITIES.map((wanted) => 100 - wanted),
  );
  return {
    name,
    tried: outcomes.length,
    found: outcomes.filter(({ found }) => found).length,
    falseFaces: outcomes.reduce((sum, { falseFaces }) => sum + falseFaces, 0),
    recognised: Object.fromEntries(
      SIMILARITIES.map((wanted, i) => [
        wanted,
        { faces: outcomes.filter(({ similarity }) => similarity >= wanted).length, rate: rates[i]! },
      ]),
    ),
    outcomes,
  };
}

export function toTables(
  hard: readonly HardResult[],
  faceless: readonly FacelessResult[],
  nobody: readonly NobodyResult[],
): string {
  return [
    ...table(
      ['portraits', 'tried', 'found', 'false faces', ...SIMILARITIES.map((each) => `recognised at ${each}`)],
      hard.map(({ name, tried, found, falseFaces, recognised }) => [
        name,
        tried,
        found,
        falseFaces,
        ...SIMILARITIES.map((each) => recognisedAs(recognised[each]!)),
      ]),
    ),
    '',
    ...table(
      ['pictures without a face', 'tried', 'false faces', 'in pictures'],
      faceless.map(({ name, pictures, falseFaces, picturesWithFaces }) => [
        name,
        pictures,
        falseFaces,
        picturesWithFaces,
      ]),
    ),
    '',
    ...table(
      ['faces of no person', 'pictures', 'a face is seen', 'a face is stored'],
      nobody.map(({ kind, pictures, seen, stored }) => [kind, pictures, seen, stored]),
    ),
  ].join('\n');
}

function recognisedAs({ faces, rate: { value, from, to } }: HardResult['recognised'][string]): string {
  if (Number.isNaN(value)) return '';
  const percent = (ratio: number) => (100 * ratio).toFixed(0);
  return `${faces}: ${percent(value)} % (${percent(from)} to ${percent(to)})`;
}

function table(head: readonly string[], rows: readonly (string | number)[][]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
