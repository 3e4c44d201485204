import type { BoundingBox } from '../types.js';

/** Four bits a channel: far enough apart that a good JPEG does not mix two of them up. */
const LEVELS = 16;
const STEP = 255 / (LEVELS - 1);

/** How many colours there are. Number 0, black, is the background's. */
export const COLORS = LEVELS ** 3;

/** Odd, so that it gives every number a colour of its own; large, so that neighbours look different. */
const SPREAD = 1597;

/** Whose least part of its box must be in a rectangle's very colour, and how many pixels: noise is neither. */
const LEAST_FILL = 0.6;
const LEAST_PIXELS = 16;

/** The colour of a number, 0 to `COLORS` - 1. */
export function colorOf(number: number): { r: number; g: number; b: number } {
  const mixed = (number * SPREAD) % COLORS;
  return {
    r: (mixed % LEVELS) * STEP,
    g: (Math.floor(mixed / LEVELS) % LEVELS) * STEP,
    b: Math.floor(mixed / LEVELS ** 2) * STEP,
  };
}

/** A rectangle that was found: the number of its colour, and where it is in pixels. */
export interface FoundRectangle extends BoundingBox {
  readonly number: number;
}

/**
 * The filled rectangles of a picture, one for each colour from number 1 to `last`.
 *
 * @param pixels RGB, row by row
 */
export function findRectangles(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
  last: number,
): FoundRectangle[] {
  const numbers = numbersByColor(last);
  const counts = new Map<number, { columns: Uint32Array; rows: Uint32Array; pixels: number }>();
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) {
      const number = numbers[levelsOf(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!)]!;
      if (number === 0) continue;
      let count = counts.get(number);
      if (!count) {
        count = { columns: new Uint32Array(width), rows: new Uint32Array(height), pixels: 0 };
        counts.set(number, count);
      }
      count.columns[x]! += 1;
      count.rows[y]! += 1;
      count.pixels += 1;
    }

  return [...counts].flatMap(([number, count]) => {
    const [left, right] = extent(count.columns);
    const [top, bottom] = extent(count.rows);
    const box = { left, top, width: right - left, height: bottom - top };
    const isRectangle = count.pixels >= Math.max(LEAST_PIXELS, LEAST_FILL * box.width * box.height);
    return isRectangle ? { number, ...box } : [];
  });
}

/** From the first to behind the last place with at least half of the highest count: stray pixels do not widen it. */
function extent(counts: Uint32Array): [from: number, to: number] {
  const half = counts.reduce((most, count) => Math.max(most, count), 0) / 2;
  return [counts.findIndex((count) => count >= half), counts.findLastIndex((count) => count >= half) + 1];
}

/** The number of each colour, 0 where it has none. */
function numbersByColor(last: number): Uint16Array {
  const numbers = new Uint16Array(COLORS);
  for (let number = 1; number <= last; number++) {
    const { r, g, b } = colorOf(number);
    numbers[levelsOf(r, g, b)] = number;
  }
  return numbers;
}

function levelsOf(r: number, g: number, b: number): number {
  const level = (value: number) => Math.round(value / STEP);
  return level(r) + LEVELS * (level(g) + LEVELS * level(b));
}
