import { resize } from './decode.js';
import type { Nets } from './inference.js';
import { MODELS } from './models.js';
import { area, containment, overlap, type PixelBox, scaleBox } from './pixel-box.js';
import type { RgbImage } from './rgb-image.js';
import { readWeights } from './weights.js';

/** A box that the detector drew, and how sure it is, 0 to 1. */
export interface DetectedBox {
  box: PixelBox;
  score: number;
}

/** Weaker boxes are not reported. */
const MIN_SCORE = 0.5;
/** Boxes of one pass that overlap more than this are one face. */
const MAX_OVERLAP = 0.5;

/**
 * The main pass: the photo fills a square of 512. Larger inputs find fewer faces, not more, because the detector
 * was trained at this size.
 */
const MAIN_PASS = { side: 512, longSide: 512, centered: false };
/**
 * A close-up fills the main pass and is missed, so the photo is looked at again much smaller, in the middle of a
 * square. Only faces that are large in the photo are taken from this pass: the others are doubtful, and found by
 * the main pass.
 */
const CLOSE_UP_PASS = { side: 256, longSide: 150, centered: true };
const MIN_CLOSE_UP = 0.22;

/** How alike boxes of the two passes may be before they count as one face. */
const MERGE = { overlap: 0.4, containment: 0.65 };

/** Every face of an image, the best score first, in the image's pixels. */
export async function detectFaces(nets: Nets, image: RgbImage): Promise<DetectedBox[]> {
  const longSide = Math.max(image.width, image.height);
  const main = await detectOnce(nets, image, MAIN_PASS);
  const closeUps = await detectOnce(nets, image, CLOSE_UP_PASS);
  const largeOnes = closeUps.filter(({ box }) => Math.sqrt(area(box)) >= MIN_CLOSE_UP * longSide);
  return merge([...main, ...largeOnes]);
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
  { side, longSide, centered }: { side: number; longSide: number; centered: boolean },
): Promise<DetectedBox[]> {
  const scale = longSide / Math.max(image.width, image.height);
  const resized = await resize(image, image.width * scale, image.height * scale);
  const left = centered ? Math.floor((side - resized.width) / 2) : 0;
  const top = centered ? Math.floor((side - resized.height) / 2) : 0;
  const square = placeInSquare(resized, side, left, top);
  const { boxes, scores } = await nets.run('detector', square, 1, [side, side]);
  const anchors = await anchorBoxes(side);
  const found: DetectedBox[] = [];
  scores!.forEach((score, i) => {
    if (score <= MIN_SCORE) return;
    const box = decodeBox(anchors[i]!, boxes!.subarray(i * 4, i * 4 + 4), side);
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

interface Anchor {
  centerX: number;
  centerY: number;
  width: number;
  height: number;
}

/** Cells of each level at 512 x 512, and how many anchors lie on each cell. */
const LEVELS = [
  { cells: 32, anchors: 3 },
  { cells: 16, anchors: 6 },
  { cells: 8, anchors: 6 },
  { cells: 4, anchors: 6 },
  { cells: 2, anchors: 6 },
  { cells: 1, anchors: 6 },
] as const;

const anchorsBySide = new Map<number, Promise<Anchor[]>>();

/**
 * The anchors for an input of `side` pixels, as ratios of that side. The weight file lists them for 512; at another
 * side they keep their size in pixels, and there are as many as the levels have cells.
 */
function anchorBoxes(side: number): Promise<Anchor[]> {
  let anchors = anchorsBySide.get(side);
  if (!anchors) {
    anchors = readWeights(MODELS.detector.package, MODELS.detector.file).then((weights) =>
      layAnchors(weights.get('Output/extra_dim').data, side),
    );
    anchorsBySide.set(side, anchors);
  }
  return anchors;
}

/** @param listed [anchors, 4]: top, left, bottom and right of each anchor at 512, as ratios */
export function layAnchors(listed: Float32Array, side: number): Anchor[] {
  const anchors: Anchor[] = [];
  let first = 0;
  for (const level of LEVELS) {
    const cells = Math.ceil((level.cells * side) / 512);
    for (let row = 0; row < cells; row++)
      for (let column = 0; column < cells; column++)
        for (let i = 0; i < level.anchors; i++) {
          const [top, left, bottom, right] = listed.subarray((first + i) * 4) as unknown as [
            number,
            number,
            number,
            number,
          ];
          anchors.push({
            centerX: (column + 0.5) / cells,
            centerY: (row + 0.5) / cells,
            width: ((right - left) * 512) / side,
            height: ((bottom - top) * 512) / side,
          });
        }
    first += level.cells * level.cells * level.anchors;
  }
  return anchors;
}

/** The variances 10 and 5 are those of the SSD paper's code (0.1 and 0.2), which the net was trained with. */
function decodeBox(anchor: Anchor, offsets: Float32Array, side: number): PixelBox {
  const [y, x, height, width] = offsets as unknown as [number, number, number, number];
  const boxWidth = anchor.width * Math.exp(width / 5);
  const boxHeight = anchor.height * Math.exp(height / 5);
  const centerX = anchor.centerX + (x / 10) * anchor.width;
  const centerY = anchor.centerY + (y / 10) * anchor.height;
  return scaleBox(
    { left: centerX - boxWidth / 2, top: centerY - boxHeight / 2, width: boxWidth, height: boxHeight },
    side,
  );
}
