import type { RgbImage } from '../../images/decode.js';
import { type Anchor, layAnchors } from './anchors.js';
import type { Nets } from './inference.js';
import { area, overlap, type PixelBox, scaleBox } from './pixel-box.js';
import { resize } from './resize.js';
import { keepBest, type ScoredBox } from './scored-box.js';

/** How the detector looks at an image. */
export interface Look {
  /** Pixels of the image's longer side in what the net sees, at most 512. */
  longSide: number;
  /** The least black beside the image in what the net sees, in pixels, as far as there is space. */
  room: number;
  /** In the middle of the black, or in its upper left corner. */
  centered: boolean;
  /** The smallest box that counts: the root of its area, as a ratio of the image's longer side. */
  smallest: number;
  /** The largest one, likewise. */
  largest: number;
}

/** Pixels of a side that the net sees at most: it was trained with these, and finds fewer faces in more. */
const LARGEST_SIDE = 512;
/** Sides are multiples of this, as the net halves them evenly then. */
const SIDE_STEP = 64;
/** Weaker boxes tell nothing at all. */
const LEAST_SCORE = 0.05;
/** Boxes of one look that overlap more than this are one face. */
const MAX_OVERLAP = 0.5;

/**
 * The boxes that the net sees in one look at an image, the best score first, in the image's pixels. It is shown
 * little more than the image: the time of a look grows with the area, and the black around it tells nothing.
 */
export async function look(
  nets: Nets,
  image: RgbImage,
  { longSide, room, centered, smallest, largest }: Look,
): Promise<ScoredBox[]> {
  const scale = longSide / Math.max(image.width, image.height);
  const resized = scale === 1 ? image : await resize(image, image.width * scale, image.height * scale);
  const width = sideFor(resized.width + room);
  const height = sideFor(resized.height + room);
  const left = centered ? Math.floor((width - resized.width) / 2) : 0;
  const top = centered ? Math.floor((height - resized.height) / 2) : 0;
  const pixels = placeOnBlack(resized, width, height, left, top);
  const { boxes, scores } = await nets.run('detector', pixels, 1, [height, width]);
  const anchors = anchorsFor(width, height);
  const found: ScoredBox[] = [];
  scores!.forEach((score, i) => {
    if (score <= LEAST_SCORE) return;
    const box = decodeBox(anchors[i]!, boxes!.subarray(i * 4, i * 4 + 4));
    const size = Math.sqrt(area(box)) / longSide;
    if (size < smallest || size > largest) return;
    const inResized = { ...box, left: box.left - left, top: box.top - top };
    if (!holdsMiddle(resized, inResized)) return;
    found.push({ box: scaleBox(inResized, 1 / scale), score });
  });
  return keepBest(found, (a, b) => overlap(a, b) > MAX_OVERLAP);
}

/** No face that is to be seen has its middle outside of the image. */
function holdsMiddle(image: RgbImage, { left, top, width, height }: PixelBox): boolean {
  const x = left + width / 2;
  const y = top + height / 2;
  return x >= 0 && y >= 0 && x <= image.width && y <= image.height;
}

function sideFor(pixels: number): number {
  return Math.min(LARGEST_SIDE, Math.ceil(pixels / SIDE_STEP) * SIDE_STEP);
}

/** There are only a few sizes, so each is laid once. */
const laidAnchors = new Map<string, readonly Anchor[]>();

function anchorsFor(width: number, height: number): readonly Anchor[] {
  const size = `${width} x ${height}`;
  const anchors = laidAnchors.get(size) ?? layAnchors(width, height);
  laidAnchors.set(size, anchors);
  return anchors;
}

/** The image on black, `width · height · 3` bytes. */
function placeOnBlack(image: RgbImage, width: number, height: number, left: number, top: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    pixels.set(row, ((top + y) * width + left) * 3);
  }
  return pixels;
}

/**
 * Moves an anchor and stretches it, as the net says. The divisors are the variances that it was trained with (0.1 and
 * 0.2 in the SSD paper's code).
 *
 * @param offsets of y, x, height and width
 */
function decodeBox(anchor: Anchor, offsets: Float32Array): PixelBox {
  const width = anchor.width * Math.exp(offsets[3]! / 5);
  const height = anchor.height * Math.exp(offsets[2]! / 5);
  const centerX = anchor.centerX + (offsets[1]! / 10) * anchor.width;
  const centerY = anchor.centerY + (offsets[0]! / 10) * anchor.height;
  return { left: centerX - width / 2, top: centerY - height / 2, width, height };
}
