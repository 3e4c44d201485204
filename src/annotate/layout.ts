import { type PixelBox, type PixelSize, sharedPixels } from '../images/pixel-box.js';
import type { TextMask } from './draw-text.js';
import { drawLabelText } from './label-text.js';
import type { Look, Mark } from './marks.js';
import { placeLabels } from './place-labels.js';
import { type Style, styleFor } from './style.js';

/** A label on a picture: where it lies, and the text on it. */
export interface PlacedLabel {
  place: PixelBox;
  text: TextMask;
  look: Look;
}

/** Where everything lies that is drawn on a picture. */
export interface Layout {
  style: Style;
  /** What the outer edges of frames take, by mark. */
  frames: readonly { frame: PixelBox; mark: Mark }[];
  /** Of the marks that have one. */
  labels: readonly PlacedLabel[];
}

/** Finds a place for the frame and the label of every mark, all inside the picture. */
export async function layOut(picture: PixelSize, marks: readonly Mark[]): Promise<Layout> {
  const style = styleFor(
    picture,
    marks.map(({ box }) => box),
  );
  const frames = marks.map((mark) => ({ mark, frame: frameAround(mark, style, picture) }));
  const texts = await Promise.all(
    marks.map(({ label }) => drawLabelText(label, style.fontSize, style.textWidth)),
  );
  const written = frames.flatMap(({ frame, mark }, index) => {
    const text = texts[index];
    return text ? { frame, look: mark.look, text, ...labelSize(text, style) } : [];
  });
  const places = placeLabels(
    picture,
    frames.map(({ frame }) => frame),
    written,
  );
  return {
    style,
    frames,
    labels: written.map(({ text, look }, index) => ({ place: places[index]!, text, look })),
  };
}

/** Width of the line of a frame, with the dark ones along it. */
export function lineWidth({ line }: Look, style: Style): number {
  const one = style.line + style.outline;
  return style.outline + (line === 'double' ? 2 * one : one);
}

export function inset({ left, top, width, height }: PixelBox, by: number): PixelBox {
  return { left: left + by, top: top + by, width: width - 2 * by, height: height - 2 * by };
}

/** The rectangle that the frame of a box takes, its lines half outside the box and all inside the picture. */
function frameAround({ box, look }: Mark, style: Style, { width, height }: PixelSize): PixelBox {
  const lines = inset(box, -Math.round(lineWidth(look, style) / 2));
  return sharedPixels(lines, { left: 0, top: 0, width, height }) ?? box;
}

/** How large a label is with this text on it. */
function labelSize(text: TextMask, style: Style): PixelSize {
  const around = 2 * style.outline;
  return {
    width: text.width + 2 * style.padding + around,
    height: Math.max(style.labelHeight, text.height + style.padding + around),
  };
}
