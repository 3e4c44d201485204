import type { RgbImage } from '../../images/decode.js';
import type { Nets } from './inference.js';
import { type Look, look } from './look.js';
import { area, containment, overlap, type PixelBox, scaleBox } from './pixel-box.js';
import { resize } from './resize.js';
import { keepBest, type ScoredBox } from './scored-box.js';
import { lookAtTiles, paysToTile } from './tiles.js';

/** What may be a face. */
export interface DetectedBox extends ScoredBox {
  /** The scores of all looks at the photo that saw something there, together. */
  evidence: number;
}

/** Weaker boxes can only hint at small faces. */
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

/**
 * The photo fills what the net sees. A box about as large as that is more often noise than a face: of 125 faces larger
 * than .7 of the photo it missed half, and the look below found 122.
 */
const MAIN_LOOK: Look = { longSide: 512, room: 16, centered: false, smallest: 0, largest: 0.7 };
/**
 * A close-up fills the main look and is missed, so the photo is looked at again much smaller, with black around it.
 * Only faces that are large in the photo are taken from this look: the others are doubtful, and found by the main one.
 */
const CLOSE_UP: Look = closeUp(150);
/**
 * Second thoughts, for a photo in which nothing is sure: between the sizes of the other two, and smaller. Faces that
 * fill the photo and faces in profile are seen at one size and missed at the next.
 */
const CLOSER_LOOKS: readonly Look[] = [
  { longSide: 384, room: 128, centered: true, smallest: 0, largest: 0.7 },
  closeUp(200),
  closeUp(120),
  closeUp(100),
];

function closeUp(longSide: number): Look {
  return { longSide, room: 40, centered: true, smallest: 0.22, largest: 1.2 };
}

/** A box is small when the root of its area is less than this, in ratio to the photo's longer side. */
const SMALL = 40 / 512;
/**
 * What hints at small faces, of which the main look misses some and frames others badly: a small box, or one of the
 * tiniest, which noise makes fainter than the larger ones. Of 21 photos with one face of 14 pixels of 512 it gave 20
 * such hints, of 9 pixels 15; of 120 photos without a small face, one.
 */
const HINTS = [
  { size: SMALL, score: 0.1 },
  { size: 18 / 512, score: 0.05 },
];

/** How alike boxes of two looks may be before they count as one face. */
const MERGE = { overlap: 0.4, containment: 0.65 };
/** The same for a small box of the main look, which may lie beside the face, and one from closer. */
const REPLACED_CONTAINMENT = 0.4;

/**
 * Everything in an image that may be a face, the best score first, in the image's pixels.
 *
 * @param thorough looks closer for small faces, and takes second thoughts when nothing is sure
 */
export async function detectFaces(nets: Nets, image: RgbImage, thorough = true): Promise<DetectedBox[]> {
  const scale = MAIN_LOOK.longSide / Math.max(image.width, image.height);
  const small = await resize(image, image.width * scale, image.height * scale);
  const main = await look(nets, small, MAIN_LOOK);
  const closeUp = await look(nets, small, CLOSE_UP);
  const paysToLookCloser = thorough && main.some(hintsAtSmallFaces) && paysToTile(image);
  const inTiles = paysToLookCloser ? await lookAtTiles(nets, image) : [];
  const fromCloser = inTiles.map(({ box, score }) => ({ box: scaleBox(box, scale), score }));
  const seen = [main.filter((box) => !isReplaced(box, fromCloser)), closeUp, fromCloser];
  if (thorough && !merge(seen).some(({ score }) => score > SURE_SCORE))
    for (const again of CLOSER_LOOKS) seen.push(await look(nets, small, again));
  return merge(seen)
    .filter(({ score, evidence }) => score > MIN_SCORE || evidence > SURE_EVIDENCE)
    .map((face) => ({ ...face, box: scaleBox(face.box, 1 / scale) }));
}

function hintsAtSmallFaces({ box, score }: ScoredBox): boolean {
  return HINTS.some((hint) => sizeOf(box) < hint.size && score > hint.score);
}

/** The root of a box's area, in ratio to the longer side of the photo as the main look sees it. */
function sizeOf(box: PixelBox): number {
  return Math.sqrt(area(box)) / MAIN_LOOK.longSide;
}

/** Whether a small box of the main look shows a face that was seen better from closer. */
function isReplaced({ box }: ScoredBox, fromCloser: readonly ScoredBox[]): boolean {
  if (sizeOf(box) >= SMALL) return false;
  return fromCloser.some(
    (other) => other.score > SURE_SCORE && containment(box, other.box) > REPLACED_CONTAINMENT,
  );
}

/** Keeps, of boxes that show one face, the one with the best score, and adds up what the looks saw there. */
function merge(looks: readonly (readonly ScoredBox[])[]): DetectedBox[] {
  const clear = looks.map((boxes) => boxes.filter(({ score }) => score > FAINT_SCORE));
  return keepBest(clear.flat(), isSameFace).map((best) => {
    const seen = clear.flatMap((boxes) => boxes.find(({ box }) => isSameFace(best.box, box)) ?? []);
    return { ...best, evidence: seen.reduce((sum, { score }) => sum + score, 0) };
  });
}

/** Whether two boxes show one face. */
export function isSameFace(a: PixelBox, b: PixelBox): boolean {
  return overlap(a, b) > MERGE.overlap || containment(a, b) > MERGE.containment;
}
