import type { Evaluation, ProbeAnswer } from '../evaluation.js';
import { drawFigure } from './chart.js';
import { drawDistribution } from './distribution-chart.js';
import { type Html, html } from './html.js';
import { thresholdsOf } from './thresholds.js';
import { LEGEND, type Way } from './ways.js';

/** How similar photos are to the right person, and to the most alike of the others. */
export function writeDistributions(evaluation: Evaluation): Html {
  const { searches } = evaluation;
  const thresholds = thresholdsOf(evaluation);
  const answered = (similarityOf: (answer: ProbeAnswer) => number | undefined) => {
    const of = (way: Way) =>
      searches.map((search) => similarityOf(search[way])).filter((one) => one !== undefined);
    return { faces: of('faces'), users: of('users') };
  };
  return html`<section>
<h2>How similarities are spread</h2>
${LEGEND}
${drawFigure(
  'Height is the share of photos with such a similarity. The axis is stretched at both ends, where similarities crowd: from 99 to 99.9 is as far as from 90 to 99, and what is beyond 0.01 or 99.99 stands at the end. Dotted lines are the thresholds.',
  drawDistribution({
    id: 'own',
    title: 'To the same person',
    hint: 'Further right is better',
    similarities: answered(({ own }) => own),
    thresholds,
    nothing: 'No photo was answered with the person who is on it.',
  }),
  drawDistribution({
    id: 'other',
    title: 'To the most alike of somebody else',
    hint: 'Further left is better',
    similarities: answered(({ other }) => other?.similarity),
    thresholds,
    nothing: 'No photo was answered with somebody else.',
  }),
)}
</section>`;
}
