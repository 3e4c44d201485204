import { type RgbImage, toSharp } from '../../../images/decode.js';

/** Resizes with antialiasing until an image has the area of a square of this side; both sides are at least a pixel. */
export async function resizeToArea(image: RgbImage, side: number): Promise<RgbImage> {
  const scale = side / Math.sqrt(image.width * image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  if (width === image.width && height === image.height) return image;
  // Of sharp's kernels the one that the detector sees most faces and fewest false ones with.
  const data = await toSharp(image).resize({ width, height, fit: 'fill', kernel: 'linear' }).raw().toBuffer();
  return { width, height, data };
}
