import type { Estimate } from '../evaluation.js';

/** Keeps a number and its sign on one line. */
const NO_BREAK = '\u00a0';

/**
 * A share as a percentage. Near 0 and 100 it has as many digits as it takes to tell it from them: 99.98 % is not
 * 100 %.
 *
 * @param share 0 to 1
 */
export function percent(share: number): string {
  return `${percentNumber(share)}${NO_BREAK}%`;
}

function percentNumber(share: number): string {
  const value = 100 * share;
  const toEdge = Math.min(value, 100 - value);
  // Shares are quotients of counts: what is nearer to an edge than this is rounding.
  if (toEdge < 1e-9) return value > 50 ? '100' : '0';
  return value.toFixed(toEdge >= 1 ? 1 : 1 - Math.floor(Math.log10(toEdge)));
}

/** A round share, as axes and wishes have them: `5 %`. */
export function roundPercent(share: number): string {
  return `${Number((100 * share).toPrecision(12))}${NO_BREAK}%`;
}

/** Where the interval of a share begins and ends: `97.1–98.5 %`. */
export function percentRange({ from, to }: Estimate): string {
  return `${percentNumber(from)}–${percent(to)}`;
}

/** A similarity, 0 to 100, with two digits near 100, as that is where thresholds differ by hundredths. */
export function similarity(value: number): string {
  return value >= 90 && value < 100 ? value.toFixed(2) : value.toFixed(1);
}

/** How many of something: `1 photo`, `5,000 photos`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')}${NO_BREAK}${number === 1 ? one : many}`;
}

/** A list as a sentence has it: `80, 90 and 99`. */
export function listed(parts: readonly string[], word = 'and'): string {
  return new Intl.ListFormat('en', { type: word === 'and' ? 'conjunction' : 'disjunction' })
    .format(parts)
    .replace(/, (and|or) /, ' $1 ');
}
