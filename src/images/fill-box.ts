import type { RgbImage } from './decode.js';
import type { PixelBox } from './pixel-box.js';

/** Fills a rectangle of whole pixels with one colour, in place. What reaches past the image is left out. */
export function fillBox(image: RgbImage, { left, top, width, height }: PixelBox, colour: Uint8Array): void {
  const from = Math.max(left, 0);
  const to = Math.min(left + width, image.width);
  if (from >= to) return;
  const pixels = Buffer.from(image.data.buffer, image.data.byteOffset, image.data.length);
  for (let row = Math.max(top, 0); row < Math.min(top + height, image.height); row++) {
    const start = row * image.width * 3;
    pixels.fill(colour, start + from * 3, start + to * 3);
  }
}
