import type { Estimate } from '../../src/evaluation/evaluation.js';
import type { Measurement, PassedBySimilarity, Rate } from './measure.js';

/** Measurements of several engines side by side, as Markdown. */
export function toTables(measurements: readonly Measurement[]): string {
  const engines = measurements.map(({ engine }) => engine);
  const lines = [
    ...table(
      'Faces found',
      ['', ...engines],
      [
        ['portraits in which a face was found', ...measurements.map(ofPortraits)],
        ['faces of photos with a known number', ...measurements.map(ofCounted)],
        ['seconds', ...measurements.map(({ seconds }) => seconds.toFixed(0))],
      ],
    ),
    ...table(
      'People recognised, when one comparison in so many with a stranger passes',
      ['', '1 in', ...engines],
      ratesOf(measurements, ({ comparisons }, title) => comparisons[title]?.trueAcceptRates),
    ),
    ...table(
      'People named rightly among those enrolled, when one search in so many for a stranger names somebody',
      ['', '1 in', ...engines],
      ratesOf(measurements, ({ identification }, title) => identification[title]?.truePositiveRates),
    ),
  ];
  for (const { engine, thresholds = {}, searches = {}, similarities = {}, groups = [] } of measurements) {
    const compared = rowsOf(thresholds, oneIn);
    if (compared.length > 0)
      lines.push(
        ...table(
          `What a similarity lets pass (${engine})`,
          ['', 'from', 'same person', 'strangers, 1 in'],
          compared,
        ),
      );
    const named = rowsOf(searches, percent);
    if (named.length > 0)
      lines.push(
        ...table(
          `What a search names (${engine})`,
          ['', 'from', 'the right person', 'somebody, for a stranger'],
          named,
        ),
      );
    const means = Object.entries(similarities).map(([title, { own, strangers }]) => [
      title,
      mean(own),
      mean(strangers),
    ]);
    if (means.length > 0)
      lines.push(
        ...table(
          `Mean similarity of searches (${engine})`,
          ['among', 'to the same person', 'to the most alike stranger'],
          means,
        ),
      );
    for (const { image, present, named: names } of groups)
      lines.push(`${image}: ${present.join(', ')} are there; named: ${names.join(', ') || 'nobody'}`);
  }
  for (const { engine, portraits } of measurements)
    for (const path of portraits.missed) lines.push(`${engine} found no face in ${path}`);
  return lines.join('\n');
}

function ratesOf(
  measurements: readonly Measurement[],
  read: (measurement: Measurement, title: string) => Record<string, Rate> | undefined,
): string[][] {
  const titles = new Set(measurements.flatMap(({ comparisons }) => Object.keys(comparisons)));
  return [...titles].flatMap((title) => {
    const columns = measurements.map((measurement) => read(measurement, title) ?? {});
    // Largest first: an object's keys keep no order of numbers.
    const falseRates = Object.keys(columns[0] ?? {}).sort((a, b) => Number(b) - Number(a));
    return falseRates.map((falseRate) => [
      title,
      String(Math.round(1 / Number(falseRate))),
      ...columns.map((rates) => percent(rates[falseRate])),
    ]);
  });
}

/** A row for each similarity. */
function rowsOf(passed: Record<string, PassedBySimilarity>, ofStrangers: (rate: Rate) => string): string[][] {
  return Object.entries(passed).flatMap(([title, bySimilarity]) =>
    Object.entries(bySimilarity).map(([similarity, { own, strangers }]) => [
      title,
      similarity,
      percent(own),
      ofStrangers(strangers),
    ]),
  );
}

function ofPortraits({ portraits: { found, photos } }: Measurement): string {
  return `${found} of ${photos}`;
}

function ofCounted({ counted: { faces, found, missed, surplus } }: Measurement): string {
  return `${found - surplus} of ${faces}, ${missed} missed, ${surplus} too many`;
}

function percent(rate: Rate): string {
  return between(rate, (ratio) => (100 * ratio).toFixed(1), ' %');
}

function mean(rate: Rate): string {
  return between(rate, (similarity) => similarity.toFixed(1));
}

function oneIn(rate: Rate): string {
  const text = (ratio: number) => (ratio === 0 ? 'none' : Math.round(1 / ratio).toLocaleString('en'));
  return between(rate && { value: rate.value, from: rate.to, to: rate.from }, text);
}

function between(rate: Estimate | undefined, text: (value: number) => string, unit = ''): string {
  return rate ? `${text(rate.value)}${unit} (${text(rate.from)} to ${text(rate.to)})` : '';
}

/** A table in Markdown. */
export function table(title: string, head: readonly string[], rows: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [`\n${title}\n`, line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
