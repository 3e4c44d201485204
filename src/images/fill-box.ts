import type { PixelBox } from './bounding-box.js';
import type { RgbImage } from './decode.js';

/** Fills a rectangle of an image with one colour, in place. What reaches past the image is left out. */
export function fillBox(image: RgbImage, { x, y, width, height }: PixelBox, colour: Uint8Array): void {
  const left = Math.max(x, 0);
  const right = Math.min(x + width, image.width);
  if (left >= right) return;
  const pixels = Buffer.from(image.data.buffer, image.data.byteOffset, image.data.length);
  for (let row = Math.max(y, 0); row < Math.min(y + height, image.height); row++) {
    const start = row * image.width * 3;
    pixels.fill(colour, start + left * 3, start + right * 3);
  }
}
