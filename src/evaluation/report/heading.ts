import type { Evaluation } from '../evaluation.js';
import { type Html, html, nameOf } from './html.js';
import { count } from './words.js';

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
