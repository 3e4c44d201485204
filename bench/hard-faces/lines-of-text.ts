import sharp, { type Sharp } from 'sharp';
import { LABEL_FONT, startFontconfig } from '../../src/annotate/label-font.js';
import { type Canvas, mix, paint, randomColor } from './canvas.js';

/** About as often as in English; round ones and punctuation are there because faces are made of them. */
const LETTERS = 'aaabcdeeeefghiiijklmnnooopqrrssstttuuvwxyz:;()O0.,-ABDEGHMQRSTW8';

/** A page of made-up words, in the font that comes along: others differ between machines. */
export async function drawText(canvas: Canvas): Promise<Sharp> {
  const { width, height, random } = canvas;
  await startFontconfig();
  const size = 10 + Math.floor(random() * 50);
  const letter = () => LETTERS[Math.floor(random() * LETTERS.length)]!;
  const word = () => Array.from({ length: 1 + Math.floor(random() * 9) }, letter).join('');
  const words = Array.from({ length: Math.ceil((width * height) / (size * size * 2.5)) }, word).join(' ');
  const { family, file } = LABEL_FONT;
  const { data, info } = await sharp({
    // At 72 dots per inch a point is a pixel.
    text: { text: words, font: `${family} ${size}`, fontfile: file, width, wrap: 'word-char', dpi: 72 },
  })
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [paper, ink] = [randomColor(random), randomColor(random)];
  return paint(canvas, (x, y) => mix(paper, ink, x < info.width ? (data[y * info.width + x] ?? 0) / 255 : 0));
}
