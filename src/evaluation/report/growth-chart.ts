import { line } from 'd3-shape';
import type { Estimate } from '../evaluation.js';
import { CHART_WIDTH, countAxis, drawAcross, drawUp, type Extent, shareAxis } from './axes.js';
import { type ChartText, drawChart, sayNothing } from './chart.js';
import { type Html, html } from './html.js';
import { drawMark, WAYS, type Way } from './ways.js';
import { percent } from './words.js';

export interface GrowthChart extends ChartText {
  axisLabel: string;
  /** By number, smallest first. */
  steps: readonly ({ readonly number: number } & Readonly<Partial<Record<Way, Estimate>>>)[];
}

const ACROSS: Extent = [54, CHART_WIDTH - 20];
/** Keeps the first and the last mark off the edges. */
const INSET = 16;
const TOP = 10;
const BOTTOM = 150;
/** Half of what stands between faces and users of one number, so that neither interval covers the other. */
const APART = 4;

/** What a share becomes as there is more of something. */
export function drawGrowth(chart: GrowthChart): Html {
  const steps = chart.steps.filter(({ faces, users }) => faces ?? users);
  if (steps.length === 0) return sayNothing(chart);
  const estimates = steps.flatMap(({ faces, users }) => [faces, users].filter((one) => one !== undefined));
  const across = countAxis(
    steps.map(({ number }) => number),
    [ACROSS[0] + INSET, ACROSS[1] - INSET],
  );
  const up = shareAxis(
    estimates.flatMap(({ from, to }) => [from, to]),
    [BOTTOM, TOP],
  );
  const curves = WAYS.map((way, index) => {
    const points = steps.flatMap(({ number, [way]: estimate }) =>
      estimate ? [{ x: across.at(number) + (2 * index - 1) * APART, estimate }] : [],
    );
    const draw = line<(typeof points)[number]>()
      .x(({ x }) => x)
      .y(({ estimate }) => up.at(estimate.value))
      .digits(1);
    return html`<path class="curve ${way}" d="${draw(points) ?? ''}"/>${points.map(
      ({ x, estimate }) =>
        html`<line class="interval ${way}" x1="${x}" x2="${x}" y1="${up.at(estimate.from)}" y2="${up.at(estimate.to)}"/>${drawMark(way, x, up.at(estimate.value))}`,
    )}`;
  });
  return drawChart(chart, {
    description: steps.map((step) => inWords(step)).join(' '),
    bottom: BOTTOM,
    body: html`${drawAcross(across, [TOP, BOTTOM], chart.axisLabel)}${drawUp(up, ACROSS)}${curves}`,
  });
}

function inWords({ number, faces, users }: GrowthChart['steps'][number]): string {
  const write = (estimate: Estimate | undefined) => (estimate ? percent(estimate.value) : 'not known');
  return `With ${number}: by faces ${write(faces)}, by users ${write(users)}.`;
}
