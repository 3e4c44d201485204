import { type PixelBox, type PixelSize, sharedPixels } from '../images/pixel-box.js';

/** A label that lies on another cannot be read, which is worse than one that lies on a part of a face. */
const LABEL_COST = 4;

/** A label to find a place for, and the frame that it belongs to. */
export interface Label extends PixelSize {
  frame: PixelBox;
}

/**
 * Finds a place for each label: above, below or beside its frame, inside the picture, and where it hides the least
 * of frames and of labels already placed. Above is taken where all are as good.
 *
 * @param frames all there are, those without a label too
 * @returns where each label lies, in the order given
 */
export function placeLabels(
  picture: PixelSize,
  frames: readonly PixelBox[],
  labels: readonly Label[],
): PixelBox[] {
  const placed: PixelBox[] = [];
  for (const label of labels) {
    const places = placesAround(label).map((place) => moveInside(place, picture));
    const costs = places.map((place) => hidden(place, frames) + LABEL_COST * hidden(place, placed));
    placed.push(places[costs.indexOf(Math.min(...costs))]!);
  }
  return placed;
}

/** The places that touch the frame, best first. */
function placesAround({ frame, width, height }: Label): PixelBox[] {
  const above = frame.top - height;
  const below = frame.top + frame.height;
  const before = frame.left - width;
  const after = frame.left + frame.width;
  const flushRight = after - width;
  const flushBottom = below - height;
  const corners = [
    [frame.left, above],
    [flushRight, above],
    [frame.left, below],
    [flushRight, below],
    [after, frame.top],
    [before, frame.top],
    [after, flushBottom],
    [before, flushBottom],
  ] as const;
  return corners.map(([left, top]) => ({ left, top, width, height }));
}

/** A label too large for the picture begins at its edge. */
function moveInside(box: PixelBox, picture: PixelSize): PixelBox {
  return {
    ...box,
    left: Math.max(0, Math.min(box.left, picture.width - box.width)),
    top: Math.max(0, Math.min(box.top, picture.height - box.height)),
  };
}

/** Pixels of the others that a box lies on. */
function hidden(box: PixelBox, others: readonly PixelBox[]): number {
  let pixels = 0;
  for (const other of others) {
    const shared = sharedPixels(box, other);
    if (shared) pixels += shared.width * shared.height;
  }
  return pixels;
}
