import type { RgbImage } from '../images/decode.js';
import { fillBox } from '../images/fill-box.js';
import { cutOut, type PixelBox, sharedPixels } from '../images/pixel-box.js';
import { inset, type Layout, lineWidth, type PlacedLabel } from './layout.js';
import type { Colour, Look } from './marks.js';
import { dashesOf, type Style } from './style.js';

/** Along every coloured line, and the colour of letters: light colours then show on a light picture too. */
const OUTLINE: Colour = Uint8Array.of(0, 0, 0);

/** Draws marks into the picture: first the frames, then the labels, so that no line crosses a name. */
export function drawMarks(picture: RgbImage, { style, frames, labels }: Layout): void {
  for (const { frame, mark } of frames) drawFrame(picture, frame, style, mark.look);
  for (const label of labels) drawLabel(picture, label, style);
}

/** Draws the lines of a frame into the picture. The gaps between dashes are dark. */
function drawFrame(picture: RgbImage, frame: PixelBox, style: Style, look: Look): void {
  drawRing(picture, frame, lineWidth(look, style), OUTLINE);
  const outer = inset(frame, style.outline);
  drawRing(picture, outer, style.line, look.colour, dashesOf(look.line, style));
  if (look.line === 'double') {
    drawRing(picture, inset(outer, style.line + style.outline), style.line, look.colour);
  }
}

/** Draws a label into the picture: black on colour, the text in the middle. */
function drawLabel(picture: RgbImage, { place, text, look }: PlacedLabel, style: Style): void {
  fillBox(picture, place, OUTLINE);
  fillBox(picture, inset(place, style.outline), look.colour);
  const left = place.left + Math.round((place.width - text.width) / 2);
  const top = place.top + Math.round((place.height - text.height) / 2);
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  const shown = sharedPixels({ left, top, width: text.width, height: text.height }, whole);
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

/** @param dashes length of a dash and of the gap after it, in pixels; every side begins with a dash */
function drawRing(
  picture: RgbImage,
  outer: PixelBox,
  width: number,
  colour: Colour,
  dashes?: readonly [number, number],
): void {
  for (const side of cutOut(outer, inset(outer, width))) {
    for (const dash of dashes ? cutInDashes(side, dashes) : [side]) fillBox(picture, dash, colour);
  }
}

function cutInDashes(side: PixelBox, [dash, gap]: readonly [number, number]): PixelBox[] {
  const isFlat = side.width >= side.height;
  const length = isFlat ? side.width : side.height;
  return Array.from({ length: Math.ceil(length / (dash + gap)) }, (_, index) => {
    const start = index * (dash + gap);
    const shown = Math.min(dash, length - start);
    return isFlat
      ? { ...side, left: side.left + start, width: shown }
      : { ...side, top: side.top + start, height: shown };
  });
}
