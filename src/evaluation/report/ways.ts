import { type Html, html } from './html.js';

/** The two ways to search. Colour, mark and line all tell them apart, so that none needs to be seen. */
export const WAYS = ['faces', 'users'] as const;
export type Way = (typeof WAYS)[number];

/** A ring for faces, a filled diamond for users. */
export function drawMark(way: Way, x: number, y: number): Html {
  return way === 'faces'
    ? html`<circle class="mark faces" cx="${x}" cy="${y}" r="4"/>`
    : html`<path class="mark users" d="M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"/>`;
}

/** A mark in running text. */
export function markOf(way: Way): Html {
  return html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true"><line class="curve ${way}" x1="0" x2="26" y1="6" y2="6"/>${drawMark(way, 13, 6)}</svg>`;
}

export const LEGEND = html`<p class="legend"><span>${markOf('faces')} by faces</span> <span>${markOf('users')} by users</span></p>`;

export const EXPLAINED_LEGEND = html`<p class="legend"><span>${markOf('faces')} by faces: the photo against each single face</span> <span>${markOf('users')} by users: against all faces of a person in one vector</span></p>`;
