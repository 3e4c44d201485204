import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';
import { area, intersection } from './bounding-box.js';

/** A rectangle in pixels of one particular image; may reach past its borders, and begin between two pixels. */
export interface PixelBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The size of an image, in pixels. */
export interface PixelSize {
  width: number;
  height: number;
}

/**
 * The box in whole pixels, its edges rounded to the nearest and kept inside the image. A box too thin for a pixel, or
 * outside the image, becomes the nearest row or column of pixels.
 *
 * @throws InvalidArgumentError when the box is not four finite numbers
 */
export function toPixels(box: BoundingBox, { width, height }: PixelSize): PixelBox {
  if (![box.left, box.top, box.width, box.height].every(Number.isFinite)) {
    throw new InvalidArgumentError('boundingBox', box, 'four finite numbers: left, top, width and height');
  }
  const [left, right] = span(box.left, box.width, width);
  const [top, bottom] = span(box.top, box.height, height);
  return { left, top, width: right - left, height: bottom - top };
}

/** A rectangle in pixels as ratios of the image: what `toPixels` turns back. */
export function toRatios({ left, top, width, height }: PixelBox, image: PixelSize): BoundingBox {
  return {
    left: left / image.width,
    top: top / image.height,
    width: width / image.width,
    height: height / image.height,
  };
}

/** The pixels that two rectangles share, or undefined when they share none. */
export function sharedPixels(a: PixelBox, b: PixelBox): PixelBox | undefined {
  const shared = intersection(a, b);
  return area(shared) > 0 ? shared : undefined;
}

/** What is left of a rectangle when another is cut out of it: none to four rectangles, which do not overlap. */
export function cutOut(box: PixelBox, hole: PixelBox): PixelBox[] {
  const shared = sharedPixels(box, hole);
  if (!shared) return [box];
  const { left, top, width, height } = box;
  const right = shared.left + shared.width;
  const bottom = shared.top + shared.height;
  return [
    { left, top, width, height: shared.top - top },
    { left, top: bottom, width, height: top + height - bottom },
    { left, top: shared.top, width: shared.left - left, height: shared.height },
    { left: right, top: shared.top, width: left + width - right, height: shared.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

/** First pixel of a side, and the one past its last. */
function span(start: number, length: number, pixels: number): [number, number] {
  const first = Math.min(Math.max(Math.round(start * pixels), 0), pixels - 1);
  const end = Math.min(Math.max(Math.round((start + length) * pixels), first + 1), pixels);
  return [first, end];
}
