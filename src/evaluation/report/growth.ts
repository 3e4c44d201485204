import type { Evaluation } from '../evaluation.js';
import { drawFigure } from './chart.js';
import { drawGrowth } from './growth-chart.js';
import { type Html, html } from './html.js';
import { mainThreshold, type Rate, ratesOfBoth } from './thresholds.js';
import { LEGEND } from './ways.js';
import { count } from './words.js';

/** What more faces per user are worth. Nothing, when it was not asked for. */
export function writeGrowth(evaluation: Evaluation): Html | undefined {
  const { byFacesPerUser, probes } = evaluation;
  const threshold = mainThreshold(evaluation);
  if (byFacesPerUser.length === 0 || threshold === undefined) return undefined;
  const stepsOf = (rate: Rate) =>
    byFacesPerUser.map(({ facesPerUser, ...ways }) => ({
      number: facesPerUser,
      ...ratesOfBoth(ways, threshold, rate),
    }));
  const people = byFacesPerUser.map(
    (step) => `${count(step.facesPerUser, 'face')} each: ${count(step.people, 'user')}`,
  );
  return html`<section>
<h2>With more faces per user</h2>
${LEGEND}
${drawFigure(
  `At threshold ${threshold}. ${people.join('; ')}.`,
  drawGrowth({
    id: 'growth-true',
    title: 'Known people who get their name',
    hint: 'Higher is better',
    axisLabel: 'faces per user',
    steps: stepsOf('truePositiveIdentificationRate'),
    nothing: 'No known person was searched for.',
  }),
  drawGrowth({
    id: 'growth-false',
    title: probes.strangers > 0 ? 'Strangers who get a name' : 'Known people who get another name',
    hint: 'Lower is better',
    axisLabel: 'faces per user',
    steps: stepsOf(probes.strangers > 0 ? 'falsePositiveIdentificationRate' : 'misidentificationRate'),
    nothing: 'Nobody was searched for who could get a wrong name.',
  }),
)}
</section>`;
}
