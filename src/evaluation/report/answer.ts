import type { Estimate, Evaluation } from '../evaluation.js';
import { type Html, html } from './html.js';
import { mainThreshold, type Rate, ratesOfBoth } from './thresholds.js';
import type { Way } from './ways.js';
import { count, listed, percent, similarity } from './words.js';

/** The answer in plain words: what happens at the threshold that most would take. */
export function writeAnswer(evaluation: Evaluation): Html {
  const threshold = mainThreshold(evaluation);
  if (evaluation.searches.length === 0 || threshold === undefined) {
    return html`<p class="answer">Nothing was searched, so there is nothing to tell.</p>`;
  }
  const ratesOf = (rate: Rate) => ratesOfBoth(evaluation, threshold, rate);
  const sentences = [
    sentenceOf('known people', 'get the right name', ratesOf('truePositiveIdentificationRate')),
    sentenceOf('strangers', 'get a name', ratesOf('falsePositiveIdentificationRate')) ??
      sentenceOf('known people', 'get a wrong name', ratesOf('misidentificationRate')),
  ].filter((sentence) => sentence !== undefined);
  const answer = sentences.length > 0 ? sentences : 'Nothing is known.';
  return html`<p class="answer"><small>At threshold ${String(threshold)}:</small> ${answer}</p>
<p class="lede">${writeShift(evaluation)}${writeShortage(evaluation)}</p>`;
}

function sentenceOf(
  whose: string,
  what: string,
  { faces, users }: Partial<Record<Way, Estimate>>,
): Html | undefined {
  if (!faces || !users) return undefined;
  return html`Of photos of ${whose}, ${strong(users)} ${what} by users and ${strong(faces)} by faces. `;
}

function strong({ value }: Estimate): Html {
  return html`<strong>${value === 0 ? 'none' : percent(value)}</strong>`;
}

/** Which way similarities went: what user vectors are for. */
function writeShift({ faces, users }: Evaluation): string {
  const shifts = [
    shiftOf('the same person', faces.trueSimilarity, users.trueSimilarity),
    shiftOf('the most alike of somebody else', faces.falseSimilarity, users.falseSimilarity),
  ].filter((shift) => shift !== undefined);
  return shifts.length > 0 ? `On average, user vectors ${listed(shifts)}. ` : '';
}

function shiftOf(whom: string, faces: Estimate | undefined, users: Estimate | undefined): string | undefined {
  if (!faces || !users) return undefined;
  const [before, after] = [similarity(faces.value), similarity(users.value)];
  if (before === after) return `leave the similarity to ${whom} at ${before}`;
  return `${users.value > faces.value ? 'raise' : 'lower'} the similarity to ${whom} from ${before} to ${after}`;
}

/** Fewer than this, and a single one more or less changes every figure. */
const FEW = 30;

/** What there was too little of. */
function writeShortage({ probes }: Evaluation): string {
  const shortages = [
    shortageOf(probes.people, 'known person', 'known people', 'how often people get their name'),
    shortageOf(probes.strangers, 'stranger', 'strangers', 'how often strangers get a name'),
  ];
  return shortages.filter((shortage) => shortage !== undefined).join(' ');
}

function shortageOf(number: number, one: string, many: string, what: string): string | undefined {
  if (number === 0) return `No ${one} was among the photos, so ${what} is not known.`;
  if (number >= FEW) return undefined;
  return `Only ${count(number, one, many)} ${number === 1 ? 'was' : 'were'} among the photos, so ${what} is known roughly.`;
}
