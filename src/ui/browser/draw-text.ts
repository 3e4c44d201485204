import type * as ofNode from '../../annotate/draw-text.js';
import { blank } from './canvas.js';

const { context } = blank(1, 1);

/** As `drawText` where there is sharp, but for the pixels: browsers draw text themselves, and only its size is needed. */
export const drawText: typeof ofNode.drawText = async (text, fontSize) => {
  context.font = `bold ${fontSize}px 'DejaVu Sans Condensed', Verdana, sans-serif`;
  const {
    width,
    actualBoundingBoxAscent: above,
    actualBoundingBoxDescent: below,
  } = context.measureText(text);
  return { width: Math.ceil(width), height: Math.ceil(above + below), data: new Uint8Array(), text };
};
