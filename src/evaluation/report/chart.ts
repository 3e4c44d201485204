import { CHART_WIDTH } from './axes.js';
import { type Html, html } from './html.js';

/** What stands above a chart, or in place of it. */
export interface ChartText {
  /** Its own in the page: other elements are named after it. */
  id: string;
  title: string;
  /** Which way is better, or how to read it. */
  hint: string;
  /** Said in place of the chart where nothing is known. */
  nothing: string;
}

/** What is drawn, for eyes and for those who have it read out. */
interface Drawing {
  /** What it shows, in words: the numbers, or where they stand. */
  description: string;
  /** Where the axis across lies, in units of the drawing from its top. */
  bottom: number;
  body: Html;
}

/** Room below the axis across, for its labels, in units of the drawing. */
const LABELS_HEIGHT = 42;

export function drawChart({ id, title, hint }: ChartText, { description, bottom, body }: Drawing): Html {
  return html`<div class="chart">
<h3 id="${id}">${title}</h3>
<p class="hint">${hint}</p>
<svg viewBox="0 0 ${CHART_WIDTH} ${bottom + LABELS_HEIGHT}" role="img" aria-labelledby="${id} ${id}-text">
<desc id="${id}-text">${description}</desc>
${body}
</svg>
</div>`;
}

export function sayNothing({ title, nothing }: ChartText): Html {
  return html`<div class="chart"><h3>${title}</h3><p class="nothing">${nothing}</p></div>`;
}

/** Charts side by side where there is room, below each other where there is none. */
export function drawFigure(caption: Html | string, ...charts: readonly (Html | undefined)[]): Html {
  return html`<figure>${charts}<figcaption>${caption}</figcaption></figure>`;
}
