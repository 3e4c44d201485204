import { escapeXml } from '../escape-xml.js';
import type { PixelBox, PixelSize } from '../images/pixel-box.js';
import { onOneLine } from './label-text.js';
import { inset, type Layout, lineWidth, type PlacedLabel } from './layout.js';
import type { Colour, Look, Mark } from './marks.js';
import { dashesOf, type Style } from './style.js';

/** What a screen reader says of a face after its name. */
const DESCRIPTIONS: Readonly<Record<Look['kind'], string>> = {
  matched: 'Matched',
  ambiguous: 'Ambiguous: more than one match is about as similar',
  unknown: 'No match',
  'not searched': 'Not searched',
};

/**
 * Writes an element that shows marks: first the frames, each with what is read out of it, then the labels, so that no
 * line crosses a name.
 *
 * @param total how many faces the result has
 * @param photo a JPEG to show under the marks
 */
export function writeSvg(
  { width, height }: PixelSize,
  { style, frames, labels }: Layout,
  total: number,
  photo?: Uint8Array,
): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="group">`,
    `<title>${total === 1 ? '1 face' : `${total} faces`}</title>`,
    ...(photo ? [writePhoto(photo, width, height)] : []),
    ...frames.map(({ frame, mark }) => writeFrame(frame, mark, style, total)),
    ...labels.map((label) => writeLabel(label, style)),
    '</svg>',
  ];
  return lines.join('\n');
}

function writePhoto(photo: Uint8Array, width: number, height: number): string {
  const base64 = Buffer.from(photo.buffer, photo.byteOffset, photo.length).toString('base64');
  return `<image width="${width}" height="${height}" aria-hidden="true" href="data:image/jpeg;base64,${base64}"/>`;
}

/** The pointer finds a face anywhere in its frame, not on the line alone. */
function writeFrame(frame: PixelBox, { look, label, index }: Mark, style: Style, total: number): string {
  const outer = inset(frame, style.outline);
  const rings = [
    ring(frame, lineWidth(look, style), BLACK),
    ring(outer, style.line, hex(look.colour), dashesOf(look.line, style)),
    look.line === 'double'
      ? ring(inset(outer, style.line + style.outline), style.line, hex(look.colour))
      : '',
  ];
  const name = onOneLine(label.name + label.detail) || 'face';
  return [
    '<g role="img" fill="none" pointer-events="all">',
    `<title>${escapeXml(name)}</title>`,
    `<desc>${DESCRIPTIONS[look.kind]}. Face ${index + 1} of ${total}.</desc>`,
    ...rings,
    '</g>',
  ].join('');
}

/**
 * The text is set as wide as it was measured, whatever font the reader has. It has been read out already: with the
 * frame, and in full.
 */
function writeLabel({ place, text, look }: PlacedLabel, style: Style): string {
  const inner = inset(place, style.outline);
  const middle = { x: place.left + place.width / 2, y: place.top + place.height / 2 };
  return [
    '<g aria-hidden="true" pointer-events="none">',
    `<rect ${rectangle(place)} fill="${BLACK}"/>`,
    `<rect ${rectangle(inner)} fill="${hex(look.colour)}"/>`,
    `<text x="${middle.x}" y="${middle.y}" text-anchor="middle" dominant-baseline="central"`,
    ` font-family="DejaVu Sans Condensed, Verdana, sans-serif" font-weight="bold" font-size="${style.fontSize}"`,
    ` textLength="${text.width}" lengthAdjust="spacingAndGlyphs">${escapeXml(text.text)}</text>`,
    '</g>',
  ].join('');
}

const BLACK = '#000000';

/** A line inside the edge of a rectangle. Where it has no room, the rectangle is filled. */
function ring(outer: PixelBox, width: number, colour: string, dashes?: readonly [number, number]): string {
  const middle = inset(outer, width / 2);
  if (outer.width <= 0 || outer.height <= 0) return '';
  if (middle.width <= 0 || middle.height <= 0) return `<rect ${rectangle(outer)} fill="${colour}"/>`;
  const dashed = dashes ? ` stroke-dasharray="${dashes.join(' ')}"` : '';
  return `<rect ${rectangle(middle)} stroke="${colour}" stroke-width="${width}"${dashed}/>`;
}

function rectangle({ left, top, width, height }: PixelBox): string {
  return `x="${left}" y="${top}" width="${width}" height="${height}"`;
}

function hex(colour: Colour): string {
  return `#${Array.from(colour, (part) => part.toString(16).padStart(2, '0')).join('')}`;
}
