import type { Accuracy, CurvePoint, Evaluation, RatesAtThreshold } from '../evaluation.js';
import { drawFigure } from './chart.js';
import { drawCurves, type Trade } from './curve-chart.js';
import { type Html, html } from './html.js';
import type { Rate } from './thresholds.js';
import { LEGEND, markOf } from './ways.js';
import { percent, roundPercent, similarity } from './words.js';

/** What is gained for what is risked, at every threshold. */
export function writeCurves(evaluation: Evaluation): Html {
  const { probes } = evaluation;
  return html`<section>
<h2>Every threshold</h2>
${LEGEND}
${drawFigure(
  'Each point of a line is a threshold; marks are those of the tables. Each step along the axis is ten times as many wrong ones; the left end stands for none at all.',
  drawCurves({
    id: 'identification',
    title: 'Names: right ones against wrong',
    hint: 'Higher and further left is better',
    axisLabel: 'strangers’ photos that get a name',
    ...tradesOf(evaluation, 'falsePositiveIdentificationRate', 'truePositiveIdentificationRate'),
    nothing:
      probes.strangers === 0
        ? 'No stranger was searched for. Photos of people who are not in the collection would show it.'
        : 'No known person was searched for.',
  }),
  drawCurves({
    id: 'verification',
    title: 'Matches: true against false',
    hint: 'Higher and further left is better',
    axisLabel: 'comparisons with somebody else that match',
    ...tradesOf(evaluation, 'falseMatchRate', 'trueMatchRate'),
    nothing: 'There were not both true and false comparisons.',
  }),
  writeIdentification(evaluation),
)}
</section>`;
}

function tradesOf({ faces, users }: Evaluation, wrong: Rate, right: Rate) {
  const curveOf = ({ curve }: Accuracy) => tradesIn(curve, (point, rate) => point[rate], wrong, right);
  const markedOf = ({ atThresholds }: Accuracy) =>
    tradesIn(atThresholds, (rates, rate) => rates[rate]?.value, wrong, right);
  return {
    curves: { faces: curveOf(faces), users: curveOf(users) },
    marked: { faces: markedOf(faces), users: markedOf(users) },
  };
}

/** Those points of which both rates are known. */
function tradesIn<Point extends CurvePoint | RatesAtThreshold>(
  points: readonly Point[],
  rateOf: (point: Point, rate: Rate) => number | undefined,
  wrong: Rate,
  right: Rate,
): Trade[] {
  return points.flatMap((point) => {
    const [wrongShare, rightShare] = [rateOf(point, wrong), rateOf(point, right)];
    if (wrongShare === undefined || rightShare === undefined) return [];
    return [{ threshold: point.threshold, wrong: wrongShare, right: rightShare }];
  });
}

/** Which threshold keeps to a wanted share of strangers who get a name. */
function writeIdentification({ faces, users }: Evaluation): Html | undefined {
  const wanted = users.identification.map((one) => one.falsePositiveIdentificationRate);
  if (wanted.length === 0) return undefined;
  return html`<div class="chart"><table>
<caption>Right names, if so many strangers may be named</caption>
<thead><tr><th scope="col">Strangers</th><th scope="col">${markOf('faces')}<br>faces</th><th scope="col">${markOf('users')}<br>users</th></tr></thead>
<tbody>${wanted.map(
    (rate) =>
      html`<tr><th scope="row">${roundPercent(rate)}</th>${[faces, users].map((accuracy) => writeLimit(accuracy, rate))}</tr>`,
  )}</tbody>
</table></div>`;
}

function writeLimit({ identification }: Accuracy, wanted: number): Html {
  const found = identification.find((one) => one.falsePositiveIdentificationRate === wanted);
  if (found?.threshold === undefined) return html`<td class="unknown">too few strangers to tell</td>`;
  const rate = found.truePositiveIdentificationRate;
  if (!rate) return html`<td>at ${similarity(found.threshold)}</td>`;
  return html`<td>${percent(rate.value)}<small>at ${similarity(found.threshold)}</small></td>`;
}
