import { type RgbImage, toSharp } from '../images/decode.js';
import { fillBox } from '../images/fill-box.js';
import type { PixelBox, PixelSize } from '../images/pixel-box.js';
import type { BoundingBox } from '../types.js';

/** How much is covered around a face, as ratios of the sides of its box. */
export interface Margins {
  above: number;
  beside: number;
  below: number;
}

/**
 * Averages along a side of a region: few enough to show some colours and no feature of a face. Through a usual mosaic,
 * of cells of 8 or 16 pixels, a net still recognises people (McPherson, Shokri and Shmatikov, "Defeating Image
 * Obfuscation with Deep Learning", 2016).
 */
const MOST_CELLS = 3;
/** Pixels along the shortest side of a cell, for an average of few pixels says much of each. No region is smaller. */
const LEAST_CELL = 8;

/** Dark grey: skin has no such colour, so that what is covered is plain to see. */
const FILL = Uint8Array.of(64, 64, 64);

/**
 * The pixels to cover so that nothing of a face shows: all that its box touches, and the margins. Undefined when they
 * lie outside the picture.
 *
 * @param box four finite numbers; may reach past the picture
 */
export function regionToCover(
  { left, top, width, height }: BoundingBox,
  picture: PixelSize,
  { above, beside, below }: Margins,
): PixelBox | undefined {
  const across = span(left, width, beside, beside, picture.width);
  const down = span(top, height, above, below, picture.height);
  if (across.length === 0 || down.length === 0) return undefined;
  return { left: across.first, top: down.first, width: across.length, height: down.length };
}

/** Fills a region with one colour, in place. */
export function fillRegion(picture: RgbImage, region: PixelBox): void {
  fillBox(picture, region, FILL);
}

/**
 * Puts the averages of at most 3 × 3 cells of a region in its place, with soft transitions between them. What is drawn
 * is made of these averages alone.
 */
export async function blurRegion(picture: RgbImage, region: PixelBox): Promise<void> {
  const columns = cellsAlong(region.width);
  const rows = cellsAlong(region.height);
  const averages = new Uint8Array(rows * columns * 3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      averages.set(
        averageOf(picture, cellOf(region, columns, rows, column, row)),
        (row * columns + column) * 3,
      );
    }
  }
  const soft = await (await toSharp({ data: averages, width: columns, height: rows }))
    .resize(region.width, region.height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const stride = region.width * 3;
  for (let y = 0; y < region.height; y++) {
    const start = ((region.top + y) * picture.width + region.left) * 3;
    picture.data.set(soft.subarray(y * stride, (y + 1) * stride), start);
  }
}

function cellsAlong(pixels: number): number {
  return Math.max(1, Math.min(MOST_CELLS, Math.floor(pixels / LEAST_CELL)));
}

function cellOf(region: PixelBox, columns: number, rows: number, column: number, row: number): PixelBox {
  const left = Math.round((column * region.width) / columns);
  const top = Math.round((row * region.height) / rows);
  return {
    left: region.left + left,
    top: region.top + top,
    width: Math.round(((column + 1) * region.width) / columns) - left,
    height: Math.round(((row + 1) * region.height) / rows) - top,
  };
}

function averageOf({ data, width: stride }: RgbImage, { left, top, width, height }: PixelBox): Uint8Array {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < top + height; y++) {
    const end = (y * stride + left + width) * 3;
    for (let at = (y * stride + left) * 3; at < end; at += 3) {
      red += data[at]!;
      green += data[at + 1]!;
      blue += data[at + 2]!;
    }
  }
  return Uint8Array.from([red, green, blue], (sum) => Math.round(sum / (width * height)));
}

/** A side with its margins, rounded outwards, cut to the picture, and then at least as long as a cell. */
function span(start: number, length: number, before: number, after: number, pixels: number) {
  const from = Math.floor((start - before * length) * pixels);
  const to = Math.ceil((start + length + after * length) * pixels);
  if (to <= 0 || from >= pixels) return { first: 0, length: 0 };
  const least = Math.min(LEAST_CELL, pixels);
  const covered = Math.max(least, Math.min(to, pixels) - Math.max(from, 0));
  const missing = Math.max(0, least - (to - from));
  const first = Math.min(Math.max(from - (missing >> 1), 0), pixels - covered);
  return { first, length: covered };
}
