import { escapeXml } from '../../escape-xml.js';

/** Markup that `html` made. There is no other way to make any, so that no name can become an element. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = string | number | Html | undefined | readonly Part[];

/**
 * Writes HTML or SVG: text in it is escaped, markup stays what it is, lists are written one after the other, and
 * nothing is left out. Attributes must be quoted. Numbers are coordinates: they are rounded to hundredths.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + markupOf(parts[index])).join(''));
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'number') return String(Math.round(part * 100) / 100);
  return typeof part === 'string' ? escapeXml(part) : part.map(markupOf).join('');
}

/** Longest name that is shown in full, in characters. */
const LONGEST_NAME = 80;

/** A name of the caller's: on its own as to the direction of writing, and cut when it is very long. */
export function nameOf(name: string): Html {
  return html`<bdi class="name">${shortName(name)}</bdi>`;
}

/** Beginning and end are what tells names apart. */
export function shortName(name: string): string {
  const characters = Array.from(name.slice(0, 2 * LONGEST_NAME));
  if (name.length <= LONGEST_NAME) return name;
  return `${characters.slice(0, LONGEST_NAME - 20).join('')}…${Array.from(name.slice(-40)).slice(-19).join('')}`;
}
