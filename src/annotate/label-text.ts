import { drawText, type TextMask } from './draw-text.js';

/** A label; when there is little room, the name is shortened and the detail is not. */
export interface LabelText {
  name: string;
  detail: string;
}

/** No label has room for more letters. */
const MOST_LETTERS = 200;

/**
 * A letter can have marks without end, one above the other, and an emoji any number of parts; the picture of such a
 * letter is higher than any that can be drawn. No script needs more marks, and no emoji more code points.
 */
const MOST_MARKS = /(\p{M}{6})\p{M}+/gu;
const MOST_CODE_POINTS = 16;

/** What so many letters take at most, in UTF-16. */
const MOST_TEXT = MOST_LETTERS * MOST_CODE_POINTS * 2;

/**
 * Draws a label on one line of at most `maxWidth` pixels, its name shortened with an ellipsis as need be. Undefined
 * when there is nothing to see in it.
 *
 * @param fontSize in pixels
 */
export async function drawLabelText(
  { name, detail }: LabelText,
  fontSize: number,
  maxWidth: number,
): Promise<TextMask | undefined> {
  const shown = onOneLine(name.slice(0, MOST_TEXT).replace(MOST_MARKS, '$1'));
  if (shown + detail === '') return undefined;
  // Made here: the first one loads the tables of Unicode, which takes longer than to import all else.
  const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const all: string[] = [];
  for (const { segment } of letters.segment(shown)) {
    const letter = Array.from(segment).slice(0, MOST_CODE_POINTS).join('');
    if (all.push(letter) === MOST_LETTERS) break;
  }
  let kept = all.length;
  let mask = await drawText(isolate(all.slice(0, kept).join('')) + detail, fontSize);
  while (mask.width > maxWidth && kept > 0) {
    // Letters are about as wide as one another, so this comes close at once.
    kept = Math.min(kept - 1, Math.floor((kept * maxWidth) / mask.width));
    mask = await drawText(isolate(`${all.slice(0, kept).join('').trimEnd()}…`) + detail, fontSize);
  }
  return mask;
}

/** Control characters and line ends as spaces. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/** Keeps a name that runs from right to left from turning the detail around too (Unicode's LRM, FSI and PDI). */
function isolate(name: string): string {
  return `\u200e\u2068${name}\u2069`;
}
