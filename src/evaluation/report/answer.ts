import type { Accuracy, Estimate, Evaluation, RatesAtThreshold } from '../evaluation.js';
import { type Html, html, nameOf } from './html.js';
import { count, listed, percent, similarity } from './words.js';

/** Rekognition's documentation advises 99 where a wrong name costs much; it is the article's too. */
const USUAL_THRESHOLD = 99;

/** The threshold that answers are given for: 99, or else the highest that was looked at. */
export function mainThreshold(evaluation: Evaluation): number | undefined {
  const thresholds = thresholdsOf(evaluation);
  return thresholds.includes(USUAL_THRESHOLD) ? USUAL_THRESHOLD : thresholds.at(-1);
}

/** The thresholds that rates are known at, by one way at least, lowest first. */
export function thresholdsOf({ faces, users }: Evaluation): number[] {
  const all = [...faces.atThresholds, ...users.atThresholds].map(({ threshold }) => threshold);
  return [...new Set(all)].sort((a, b) => a - b);
}

export function ratesAt({ atThresholds }: Accuracy, threshold: number): RatesAtThreshold | undefined {
  return atThresholds.find((rates) => rates.threshold === threshold);
}

/** What was measured: of which collection, when, with what. */
export function writeHeading(title: string, evaluation: Evaluation): Html {
  const { collectionId, collection, probes, faceModelVersion, evaluatedAt, searches, failures } = evaluation;
  const when = new Date(evaluatedAt);
  const facts: (readonly [string, Html | string])[] = [
    ['Collection', nameOf(collectionId)],
    ['Holds', `${count(collection.faces, 'face')} of ${count(collection.users, 'user')}`],
    [
      'Photos',
      `${count(probes.photos, 'photo')}: of ${count(probes.people, 'user')} and of ${count(probes.strangers, 'stranger')}`,
    ],
    [
      'Searched',
      `${count(searches.length, 'photo')}, ${failures.length === 0 ? 'all of them' : `${count(failures.length, 'other')} could not be`}`,
    ],
    ['Face model', faceModelVersion === undefined ? 'not told' : nameOf(faceModelVersion)],
    [
      'Measured',
      Number.isNaN(when.getTime())
        ? nameOf(evaluatedAt)
        : html`<time datetime="${when.toISOString()}">${dayOf(when)}</time>`,
    ],
  ];
  return html`<header>
<h1>${title}</h1>
<dl class="facts">${facts.map(([term, fact]) => html`<div><dt>${term}</dt><dd>${fact}</dd></div>`)}</dl>
</header>`;
}

function dayOf(date: Date): string {
  return `${date.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })} UTC`;
}

/** The answer in plain words: what happens at the threshold that most would take. */
export function writeAnswer(evaluation: Evaluation): Html {
  const threshold = mainThreshold(evaluation);
  if (evaluation.searches.length === 0 || threshold === undefined) {
    return html`<p class="answer">Nothing was searched, so there is nothing to tell.</p>`;
  }
  const faces = ratesAt(evaluation.faces, threshold);
  const users = ratesAt(evaluation.users, threshold);
  const sentences = [
    sentenceOf('known people', 'get the right name', faces, users, 'truePositiveIdentificationRate'),
    sentenceOf('strangers', 'get a name', faces, users, 'falsePositiveIdentificationRate') ??
      sentenceOf('known people', 'get a wrong name', faces, users, 'misidentificationRate'),
  ].filter((sentence) => sentence !== undefined);
  const answer = sentences.length > 0 ? sentences : 'Nothing is known.';
  return html`<p class="answer"><small>At threshold ${String(threshold)}:</small> ${answer}</p>
<p class="lede">${writeShift(evaluation)}${writeShortage(evaluation)}</p>`;
}

function sentenceOf(
  whose: string,
  what: string,
  faces: RatesAtThreshold | undefined,
  users: RatesAtThreshold | undefined,
  rate: Exclude<keyof RatesAtThreshold, 'threshold'>,
): Html | undefined {
  const [ofFaces, ofUsers] = [faces?.[rate], users?.[rate]];
  if (!ofFaces || !ofUsers) return undefined;
  return html`Of photos of ${whose}, ${strong(ofUsers)} ${what} by users and ${strong(ofFaces)} by faces. `;
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
