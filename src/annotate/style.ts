import type { PixelBox, PixelSize } from '../images/pixel-box.js';
import type { LineKind } from './marks.js';

/** Sizes of what is drawn, in pixels of the picture. */
export interface Style {
  /** Width of the coloured line of a frame, and of the dark lines along both its sides. */
  line: number;
  outline: number;
  fontSize: number;
  /** Space between the text of a label and its edge. */
  padding: number;
  labelHeight: number;
  /** Longest text of a label. */
  textWidth: number;
}

/**
 * Sizes that suit the picture and the faces in it: seen as a whole the picture is shown smaller or larger than it is,
 * so everything grows with its longer side; but faces in a crowd get thinner lines and smaller letters than a portrait.
 *
 * @param boxes of the faces
 */
export function styleFor(picture: PixelSize, boxes: readonly PixelBox[]): Style {
  const side = Math.max(picture.width, picture.height);
  const widths = boxes.map((box) => box.width).sort((a, b) => a - b);
  const face = widths[widths.length >> 1] ?? side;
  const line = Math.round(Math.max(2, side / 1500, Math.min(side / 400, face / 30)));
  const fontSize = Math.round(Math.max(12, side / 90, Math.min(side / 35, face / 6)));
  const padding = Math.round(fontSize * 0.4);
  const outline = Math.max(1, Math.round(line / 3));
  return {
    line,
    outline,
    fontSize,
    padding,
    labelHeight: Math.round(fontSize * 1.5) + 2 * outline,
    textWidth: Math.min(14 * fontSize, picture.width - 2 * (padding + outline)),
  };
}

/** Length of a dash and of the gap after it, in pixels, of a line that is not drawn through. */
export function dashesOf(kind: LineKind, { line }: Style): readonly [number, number] | undefined {
  if (kind === 'dashed') return [5 * line, 4 * line];
  return kind === 'dotted' ? [line, line] : undefined;
}
