import { CHART_WIDTH } from './axes.js';
import { type Html, html } from './html.js';

/** A chart, for eyes and for those who have it read out. */
export interface Chart {
  /** Its own in the page: other elements are named after it. */
  id: string;
  title: string;
  /** Which way is better, or how to read it. */
  hint: string;
  /** What it shows, in words: the numbers, or where they stand. */
  description: string;
  height: number;
  body: Html;
}

export function drawChart({ id, title, hint, description, height, body }: Chart): Html {
  return html`<div class="chart">
<h3 id="${id}">${title}</h3>
<p class="hint">${hint}</p>
<svg viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-labelledby="${id} ${id}-text">
<desc id="${id}-text">${description}</desc>
${body}
</svg>
</div>`;
}

/** In place of a chart that nothing is known for. */
export function sayNothing(title: string, why: string): Html {
  return html`<div class="chart"><h3>${title}</h3><p class="nothing">${why}</p></div>`;
}

/** Charts side by side where there is room, below each other where there is none. */
export function drawFigure(caption: Html | string, ...charts: readonly (Html | undefined)[]): Html {
  return html`<figure>${charts}<figcaption>${caption}</figcaption></figure>`;
}
