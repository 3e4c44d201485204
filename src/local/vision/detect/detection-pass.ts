import { area, intersection } from '../../../images/bounding-box.js';
import type { RgbImage } from '../../../images/decode.js';
import { centerOf, type Point } from '../align/similarity-transform.js';
import { type PixelBox, scaleBox } from '../pixels/pixel-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { type Anchor, anchorAt } from './anchors.js';
import type { DetectedBox } from './detected-box.js';

/** At which scale, and with which border, the detector is run on an image. */
export interface DetectionPass {
  /**
   * The image is resized to the area of a square of this side, in pixels, whatever its shape: that decides what a pass
   * costs. The net detects faces from about 12 pixels up.
   */
  readonly side: number;
  /** Black around the image, in ratio to `side`: the net misses faces that fill its input. */
  readonly border: number;
  /** Larger boxes are dropped, in pixels of the resized image: beyond its receptive field the net takes parts for faces. */
  readonly largest: number;
}

/** Weaker boxes are noise. */
const LEAST_SCORE = 0.1;
/** Larger images are detected in tiles: a net keeps the memory of its largest run, 60 to 100 MB at the finest pass. */
const MOST_PIXELS = 400_000;

/** The boxes that the net draws in one pass over a photo, several for most faces, in the photo's pixels. */
export async function detectIn(
  nets: Nets,
  pyramid: Pyramid,
  { side, border, largest }: DetectionPass,
): Promise<DetectedBox[]> {
  const resized = await pyramid.resizedToArea(side);
  const scale = pyramid.image.width / resized.width;
  const room = Math.round(border * side);
  const whole = { left: 0, top: 0, width: resized.width, height: resized.height };
  const found: DetectedBox[] = [];
  for (const tile of tilesOf(whole)) {
    // A face with its middle in the tile is shown whole, and with its surroundings.
    const shown = intersection(grow(tile, largest + room), grow(whole, room));
    for (const { box, score } of await detectInImage(nets, windowOf(resized, shown))) {
      const moved = { ...box, left: box.left + shown.left, top: box.top + shown.top };
      const isFitting = Math.max(box.width, box.height) <= largest && holds(tile, centerOf(moved));
      if (isFitting) found.push({ box: scaleBox(moved, scale), score });
    }
  }
  return found;
}

/** Halves the box until each part is small enough for one run. */
function tilesOf(box: PixelBox): PixelBox[] {
  if (area(box) <= MOST_PIXELS) return [box];
  const { left, top, width, height } = box;
  const half = Math.ceil(Math.max(width, height) / 2);
  const halves =
    width > height
      ? [
          { ...box, width: half },
          { ...box, left: left + half, width: width - half },
        ]
      : [
          { ...box, height: half },
          { ...box, top: top + half, height: height - half },
        ];
  return halves.flatMap(tilesOf);
}

/** The boxes that the net draws in an image as it is, in one run. */
export async function detectInImage(nets: Nets, shown: RgbImage): Promise<DetectedBox[]> {
  const { scores, offsets } = await nets.run('detector', shown);
  const found: DetectedBox[] = [];
  for (let number = 0; 2 * number < scores!.length; number++) {
    const score = scores![2 * number + 1]!;
    if (score <= LEAST_SCORE) continue;
    const offset = offsets!.subarray(4 * number, 4 * number + 4);
    found.push({ box: decodeBox(anchorAt(number, shown), offset), score });
  }
  return found;
}

function grow({ left, top, width, height }: PixelBox, margin: number): PixelBox {
  return { left: left - margin, top: top - margin, width: width + 2 * margin, height: height + 2 * margin };
}

function holds({ left, top, width, height }: PixelBox, { x, y }: Point): boolean {
  return x >= left && y >= top && x <= left + width && y <= top + height;
}

/** A part of an image, in whole pixels; black where it reaches past the image. */
function windowOf(image: RgbImage, { left, top, width, height }: PixelBox): RgbImage {
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(width * height * 3);
  const from = Math.max(0, left);
  const to = Math.min(image.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(image.height, top + height); y++) {
    const row = image.data.subarray((y * image.width + from) * 3, (y * image.width + to) * 3);
    data.set(row, ((y - top) * width + from - left) * 3);
  }
  return { width, height, data };
}

/**
 * Decodes the net's offsets from an anchor into a box. The factors are the variances that it was trained with
 * (`center_variance` and `size_variance` of its configuration).
 *
 * @param offsets of x, y, width and height
 */
function decodeBox({ centerX, centerY, side }: Anchor, offsets: Float32Array): PixelBox {
  const width = side * Math.exp(0.2 * offsets[2]!);
  const height = side * Math.exp(0.2 * offsets[3]!);
  return {
    left: centerX + 0.1 * offsets[0]! * side - width / 2,
    top: centerY + 0.1 * offsets[1]! * side - height / 2,
    width,
    height,
  };
}
