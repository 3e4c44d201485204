import { createHash } from 'node:crypto';
import { area, clampToImage, intersection, widen } from '../images/bounding-box.js';
import type { BoundingBox } from '../types.js';
import type { Brightness } from './brightness.js';

/** A real photo whose faces are declared. */
interface RealPhoto {
  readonly brightness: Brightness;
  readonly faces: readonly { readonly number: number; readonly box: BoundingBox }[];
}

/** A face that was found again: its number, and where, as ratios of the picture. */
export interface FoundFace {
  readonly number: number;
  readonly box: BoundingBox;
}

const WHOLE: BoundingBox = { left: 0, top: 0, width: 1, height: 1 };
/** The margins that faces are cut out with: `searchPhoto` takes 0.5 and 1, and `cropFace` any. */
const MARGINS = Array.from({ length: 41 }, (_, n) => n / 20);

/** Cells on a side, of a whole picture and of a face. */
const CELLS = 16;
const FACE_CELLS = 8;
/**
 * How much a picture may differ from a photo that it shows, and a face from itself, of 32. JPEG and other sizes make a
 * level or two; the rest is for parts that were painted over.
 */
const SAME_PICTURE = 5;
const SAME_CROP = 20;
const SAME_FACE = 6;
/** How much of a face has to show. */
const LEAST_SHOWN = 0.6;
/** How much the proportions of a crop may differ from those that were cut, which were rounded to pixels. */
const SAME_PROPORTIONS = 1.1;

/**
 * Real photos, which are known again by how they look: whole, in any encoding and size, and in what `searchPhoto` and
 * `cropFace` cut out of them.
 */
export class RealPhotos {
  readonly #photos: RealPhoto[] = [];
  readonly #byContent = new Map<string, RealPhoto>();

  get isEmpty(): boolean {
    return this.#photos.length === 0;
  }

  add(bytes: Uint8Array, photo: RealPhoto): void {
    this.#photos.push(photo);
    this.#byContent.set(checksum(bytes), photo);
  }

  /** The faces that a picture shows of the photo that it is, or is cut out of; `undefined` where it is of none. */
  find(bytes: Uint8Array, picture: Brightness): FoundFace[] | undefined {
    const same = this.#byContent.get(checksum(bytes));
    if (same) return same.faces.map(({ number, box }) => ({ number, box: clampToImage(box) }));
    let best: { photo: RealPhoto; region: BoundingBox; difference: number } | undefined;
    for (const photo of this.#photos)
      for (const { region, face } of regionsOf(photo)) {
        if (!hasProportions(picture, photo.brightness, region)) continue;
        const most = Math.min(face ? SAME_CROP : SAME_PICTURE, best?.difference ?? SAME_CROP);
        const difference = picture.difference(WHOLE, photo.brightness, region, { cells: CELLS, most });
        if (difference > most) continue;
        // The neighbours of a face that was cut out may have been painted over; the face itself never is.
        if (face && !shows(picture, photo, region, face)) continue;
        best = { photo, region, difference };
      }
    if (!best) return undefined;
    const { photo, region } = best;
    return photo.faces
      .filter(({ box }) => shows(picture, photo, region, box))
      .map(({ number, box }) => ({ number, box: clampToImage(boxIn(region, box)) }));
  }
}

/** What of a photo may be sent: all of it, or a face with a margin. */
function* regionsOf({ faces }: RealPhoto): Generator<{ region: BoundingBox; face?: BoundingBox }> {
  yield { region: WHOLE };
  for (const { box } of faces)
    for (const margin of MARGINS) yield { region: clampToImage(widen(box, margin)), face: box };
}

function hasProportions(picture: Brightness, photo: Brightness, region: BoundingBox): boolean {
  const proportions = (region.width * photo.width) / (region.height * photo.height);
  const ratio = picture.width / picture.height / proportions;
  return Math.max(ratio, 1 / ratio) <= SAME_PROPORTIONS;
}

/** Whether a face is to be seen in a picture of a region of its photo, and not hidden or painted over. */
function shows(
  picture: Brightness,
  { brightness }: RealPhoto,
  region: BoundingBox,
  face: BoundingBox,
): boolean {
  const shown = intersection(face, region);
  if (area(shown) < LEAST_SHOWN * area(face)) return false;
  const compared = { cells: FACE_CELLS, most: SAME_FACE };
  return picture.difference(boxIn(region, shown), brightness, shown, compared) <= SAME_FACE;
}

/** Where a box of a photo lies in a region of it. */
function boxIn(region: BoundingBox, { left, top, width, height }: BoundingBox): BoundingBox {
  return {
    left: (left - region.left) / region.width,
    top: (top - region.top) / region.height,
    width: width / region.width,
    height: height / region.height,
  };
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
