import type { RgbImage } from '../../../images/decode.js';
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

/** The boxes that the net draws in one pass over a photo, several for most faces, in the photo's pixels. */
export async function detectIn(
  nets: Nets,
  pyramid: Pyramid,
  { side, border, largest }: DetectionPass,
): Promise<DetectedBox[]> {
  const resized = await pyramid.resizedToArea(side);
  const scale = pyramid.image.width / resized.width;
  const room = Math.round(border * side);
  const seen = await detectAsShown(nets, addBorder(resized, room));
  return seen.flatMap(({ box: { left, top, ...size }, score }) => {
    const box = { ...size, left: left - room, top: top - room };
    const isFitting = Math.max(box.width, box.height) <= largest && holdsMiddle(resized, box);
    return isFitting ? { box: scaleBox(box, scale), score } : [];
  });
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

/** No face that is to be seen has its middle outside of the image. */
function holdsMiddle(image: RgbImage, { left, top, width, height }: PixelBox): boolean {
  const x = left + width / 2;
  const y = top + height / 2;
  return x >= 0 && y >= 0 && x <= image.width && y <= image.height;
}

function addBorder(image: RgbImage, border: number): RgbImage {
  if (border === 0) return image;
  const width = image.width + 2 * border;
  const height = image.height + 2 * border;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((border + y) * width + border) * 3);
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
