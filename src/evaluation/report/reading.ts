import type { Evaluation } from '../evaluation.js';
import { type Html, html } from './html.js';
import { count, listed } from './words.js';

/** The words of the page, and what the field calls them (ISO/IEC 19795-1). */
const GLOSSARY: readonly (readonly [string, string])[] = [
  ['Similarity', 'How alike two faces, or a face and a user, are: 0 to 100. It is no probability.'],
  [
    'Threshold',
    'The lowest similarity that counts as a match. Raising it names fewer people, rightly and wrongly.',
  ],
  [
    'By faces',
    'The photo is compared with every single face of the collection. A person is as similar as their most alike face.',
  ],
  ['By users', 'The photo is compared with user vectors, each made of all faces of one person.'],
  [
    'Known person',
    'A user of the collection. The photos that were searched are not among the enrolled ones.',
  ],
  ['Stranger', 'Somebody who is not in the collection, and whom a search should not name.'],
  [
    'Right name first',
    'The true positive identification rate: the most similar is at the threshold, and is the right person.',
  ],
  [
    'Wrong name first',
    'The misidentification rate: the most similar is at the threshold, and is somebody else.',
  ],
  [
    'Strangers named',
    'The false positive identification rate. It grows with the collection: there are more to be taken for.',
  ],
  [
    'True and false matches',
    'The true match rate and the false match rate, of pairs of a photo and one face or user. They do not depend on how many are in the collection.',
  ],
  [
    '95 % interval',
    'Where the figure would lie in 95 of 100 choices of other people of the same kind. People are drawn, not photos: photos of one person are no independent evidence.',
  ],
];

/** What the page means, and what it does not say. */
export function writeReading(evaluation: Evaluation): Html {
  const { searches, collection } = evaluation;
  // Each once, however many photos there are of them.
  const strangers = new Set(searches.flatMap(({ stranger }) => stranger ?? [])).size;
  return html`<section class="reading">
<h2>How to read this</h2>
<dl>${GLOSSARY.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}</dl>
<h2>What this does not say</h2>
<ul>
<li>How it will be with other photos. Figures hold for people, cameras and light such as these; look at each group of people apart before you rely on one threshold for all.</li>
<li>How it will be with more users. This collection holds ${count(collection.users, 'user')}; strangers are named the more often, the more there are.</li>
<li>That something never happens. ${strangers === 0 ? 'With no strangers, nothing is known of how they fare.' : `With ${count(strangers, 'stranger')}, a rate of 0 ${writeBound(strangers)}.`}</li>
<li>Who anybody is. A similarity is a reason to look, not a proof.</li>
</ul>
${writeCost(evaluation)}
</section>`;
}

/** The rule of three: where none of n people was named, up to 3/n is not ruled out at 95 %. */
function writeBound(people: number): string {
  const often = Math.floor(people / 3);
  return often < 2 ? 'says next to nothing' : `can still be one in ${often.toLocaleString('en')}`;
}

function writeCost({ calls, seconds }: Evaluation): Html {
  const made = Object.entries(calls).map(
    ([operation, { calls: number }]) => `${number.toLocaleString('en')} ${operation}`,
  );
  const took = `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds).toLocaleString('en')} seconds`;
  return html`<p class="cost">Measured in ${took}${made.length > 0 ? ` with these calls: ${listed(made)}` : ''}.</p>`;
}
