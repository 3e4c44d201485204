import type { RgbImage } from '../../images/decode.js';
import { type Anchor, layAnchors } from './anchors.js';
import type { Nets } from './inference.js';
import { area, containment, overlap, type PixelBox, scaleBox } from './pixel-box.js';
import { resize } from './resize.js';

/** A box that the detector drew, and how sure it is, 0 to 1. */
export interface DetectedBox {
  box: PixelBox;
  score: number;
}

/** Weaker boxes are not reported. */
const MIN_SCORE = 0.35;
/**
 * Boxes above this score show faces; weaker ones are doubtful, and count only when landmarks of a face are found in
 * them. Of 895 pieces of photos without a face, the doubtful boxes with landmarks were none.
 */
export const SURE_SCORE = 0.5;
/** Boxes of one pass that overlap more than this are one face. */
const MAX_OVERLAP = 0.5;

/** One look at the photo. */
interface Pass {
  /** Pixels along a side of the square that the net sees. */
  side: number;
  /** Pixels of the photo's longer side in that square. */
  longSide: number;
  /** In the middle of the square, or in its upper left corner. */
  centered: boolean;
  anchors: readonly Anchor[];
}

/** The photo fills the square. Larger squares find fewer faces, not more: the net was trained at this size. */
const MAIN_PASS: Pass = { side: 512, longSide: 512, centered: false, anchors: layAnchors(512) };
/**
 * A close-up fills the main pass and is missed, so the photo is looked at again much smaller, in the middle of a
 * square. Only faces that are large in the photo are taken from this pass: the others are doubtful, and found by
 * the main pass.
 */
const CLOSE_UP_PASS: Pass = { side: 256, longSide: 150, centered: true, anchors: layAnchors(256) };
/** Of a box from the close-up pass: the root of its area, as a ratio of the photo's longer side. */
const MIN_CLOSE_UP = 0.22;

/** How alike boxes of the two passes may be before they count as one face. */
const MERGE = { overlap: 0.4, containment: 0.65 };

/** Every face of an image, the best score first, in the image's pixels. */
export async function detectFaces(nets: Nets, image: RgbImage): Promise<DetectedBox[]> {
  const scale = MAIN_PASS.longSide / Math.max(image.width, image.height);
  const small = await resize(image, image.width * scale, image.height * scale);
  const main = await detectOnce(nets, small, MAIN_PASS);
  const closeUps = await detectOnce(nets, small, CLOSE_UP_PASS);
  const largeOnes = closeUps.filter(({ box }) => Math.sqrt(area(box)) >= MIN_CLOSE_UP * MAIN_PASS.longSide);
  const merged = merge([...main, ...largeOnes]);
  return merged.map(({ box, score }) => ({ box: scaleBox(box, 1 / scale), score }));
}

/** Keeps, of boxes that show one face, the one with the best score. */
function merge(boxes: readonly DetectedBox[]): DetectedBox[] {
  return keepBest(boxes, (a, b) => overlap(a, b) > MERGE.overlap || containment(a, b) > MERGE.containment);
}

function keepBest(
  boxes: readonly DetectedBox[],
  isSameFace: (a: PixelBox, b: PixelBox) => boolean,
): DetectedBox[] {
  const kept: DetectedBox[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => isSameFace(box, candidate.box))) kept.push(candidate);
  return kept;
}

async function detectOnce(
  nets: Nets,
  image: RgbImage,
  { side, longSide, centered, anchors }: Pass,
): Promise<DetectedBox[]> {
  const scale = longSide / Math.max(image.width, image.height);
  const resized = scale === 1 ? image : await resize(image, image.width * scale, image.height * scale);
  const left = centered ? Math.floor((side - resized.width) / 2) : 0;
  const top = centered ? Math.floor((side - resized.height) / 2) : 0;
  const square = placeInSquare(resized, side, left, top);
  const { boxes, scores } = await nets.run('detector', square, 1, [side, side]);
  const found: DetectedBox[] = [];
  scores!.forEach((score, i) => {
    if (score <= MIN_SCORE) return;
    const box = decodeBox(anchors[i]!, boxes!.subarray(i * 4, i * 4 + 4));
    const inResized = { ...box, left: box.left - left, top: box.top - top };
    found.push({ box: scaleBox(inResized, 1 / scale), score });
  });
  return keepBest(found, (a, b) => overlap(a, b) > MAX_OVERLAP);
}

/** The image on a black square, `side · side · 3` bytes. */
function placeInSquare(image: RgbImage, side: number, left: number, top: number): Uint8Array {
  const square = new Uint8Array(side * side * 3);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    square.set(row, ((top + y) * side + left) * 3);
  }
  return square;
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
