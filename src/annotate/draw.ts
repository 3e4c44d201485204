import type { RgbImage } from '../images/decode.js';
import { fillBox } from '../images/fill-box.js';
import { cutOut, type PixelBox, type PixelSize, sharedPixels } from '../images/pixel-box.js';
import { drawLabelText, type LabelText, type TextMask } from './label-text.js';
import { placeLabels } from './place-labels.js';
import { type Style, styleFor } from './style.js';

/** Red, green and blue, 0 to 255. */
export type Colour = Uint8Array;

/** What is drawn at one face. */
export interface Mark {
  box: PixelBox;
  colour: Colour;
  label: LabelText;
}

/** Along every coloured line, and the colour of letters: light colours then show on a light picture too. */
const OUTLINE: Colour = Uint8Array.of(0, 0, 0);

/** Draws marks into the picture: first the frames, then the labels, so that no line crosses a name. */
export async function drawMarks(
  picture: RgbImage,
  marks: readonly Mark[],
  signal?: AbortSignal,
): Promise<void> {
  const style = styleFor(
    picture,
    marks.map(({ box }) => box),
  );
  const drawn = await Promise.all(
    marks.map(async ({ box, colour, label }) => ({
      frame: frameAround(box, style, picture),
      colour,
      text: await drawLabelText(label, style.fontSize, style.textWidth),
    })),
  );
  signal?.throwIfAborted();
  for (const { frame, colour } of drawn) drawFrame(picture, frame, style, colour);

  const labels = drawn.flatMap(({ text, ...mark }) =>
    text ? { ...mark, text, ...labelSize(text, style) } : [],
  );
  const frames = drawn.map(({ frame }) => frame);
  for (const [index, place] of placeLabels(picture, frames, labels).entries()) {
    const { text, colour } = labels[index]!;
    drawLabel(picture, place, text, style, colour);
  }
}

/** The rectangle that the frame of a box takes, its lines half outside the box and all inside the picture. */
function frameAround(box: PixelBox, style: Style, picture: PixelSize): PixelBox {
  const lines = inset(box, -Math.round(lineWidth(style) / 2));
  return sharedPixels(lines, whole(picture)) ?? box;
}

/** Draws the lines of a frame into the picture. */
function drawFrame(picture: RgbImage, frame: PixelBox, style: Style, colour: Colour): void {
  drawRing(picture, frame, lineWidth(style), OUTLINE);
  drawRing(picture, inset(frame, style.outline), style.line, colour);
}

/** How large a label is with this text on it. */
function labelSize(text: TextMask, style: Style): PixelSize {
  const around = 2 * style.outline;
  return {
    width: text.width + 2 * style.padding + around,
    height: Math.max(style.labelHeight, text.height + style.padding + around),
  };
}

/** Draws a label into the picture: black on colour, the text in the middle. */
function drawLabel(picture: RgbImage, label: PixelBox, text: TextMask, style: Style, colour: Colour): void {
  fillBox(picture, label, OUTLINE);
  fillBox(picture, inset(label, style.outline), colour);
  const left = label.left + Math.round((label.width - text.width) / 2);
  const top = label.top + Math.round((label.height - text.height) / 2);
  const shown = sharedPixels({ left, top, width: text.width, height: text.height }, whole(picture));
  if (!shown) return;
  for (let y = shown.top; y < shown.top + shown.height; y++) {
    for (let x = shown.left; x < shown.left + shown.width; x++) {
      const covered = text.data[(y - top) * text.width + (x - left)]!;
      const at = (y * picture.width + x) * 3;
      for (let channel = at; channel < at + 3; channel++) {
        picture.data[channel] = Math.round((picture.data[channel]! * (255 - covered)) / 255);
      }
    }
  }
}

function drawRing(picture: RgbImage, outer: PixelBox, width: number, colour: Colour): void {
  for (const part of cutOut(outer, inset(outer, width))) fillBox(picture, part, colour);
}

function lineWidth({ line, outline }: Style): number {
  return line + 2 * outline;
}

function inset({ left, top, width, height }: PixelBox, by: number): PixelBox {
  return { left: left + by, top: top + by, width: width - 2 * by, height: height - 2 * by };
}

function whole({ width, height }: PixelSize): PixelBox {
  return { left: 0, top: 0, width, height };
}
