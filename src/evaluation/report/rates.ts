import type { Estimate, Evaluation } from '../evaluation.js';
import { shareAxis, similarityAxis } from './axes.js';
import { drawFigure } from './chart.js';
import { drawEstimates, type Pair } from './estimates-chart.js';
import { type Html, html } from './html.js';
import { knownOf, type Rate, ratesAt, ratesOfBoth, thresholdsOf } from './thresholds.js';
import { EXPLAINED_LEGEND, markOf } from './ways.js';
import { percent, percentRange, similarity } from './words.js';

/** How rates are called in the page; the names of the field stand in its glossary. */
const RATES: readonly (readonly [Rate, string])[] = [
  ['truePositiveIdentificationRate', 'Right name first'],
  ['misidentificationRate', 'Wrong name first'],
  ['falsePositiveIdentificationRate', 'Strangers named'],
  ['trueMatchRate', 'True matches'],
  ['falseMatchRate', 'False matches'],
];

/** The comparison that the whole page is about, in its first picture. */
export function writeComparison(evaluation: Evaluation): Html {
  const { faces, users, probes } = evaluation;
  const wrong = probes.strangers > 0 ? 'falsePositiveIdentificationRate' : 'misidentificationRate';
  return html`<section>
<h2>Faces and users, true and false</h2>
${EXPLAINED_LEGEND}
${drawFigure(
  'Lines through the marks reach over 95 % intervals: where other people of the same kind would put the mark.',
  drawEstimates({
    id: 'true',
    title: 'True: known people get their name',
    hint: 'Further right is better',
    axisLabel: 'of photos of known people',
    pairs: pairsOf(evaluation, 'truePositiveIdentificationRate'),
    axis: shareAxis,
    write: percent,
    nothing: 'No known person was searched for.',
  }),
  drawEstimates({
    id: 'false',
    title: probes.strangers > 0 ? 'False: strangers get a name' : 'False: known people get another name',
    hint: 'Further left is better',
    axisLabel: probes.strangers > 0 ? 'of photos of strangers' : 'of photos of known people',
    pairs: pairsOf(evaluation, wrong),
    axis: shareAxis,
    write: percent,
    nothing: 'Nobody was searched for who could get a wrong name.',
  }),
  drawEstimates({
    id: 'similarities',
    title: 'Mean similarities',
    hint: 'True: right is better; false: left',
    axisLabel: 'similarity (stretched at both ends)',
    pairs: [
      { label: 'true', ...knownOf(faces.trueSimilarity, users.trueSimilarity) },
      { label: 'false', ...knownOf(faces.falseSimilarity, users.falseSimilarity) },
    ],
    axis: (_, extent) => similarityAxis(extent),
    write: similarity,
    nothing: 'No similarity was answered.',
  }),
)}
</section>`;
}

function pairsOf(evaluation: Evaluation, rate: Rate): Pair[] {
  return thresholdsOf(evaluation).map((threshold) => ({
    label: `at ${threshold}`,
    ...ratesOfBoth(evaluation, threshold, rate),
  }));
}

/** All rates at the thresholds, with their intervals. */
export function writeRates(evaluation: Evaluation): Html {
  const { faces, users } = evaluation;
  const thresholds = thresholdsOf(evaluation);
  const known = Math.max(faces.knownFrom, users.knownFrom);
  return html`<section>
<h2>At the thresholds</h2>
${known > 0 ? html`<p>Searches answer the most alike only, so not everything is known of thresholds below ${similarity(known)}.</p>` : undefined}
<div class="tables">${thresholds.map((threshold) => writeTable(evaluation, threshold))}</div>
</section>`;
}

function writeTable({ faces, users }: Evaluation, threshold: number): Html {
  const ofFaces = ratesAt(faces, threshold);
  const ofUsers = ratesAt(users, threshold);
  return html`<table>
<caption>Threshold ${String(threshold)}</caption>
<thead><tr><th scope="col"><span class="unseen">Rate</span></th><th scope="col">${markOf('faces')}<br>faces</th><th scope="col">${markOf('users')}<br>users</th></tr></thead>
<tbody>${RATES.map(
    ([rate, name]) =>
      html`<tr><th scope="row">${name}</th>${writeCell(ofFaces?.[rate])}${writeCell(ofUsers?.[rate])}</tr>`,
  )}</tbody>
</table>`;
}

function writeCell(estimate: Estimate | undefined): Html {
  if (!estimate) return html`<td class="unknown">not known</td>`;
  return html`<td>${percent(estimate.value)}<small>${percentRange(estimate)}</small></td>`;
}
