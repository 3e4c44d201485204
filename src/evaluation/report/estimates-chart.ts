import type { Estimate } from '../evaluation.js';
import { type Axis, CHART_WIDTH, drawAcross, type Extent } from './axes.js';
import { type ChartText, drawChart, sayNothing } from './chart.js';
import { type Html, html } from './html.js';
import { drawMark, WAYS, type Way } from './ways.js';

/** What both ways came to, of one thing. */
export interface Pair extends Readonly<Partial<Record<Way, Estimate>>> {
  readonly label: string;
}

export interface EstimatesChart extends ChartText {
  axisLabel: string;
  pairs: readonly Pair[];
  axis: (values: readonly number[], extent: Extent) => Axis;
  /** How a value is written. */
  write: (value: number) => string;
}

const LINE_HEIGHT = 20;
const PAIR_HEIGHT = 2 * LINE_HEIGHT + 12;
const TOP = 4;
/** Where values are drawn: at the left stand the labels, at the right the values in digits. */
const EXTENT: Extent = [58, 256];

/** Values and their intervals, those of users below those of faces: a line leads from the one to the other. */
export function drawEstimates(chart: EstimatesChart): Html {
  const pairs = chart.pairs.filter(({ faces, users }) => faces ?? users);
  if (pairs.length === 0) return sayNothing(chart);
  const estimates = pairs.flatMap(({ faces, users }) => [faces, users].filter((one) => one !== undefined));
  const axis = chart.axis(
    estimates.flatMap(({ from, to }) => [from, to]),
    EXTENT,
  );
  const bottom = TOP + pairs.length * PAIR_HEIGHT;
  return drawChart(chart, {
    description: pairs.map((pair) => inWords(pair, chart.write)).join(' '),
    bottom,
    body: html`${drawAcross(axis, [TOP, bottom], chart.axisLabel)}${pairs.map((pair, index) =>
      drawPair(pair, axis, TOP + index * PAIR_HEIGHT, chart.write),
    )}`,
  });
}

function drawPair(pair: Pair, axis: Axis, top: number, write: (value: number) => string): Html {
  const lines = WAYS.flatMap((way, index) => {
    const estimate = pair[way];
    return estimate ? [{ way, estimate, y: top + 6 + (index + 0.5) * LINE_HEIGHT }] : [];
  });
  const [first, last] = [lines[0]!, lines.at(-1)!];
  const middle = top + PAIR_HEIGHT / 2;
  return html`<text x="0" y="${middle + 4}">${pair.label}</text>
<line class="step" x1="${axis.at(first.estimate.value)}" y1="${first.y}" x2="${axis.at(last.estimate.value)}" y2="${last.y}"/>
${lines.map(
  ({ way, estimate, y }) =>
    html`<line class="interval ${way}" x1="${axis.at(estimate.from)}" x2="${axis.at(estimate.to)}" y1="${y}" y2="${y}"/>${drawMark(way, axis.at(estimate.value), y)}<text class="value" x="${CHART_WIDTH}" y="${y + 4}" text-anchor="end">${write(estimate.value)}</text>`,
)}`;
}

function inWords({ label, faces, users }: Pair, write: (value: number) => string): string {
  const values = Object.entries({ faces, users }).map(([way, estimate]) =>
    estimate
      ? `by ${way} ${write(estimate.value)}, between ${write(estimate.from)} and ${write(estimate.to)}`
      : `by ${way} not known`,
  );
  return `${label}: ${values.join('; ')}.`;
}
