import { InvalidArgumentError } from '../errors.js';
import type { BoundingBox } from '../types.js';
import { area, clampToImage, widen } from './bounding-box.js';
import { cutOut, type PixelBox, type PixelSize, sharedPixels, toPixels } from './pixel-box.js';

/**
 * A face in a crop is enlarged to this width, in pixels. The service finds faces from 40 pixels on and recommends 50
 * for comparing (developer guide, "Recommendations for facial comparison input images"); the rest is room for boxes
 * that are drawn wider than the face.
 */
const FACE_WIDTH = 100;
/** But no crop is enlarged past this side: a wide crop around a tiny face is mostly background. */
const LONGEST_ENLARGED_SIDE = 1024;

/** What of a photo is shown around a box. */
export interface CropShape {
  /**
   * How much to show around the box, as a ratio of its sides, on each of the four. What lies outside the photo is
   * left out.
   *
   * @default 0
   */
  margin?: number;
  /**
   * Boxes to fill with the crop's average colour, so that no detector finds a face there. What lies in the box that
   * is cut out stays.
   */
  paintOver?: readonly BoundingBox[];
}

/** What to cut out of an image, in whole pixels. */
export interface CropPlan {
  /** The part of the image. */
  region: PixelBox;
  /** What to fill of it: boxes within the region, whose left and top are counted from its own. */
  covers: readonly PixelBox[];
  /** What to enlarge it to. */
  size: PixelSize;
}

/**
 * @param image that is cut
 * @throws InvalidArgumentError when no part of the box lies in the photo, or the margin is below 0
 */
export function planCrop(
  image: PixelSize,
  boundingBox: BoundingBox,
  { margin = 0, paintOver = [] }: CropShape,
): CropPlan {
  checkMargin('options.margin', margin);
  if (area(clampToImage(boundingBox)) === 0) {
    throw new InvalidArgumentError('boundingBox', boundingBox, 'a box of which some part lies in the photo');
  }
  const face = toPixels(boundingBox, image);
  const region = toPixels(widen(boundingBox, margin), image);
  const covers = paintOver
    .filter((box) => area(clampToImage(box)) > 0)
    .flatMap((box) => cutOut(toPixels(box, image), face))
    .flatMap((part) => sharedPixels(part, region) ?? [])
    .map((shown) => ({ ...shown, left: shown.left - region.left, top: shown.top - region.top }));
  const enlarge = Math.max(
    1,
    Math.min(FACE_WIDTH / face.width, LONGEST_ENLARGED_SIDE / Math.max(region.width, region.height)),
  );
  return { region, covers, size: { width: region.width * enlarge, height: region.height * enlarge } };
}

export function checkMargin(argument: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError(argument, value, 'a number of 0 or more');
  }
}
