import type { BoundingBox } from '../types.js';

/**
 * The area of a box, 0 and up: of one in ratios, the share of the image that it covers. A box with a side below 0, or
 * not a number, covers nothing.
 */
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
