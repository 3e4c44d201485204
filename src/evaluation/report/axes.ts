import { scaleLinear, scaleLog } from 'd3-scale';
import { type Html, html } from './html.js';
import { roundPercent } from './words.js';

/**
 * Width of every chart, in units of its drawing: about what a phone is wide, so that letters are as large there as
 * they are meant to be, and little larger on a desk, where charts stand side by side.
 */
export const CHART_WIDTH = 320;

/** From where to where an axis runs, in units of the drawing. */
export type Extent = readonly [start: number, end: number];

/** Places values along one side of a chart. Those beyond its ends are placed at the ends. */
export interface Axis {
  at(value: number): number;
  readonly extent: Extent;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Shares on an axis that begins and ends at round numbers. */
export function shareAxis(shares: readonly number[], extent: Extent): Axis {
  const [lowest, highest] = [Math.min(...shares, 1), Math.max(...shares, 0)];
  // Where all are the same there still has to be something to see.
  const span = Math.max(highest - lowest, 0.01);
  const scale = scaleLinear([Math.max(0, lowest - span / 5), Math.min(1, highest + span / 5)], extent)
    .nice(4)
    .clamp(true);
  return {
    at: scale,
    extent,
    ticks: scale.ticks(4).map((tick) => ({ at: scale(tick), label: roundPercent(tick) })),
  };
}

/** Small shares, each decade as wide as the next. 0 is infinitely far; it stands at the low end, where nothing else does. */
export function logShareAxis(shares: readonly number[], extent: Extent): Axis {
  const smallest = Math.min(...shares.filter((share) => share > 0), 0.1);
  const decadesDown = Math.floor(-Math.log10(smallest) + 1e-9) + 1;
  const scale = scaleLog([10 ** -decadesDown, 1], extent).clamp(true);
  const step = Math.ceil(decadesDown / 5);
  const decades = Array.from({ length: decadesDown }, (_, index) => index).filter(
    (index) => index % step === 0,
  );
  return {
    at: (share) => (share > 0 ? scale(share) : extent[0]),
    extent,
    ticks: [
      ...decades.map((decade) => ({ at: scale(10 ** -decade), label: roundPercent(10 ** -decade) })),
      { at: extent[0], label: 'none' },
    ],
  };
}

/** What `logit` gives for the similarities at the ends of an axis. */
const ENDS = [0.01, 99.99] as const;
const SIMILARITY_TICKS = [0.01, 0.1, 1, 10, 50, 90, 99, 99.9, 99.99];

/**
 * Similarities from 0.01 to 99.99, stretched at both ends, where they crowd: from 99 to 99.9 is as far as from 90 to
 * 99. What lies beyond is placed at the ends.
 */
export function similarityAxis(extent: Extent): Axis {
  const scale = scaleLinear(ENDS.map(logit), extent).clamp(true);
  const at = (similarity: number) => scale(logit(similarity));
  return { at, extent, ticks: SIMILARITY_TICKS.map((tick) => ({ at: at(tick), label: String(tick) })) };
}

function logit(similarity: number): number {
  return Math.log(similarity / (100 - similarity));
}

/** Numbers of something that doubles: each step as wide as the next. */
export function countAxis(counts: readonly number[], extent: Extent): Axis {
  const scale = scaleLog([counts[0]!, counts.at(-1)!], extent);
  return { at: scale, extent, ticks: counts.map((number) => ({ at: scale(number), label: String(number) })) };
}

/**
 * Lines up a chart from its bottom, and labels below it.
 *
 * @param vertical where the lines run
 */
export function drawAcross({ ticks }: Axis, [top, bottom]: Extent, label: string): Html {
  return html`<g class="axis">${ticks.map(
    ({ at }) => html`<line x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/>`,
  )}${withRoom(ticks).map(
    (tick) => html`<text x="${tick.at}" y="${bottom + 15}" text-anchor="middle">${tick.label}</text>`,
  )}<text x="${CHART_WIDTH / 2}" y="${bottom + 33}" text-anchor="middle">${label}</text></g>`;
}

/** Lines across a chart, and labels at their left. */
export function drawUp({ ticks }: Axis, [left, right]: Extent): Html {
  return html`<g class="axis">${ticks.map(
    ({ at, label }) =>
      html`<line x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text x="${left - 6}" y="${at + 4}" text-anchor="end">${label}</text>`,
  )}</g>`;
}

/** Width of a letter of a label and of the space around it, in units of the drawing. */
const LETTER = 6;

/** The labels that have room beside the one before. */
function withRoom(ticks: Axis['ticks']): Axis['ticks'] {
  let end = Number.NEGATIVE_INFINITY;
  return ticks
    .toSorted((a, b) => a.at - b.at)
    .filter(({ at, label }) => {
      const half = (label.length * LETTER) / 2;
      if (at - half < end) return false;
      end = at + half + LETTER / 2;
      return true;
    });
}
