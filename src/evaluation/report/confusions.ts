import { greatest, rollup } from 'd3-array';
import type { Evaluation, Probe, ProbeSearch } from '../evaluation.js';
import { type Html, html, nameOf, shortName } from './html.js';
import type { Pictures } from './pictures.js';
import { LEGEND, markOf, WAYS, type Way } from './ways.js';
import { similarity } from './words.js';

/** So many of each kind are shown: three rows on a desk. */
const SHOWN = 9;

/** Photos at which users did worst, and with whom each is confused. */
export interface Confusions {
  /** Most like somebody else, the worst first. */
  readonly falseMatches: readonly Confusion[];
  /** Least like the person who is on them, the worst first. */
  readonly misses: readonly Confusion[];
}

interface Confusion {
  readonly search: ProbeSearch;
  /** The other person, or the right one. */
  readonly userId: string;
  /** The photo that is most like that person among those that were searched. */
  readonly likeness: Probe | undefined;
}

export function findConfusions({ searches }: Evaluation): Confusions {
  const likenesses = rollup(
    searches,
    (group) => greatest(group, ({ users }) => users.own),
    ({ userId }) => userId,
  );
  const confusion = (search: ProbeSearch, userId: string): Confusion => {
    const likeness = likenesses.get(userId);
    return { search, userId, likeness: likeness === search ? undefined : likeness };
  };
  const worst = (key: (search: ProbeSearch) => number | undefined) =>
    searches
      .flatMap((search) => {
        const value = key(search);
        return value === undefined ? [] : [{ search, value }];
      })
      .sort((a, b) => a.value - b.value)
      .slice(0, SHOWN)
      .map(({ search }) => search);
  return {
    falseMatches: worst(({ users }) => users.other && -users.other.similarity).map((search) =>
      confusion(search, search.users.other!.userId),
    ),
    // Not answered at all is the worst.
    misses: worst(({ userId, users }) => (userId === undefined ? undefined : (users.own ?? -1))).map(
      (search) => confusion(search, search.userId!),
    ),
  };
}

/** The photos that `writeConfusions` can show. */
export function photosOf({ falseMatches, misses }: Confusions): Probe[] {
  return [...falseMatches, ...misses].flatMap(({ search, likeness }) => [
    search,
    ...(likeness ? [likeness] : []),
  ]);
}

export function writeConfusions({ falseMatches, misses }: Confusions, pictures: Pictures): Html {
  return html`<section>
<h2>Worst confusions</h2>
${LEGEND}
<h3>Most like somebody else</h3>
${writeCards(falseMatches, pictures, 'No photo was like anybody else.', (search, way) => search[way].other?.similarity)}
<h3>Least like the right person</h3>
${writeCards(misses, pictures, 'No photo of a known person was searched.', (search, way) => search[way].own)}
</section>`;
}

function writeCards(
  confusions: readonly Confusion[],
  pictures: Pictures,
  nothing: string,
  similarityOf: (search: ProbeSearch, way: Way) => number | undefined,
): Html {
  if (confusions.length === 0) return html`<p class="nothing">${nothing}</p>`;
  return html`<ul class="cards">${confusions.map(
    ({ search, userId, likeness }) => html`<li>
${pictures.size > 0 ? html`<div class="pair">${writePicture(search, pictures)}${writePicture(likeness, pictures)}</div>` : undefined}
<p>${nameOf(search.photoName)}${writeWho(search)}${userId === search.userId ? undefined : html` is like <b>${nameOf(userId)}</b>`}</p>
<p class="values">${WAYS.map((way) => html`<span>${markOf(way)} ${writeSimilarity(similarityOf(search, way))}</span> `)}</p>
</li>`,
  )}</ul>`;
}

function writeWho({ userId, stranger }: Probe): Html {
  if (userId !== undefined) return html` of <b>${nameOf(userId)}</b>`;
  return stranger === undefined ? html` of a stranger` : html` of the stranger <b>${nameOf(stranger)}</b>`;
}

function writePicture(probe: Probe | undefined, pictures: Pictures): Html {
  const picture = probe && pictures.get(probe);
  if (!picture) return html`<span class="no-picture">no picture</span>`;
  return html`<img src="${picture}" alt="${shortName(probe.photoName)}">`;
}

function writeSimilarity(value: number | undefined): string {
  return value === undefined ? 'not answered' : similarity(value);
}
