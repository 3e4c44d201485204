import { line } from 'd3-shape';
import { CHART_WIDTH, drawAcross, drawUp, type Extent, logShareAxis, shareAxis } from './axes.js';
import { type ChartText, drawChart, sayNothing } from './chart.js';
import { type Html, html } from './html.js';
import { drawMark, WAYS, type Way } from './ways.js';
import { percent } from './words.js';

/** What a threshold lets pass of what should not, and of what should: shares, 0 to 1. */
export interface Trade {
  readonly threshold: number;
  readonly wrong: number;
  readonly right: number;
}

export interface CurveChart extends ChartText {
  /** What `wrong` is a share of, in words. */
  axisLabel: string;
  curves: Readonly<Record<Way, readonly Trade[]>>;
  /** Where marks are set on the curves. */
  marked: Readonly<Record<Way, readonly Trade[]>>;
}

const ACROSS: Extent = [54, CHART_WIDTH - 20];
const TOP = 10;
const BOTTOM = 190;

/** What is gained for what is risked, at every threshold: the higher and the further left, the better. */
export function drawCurves(chart: CurveChart): Html {
  const trades = WAYS.flatMap((way) => [...chart.curves[way], ...chart.marked[way]]);
  if (trades.length === 0) return sayNothing(chart);
  const across = logShareAxis(wrongShares(trades), ACROSS);
  // At thresholds where nearly nothing passes, little is seen of what is right, and nobody would work there.
  const worthwhile = WAYS.flatMap((way) => chart.marked[way]).map(({ right }) => right);
  const up = shareAxis([1, ...worthwhile], [BOTTOM, TOP]);
  const draw = line<Trade>()
    .x(({ wrong }) => across.at(wrong))
    .y(({ right }) => up.at(right))
    .digits(1);
  const marks = WAYS.flatMap((way) =>
    chart.marked[way].map(({ threshold, wrong, right }) => ({
      way,
      threshold,
      x: across.at(wrong),
      y: up.at(right),
    })),
  );
  return drawChart(chart, {
    description: inWords(chart),
    bottom: BOTTOM,
    body: html`${drawAcross(across, [TOP, BOTTOM], chart.axisLabel)}${drawUp(up, ACROSS)}
${WAYS.map((way) => html`<path class="curve ${way}" d="${draw(thinned(chart.curves[way], across.at, up.at)) ?? ''}"/>`)}
${marks.map(({ way, x, y }) => drawMark(way, x, y))}
${labelsOf(marks).map(({ text, x, y }) => html`<text class="point" x="${x}" y="${y + 4}" text-anchor="middle">${text}</text>`)}`,
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a label may stand about its mark. */
const AROUND: readonly Place[] = [
  { x: 15, y: 0 },
  { x: -15, y: 0 },
  { x: 0, y: -13 },
  { x: 0, y: 13 },
];

/** The thresholds of marks, where they cover neither a mark nor each other. One that has no room is left out. */
function labelsOf(marks: readonly (Place & { readonly threshold: number })[]): (Place & { text: string })[] {
  const taken: Place[] = [...marks];
  return marks.flatMap(({ x, y, threshold }) => {
    const free = AROUND.map((by) => ({ x: x + by.x, y: y + by.y })).find(
      (place) =>
        place.x > ACROSS[0] + 9 &&
        place.x < ACROSS[1] &&
        taken.every((other) => Math.abs(other.x - place.x) > 14 || Math.abs(other.y - place.y) > 11),
    );
    if (!free) return [];
    taken.push(free);
    return [{ ...free, text: String(threshold) }];
  });
}

function wrongShares(trades: readonly Trade[]): number[] {
  return trades.map(({ wrong }) => wrong);
}

/** The points that can be told apart in the drawing. */
function thinned(
  trades: readonly Trade[],
  across: (share: number) => number,
  up: (share: number) => number,
): Trade[] {
  const place = ({ wrong, right }: Trade) => `${Math.round(2 * across(wrong))} ${Math.round(2 * up(right))}`;
  return trades.filter((trade, index) => index === 0 || place(trade) !== place(trades[index - 1]!));
}

function inWords({ marked }: CurveChart): string {
  return WAYS.flatMap((way) =>
    marked[way].map(
      ({ threshold, wrong, right }) =>
        `By ${way} at ${threshold}, ${percent(right)} rightly against ${percent(wrong)} wrongly.`,
    ),
  ).join(' ');
}
