import type { Estimate } from '../../src/evaluation/evaluation.js';
import { passingRates } from '../../src/evaluation/statistics.js';
import { Trials } from '../../src/evaluation/trials.js';
import type { Outcome } from './measure.js';

/** What became of the portraits that were made hard in one way. */
export interface HardResult {
  name: string;
  tried: number;
  found: number;
  falseFaces: number;
  /** Recognised from this similarity on: how many, and the share with its interval. */
  recognised: Record<string, { faces: number; rate: Estimate | undefined }>;
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
  const trials = new Trials();
  for (const { person, similarity } of outcomes) trials.add(similarity, person);
  const rates = passingRates(trials, SIMILARITIES);
  return {
    name,
    tried: outcomes.length,
    found: outcomes.filter(({ found }) => found).length,
    falseFaces: outcomes.reduce((sum, { falseFaces }) => sum + falseFaces, 0),
    recognised: Object.fromEntries(
      SIMILARITIES.map((wanted, i) => [
        wanted,
        { faces: outcomes.filter(({ similarity }) => similarity >= wanted).length, rate: rates[i] },
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

function recognisedAs({ faces, rate }: HardResult['recognised'][string]): string {
  if (!rate) return '';
  const percent = (ratio: number) => (100 * ratio).toFixed(0);
  return `${faces}: ${percent(rate.value)} % (${percent(rate.from)} to ${percent(rate.to)})`;
}

function table(head: readonly string[], rows: readonly (string | number)[][]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
