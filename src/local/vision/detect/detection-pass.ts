import { area, intersection } from '../../../images/bounding-box.js';
import type { RgbImage } from '../../../images/decode.js';
import { centerOf, type Point } from '../align/similarity-transform.js';
import { type PixelBox, scaleBox } from '../pixels/pixel-box.js';
import type { Pyramid } from '../pixels/pyramid.js';
import type { Nets } from '../runtime/inference.js';
import { type Anchor, anchorAt } from './anchors.js';
import type { DetectedBox } from './detected-box.js';

/** How the detector is shown an image. */
export interface DetectionPass {
  /**
   * The root of the area that the image has for the net, in pixels: how finely it is seen, and what that costs, whatever
   * its shape. The net sees faces from about 12 pixels up.
   */
  readonly side: number;
  /** Black around the image, in ratio to `side`: the net misses faces that fill all that it sees. */
  readonly border: number;
  /** Pixels of the largest faces that count: of larger ones the net sees only parts, and takes others for faces. */
  readonly largest: number;
}

/** Weaker boxes tell nothing at all. */
const LEAST_SCORE = 0.1;
/** A larger image is shown in pieces, as what a net needs for one run stays with it: 60 to 100 MB at the finest pass. */
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
  for (const piece of piecesOf(whole)) {
    // A face whose middle lies in the piece is seen whole, and with what is around it.
    const shown = intersection(grow(piece, largest + room), grow(whole, room));
    for (const { box, score } of await detectAsShown(nets, windowOf(resized, shown))) {
      const moved = { ...box, left: box.left + shown.left, top: box.top + shown.top };
      const isFitting = Math.max(box.width, box.height) <= largest && holds(piece, centerOf(moved));
      if (isFitting) found.push({ box: scaleBox(moved, scale), score });
    }
  }
  return found;
}

/** The box itself, or halves of halves of it that the net can be shown at once. */
function piecesOf(box: PixelBox): PixelBox[] {
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
  return halves.flatMap(piecesOf);
}

/** The boxes that the net draws in an image as it is shown it. */
export async function detectAsShown(nets: Nets, shown: RgbImage): Promise<DetectedBox[]> {
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
 * Moves an anchor and stretches it, as the net says. The factors are the variances that it was trained with
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
