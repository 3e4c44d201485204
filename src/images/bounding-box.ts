import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';

/** A rectangle in whole pixels of the upright image: inside the image, and at least one pixel wide and high. */
export interface PixelBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The size of an image, in pixels. */
export interface PixelSize {
  width: number;
  height: number;
}

/** The area of a box, 0 and up: of one in ratios, the share of the image that it covers. A box with a side below 0, or not a number, covers nothing. */
export function area({ width, height }: BoundingBox): number {
  return width > 0 && height > 0 ? width * height : 0;
}

/** What two boxes share; of no width or height when they share nothing. */
export function intersection(a: BoundingBox, b: BoundingBox): BoundingBox {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.max(0, Math.min(a.left + a.width, b.left + b.width) - left),
    height: Math.max(0, Math.min(a.top + a.height, b.top + b.height) - top),
  };
}

/** How well two boxes agree: what they share, divided by what they cover together. 0 (apart) to 1 (the same). */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const shared = area(intersection(a, b));
  return shared > 0 ? shared / (area(a) + area(b) - shared) : 0;
}

/** How much of the smaller of two boxes lies inside the other, 0 to 1. */
export function containment(a: BoundingBox, b: BoundingBox): number {
  const shared = area(intersection(a, b));
  return shared > 0 ? shared / Math.min(area(a), area(b)) : 0;
}

/**
 * The box with a margin on every side. It may reach past the image.
 *
 * @param margin as a ratio of the box's own sides: 0.5 makes it twice as wide and twice as high
 */
export function widen({ left, top, width, height }: BoundingBox, margin: number): BoundingBox {
  return {
    left: left - margin * width,
    top: top - margin * height,
    width: width * (1 + 2 * margin),
    height: height * (1 + 2 * margin),
  };
}

/** The part of the box that lies inside the image; of no width or height when the box lies outside. */
export function clampToImage(box: BoundingBox): BoundingBox {
  return intersection(box, { left: 0, top: 0, width: 1, height: 1 });
}

/**
 * The box in pixels, its edges rounded to the nearest and kept inside the image. A box too thin for a pixel, or
 * outside the image, becomes the nearest row or column of pixels.
 *
 * @throws InvalidArgumentError when the box is not four finite numbers
 */
export function toPixels(box: BoundingBox, { width, height }: PixelSize): PixelBox {
  if (![box.left, box.top, box.width, box.height].every(Number.isFinite)) {
    throw new InvalidArgumentError('boundingBox', box, 'four finite numbers: left, top, width and height');
  }
  const [x, right] = span(box.left, box.width, width);
  const [y, bottom] = span(box.top, box.height, height);
  return { x, y, width: right - x, height: bottom - y };
}

/** A rectangle in pixels as ratios of the image: what `toPixels` turns back. */
export function toRatios({ x, y, width, height }: PixelBox, image: PixelSize): BoundingBox {
  return {
    left: x / image.width,
    top: y / image.height,
    width: width / image.width,
    height: height / image.height,
  };
}

/**
 * Where a box that was found in a crop lies in the photo that the crop was cut from.
 *
 * @param region the part of the photo that was cut, as ratios of the photo
 * @param boxInCrop as ratios of the crop
 */
export function photoBox(region: BoundingBox, boxInCrop: BoundingBox): BoundingBox {
  return {
    left: region.left + boxInCrop.left * region.width,
    top: region.top + boxInCrop.top * region.height,
    width: boxInCrop.width * region.width,
    height: boxInCrop.height * region.height,
  };
}

/** The pixels that two rectangles share, or undefined when they share none. */
export function sharedPixels(a: PixelBox, b: PixelBox): PixelBox | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/** What is left of a rectangle when another is cut out of it: none to four rectangles, which do not overlap. */
export function cutOut(box: PixelBox, hole: PixelBox): PixelBox[] {
  const shared = sharedPixels(box, hole);
  if (!shared) return [box];
  const right = shared.x + shared.width;
  const bottom = shared.y + shared.height;
  return [
    { x: box.x, y: box.y, width: box.width, height: shared.y - box.y },
    { x: box.x, y: bottom, width: box.width, height: box.y + box.height - bottom },
    { x: box.x, y: shared.y, width: shared.x - box.x, height: shared.height },
    { x: right, y: shared.y, width: box.x + box.width - right, height: shared.height },
  ].filter(({ width, height }) => width > 0 && height > 0);
}

/** First pixel of a side, and the one past its last. */
function span(start: number, length: number, pixels: number): [number, number] {
  const first = Math.min(Math.max(Math.round(start * pixels), 0), pixels - 1);
  const end = Math.min(Math.max(Math.round((start + length) * pixels), first + 1), pixels);
  return [first, end];
}
