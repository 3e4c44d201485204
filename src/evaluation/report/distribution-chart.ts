import { bin } from 'd3-array';
import { area, curveStep, line } from 'd3-shape';
import { CHART_WIDTH, drawAcross, type Extent, similarityAxis } from './axes.js';
import { type ChartText, drawChart, sayNothing } from './chart.js';
import { type Html, html } from './html.js';
import { WAYS, type Way } from './ways.js';
import { count, percent } from './words.js';

export interface DistributionChart extends ChartText {
  /** Similarities, 0 to 100, in any order. */
  similarities: Readonly<Record<Way, readonly number[]>>;
  thresholds: readonly number[];
}

const ACROSS: Extent = [18, CHART_WIDTH - 18];
const TOP = 20;
const BOTTOM = 150;
/** Bars of a histogram: narrow enough to show two humps, wide enough to be more than noise with a few hundred photos. */
const BARS = 46;
/** Room that the number of a threshold takes. */
const NUMBER_WIDTH = 18;

/** How often which similarity was answered: each way's shares of its own, so that their areas are the same. */
export function drawDistribution(chart: DistributionChart): Html {
  const total = WAYS.reduce((sum, way) => sum + chart.similarities[way].length, 0);
  if (total === 0) return sayNothing(chart);
  const axis = similarityAxis(ACROSS);
  const width = (ACROSS[1] - ACROSS[0]) / BARS;
  const binned = bin()
    .domain([...ACROSS])
    .thresholds(Array.from({ length: BARS - 1 }, (_, index) => ACROSS[0] + (index + 1) * width));
  const shares = (way: Way) => {
    const places = chart.similarities[way].map(axis.at);
    return binned(places).map((places_) => places_.length / Math.max(1, places.length));
  };
  const bars = { faces: shares('faces'), users: shares('users') };
  const highest = Math.max(...bars.faces, ...bars.users);
  // A step at both ends brings the outline down to the axis.
  const outline = (way: Way) => [0, ...bars[way], 0].map((share, index) => ({ share, index }));
  const x = ({ index }: { index: number }) => ACROSS[0] + (index - 0.5) * width;
  const y = ({ share }: { share: number }) => BOTTOM - (share / highest) * (BOTTOM - TOP);
  const fill = area<{ share: number; index: number }>().x(x).y0(BOTTOM).y1(y).curve(curveStep).digits(1);
  const edge = line<{ share: number; index: number }>().x(x).y(y).curve(curveStep).digits(1);
  return drawChart(chart, {
    description: inWords(chart),
    bottom: BOTTOM,
    body: html`${drawAcross(axis, [TOP, BOTTOM], 'similarity (stretched at both ends)')}
${drawThresholds(chart.thresholds, axis.at)}
${WAYS.toReversed().map((way) => {
  const points = outline(way);
  return html`<path class="hump ${way}" d="${fill(points) ?? ''}"/><path class="curve ${way}" d="${edge(points) ?? ''}"/>`;
})}`,
  });
}

/** The thresholds as lines, each with its number where that has room. The highest matter most. */
function drawThresholds(thresholds: readonly number[], at: (similarity: number) => number): Html {
  let end = Number.POSITIVE_INFINITY;
  return html`<g class="threshold">${thresholds.toReversed().map((threshold) => {
    const place = at(threshold);
    // A number may stand a little to the left of its line, to leave the one before alone.
    const middle = Math.min(place, end - NUMBER_WIDTH / 2);
    const hasRoom = place - middle < NUMBER_WIDTH / 2;
    if (hasRoom) end = middle - NUMBER_WIDTH / 2;
    const number = html`<text x="${middle}" y="${TOP - 8}" text-anchor="middle">${String(threshold)}</text>`;
    return html`<line x1="${place}" x2="${place}" y1="${TOP - 4}" y2="${BOTTOM}"/>${hasRoom ? number : undefined}`;
  })}</g>`;
}

function inWords({ similarities, thresholds }: DistributionChart): string {
  return WAYS.map((way) => {
    const all = similarities[way];
    const above = thresholds.map((threshold) => {
      const passing = all.filter((similarity) => similarity >= threshold).length;
      return `${percent(passing / all.length)} are ${threshold} or more`;
    });
    return `By ${way}, ${count(all.length, 'similarity', 'similarities')}${all.length > 0 ? `: ${above.join(', ')}` : ''}.`;
  }).join(' ');
}
