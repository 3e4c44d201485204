import type { RgbImage } from '../../images/decode.js';
import { type Anchor, layAnchors } from './anchors.js';
import type { Nets } from './inference.js';
import { area, containment, overlap, type PixelBox, scaleBox } from './pixel-box.js';
import { resize } from './resize.js';

/** A box that the detector drew, and how sure it is, 0 to 1. */
export interface DetectedBox {
  box: PixelBox;
  score: number;
  /** The scores of all looks at the photo that saw something there, together. */
  evidence: number;
}

/** Weaker boxes are noise. */
const FAINT_SCORE = 0.2;
/** Weaker boxes are not reported unless several looks agree. */
const MIN_SCORE = 0.35;
/** What several looks have to add up to. Of 249 pictures without a face, pieces of photos and textures, none did. */
export const SURE_EVIDENCE = 0.7;
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
  /** Only boxes at least as large count: the root of their area, as a ratio of the photo's longer side. */
  smallest: number;
}

/** The photo fills the square. Larger squares find fewer faces, not more: the net was trained at this size. */
const MAIN_PASS: Pass = {
  side: 512,
  longSide: 512,
  centered: false,
  anchors: layAnchors(512),
  smallest: 0,
};
/**
 * A close-up fills the main pass and is missed, so the photo is looked at again much smaller, in the middle of a
 * square. Only faces that are large in the photo are taken from this pass: the others are doubtful, and found by
 * the main pass.
 */
const CLOSE_UP_PASS: Pass = closeUp(150);
/**
 * Second thoughts, for a photo in which nothing is sure: between the sizes of the other two, and smaller. Faces that
 * fill the photo and faces in profile are seen at one size and missed at the next.
 */
const CLOSER_PASSES: readonly Pass[] = [
  { ...MAIN_PASS, longSide: 384, centered: true },
  closeUp(200),
  closeUp(120),
  closeUp(100),
];

function closeUp(longSide: number): Pass {
  return { side: 256, longSide, centered: true, anchors: layAnchors(256), smallest: 0.22 };
}

/** How alike boxes of two passes may be before they count as one face. */
const MERGE = { overlap: 0.4, containment: 0.65 };

/**
 * Everything in an image that may be a face, the best score first, in the image's pixels.
 *
 * @param thorough takes second thoughts when nothing is sure
 */
export async function detectFaces(nets: Nets, image: RgbImage, thorough = true): Promise<DetectedBox[]> {
  const scale = MAIN_PASS.longSide / Math.max(image.width, image.height);
  const small = await resize(image, image.width * scale, image.height * scale);
  const look = (pass: Pass) => detectOnce(nets, small, pass);
  const passes = [await look(MAIN_PASS), await look(CLOSE_UP_PASS)];
  if (thorough && !merge(passes).some(({ score }) => score > SURE_SCORE))
    for (const pass of CLOSER_PASSES) passes.push(await look(pass));
  return merge(passes)
    .filter(({ score, evidence }) => score > MIN_SCORE || evidence > SURE_EVIDENCE)
    .map((face) => ({ ...face, box: scaleBox(face.box, 1 / scale) }));
}

/** Keeps, of boxes that show one face, the one with the best score, and adds up what the passes saw there. */
function merge(passes: readonly (readonly DetectedBox[])[]): DetectedBox[] {
  return keepBest(passes.flat(), isSameFace).map((best) => {
    const seen = passes.flatMap((boxes) => boxes.find(({ box }) => isSameFace(best.box, box)) ?? []);
    return { ...best, evidence: seen.reduce((sum, { score }) => sum + score, 0) };
  });
}

function isSameFace(a: PixelBox, b: PixelBox): boolean {
  return overlap(a, b) > MERGE.overlap || containment(a, b) > MERGE.containment;
}

function keepBest(
  boxes: readonly DetectedBox[],
  isSame: (a: PixelBox, b: PixelBox) => boolean,
): DetectedBox[] {
  const kept: DetectedBox[] = [];
  for (const candidate of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some(({ box }) => isSame(box, candidate.box))) kept.push(candidate);
  return kept;
}

async function detectOnce(
  nets: Nets,
  image: RgbImage,
  { side, longSide, centered, anchors, smallest }: Pass,
): Promise<DetectedBox[]> {
  const scale = longSide / Math.max(image.width, image.height);
  const resized = scale === 1 ? image : await resize(image, image.width * scale, image.height * scale);
  const left = centered ? Math.floor((side - resized.width) / 2) : 0;
  const top = centered ? Math.floor((side - resized.height) / 2) : 0;
  const square = placeInSquare(resized, side, left, top);
  const { boxes, scores } = await nets.run('detector', square, 1, [side, side]);
  const found: DetectedBox[] = [];
  scores!.forEach((score, i) => {
    if (score <= FAINT_SCORE) return;
    const box = decodeBox(anchors[i]!, boxes!.subarray(i * 4, i * 4 + 4));
    const inResized = { ...box, left: box.left - left, top: box.top - top };
    if (Math.sqrt(area(box)) < smallest * longSide) return;
    found.push({ box: scaleBox(inResized, 1 / scale), score, evidence: score });
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
