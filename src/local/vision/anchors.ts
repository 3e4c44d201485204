/** A box that the detector measures faces from, in pixels of its input. */
export interface Anchor {
  centerX: number;
  centerY: number;
  width: number;
  height: number;
}

/** The side of the input that the detector was trained with, in pixels. */
const TRAINED_SIDE = 512;
/** Levels of anchors, the ones for the smallest faces first. */
const LEVELS = 6;
/** Pixels between the cells of the first level. From level to level they double. */
const FIRST_STEP = 16;
/** The size of a level's anchors, as a ratio of the trained side, grows evenly from the first level to the last. */
const MIN_SCALE = 0.2;
const MAX_SCALE = 0.95;
/** Width to height; the last as it was written in the net's configuration. */
const ASPECT_RATIOS = [1, 2, 1 / 2, 3, 0.3333];

/**
 * The anchors for an input of some size, in the order of the detector's output: level by level, row by row. At the
 * trained size they are laid as by the SSD anchor generator of TensorFlow's object detection API, with fewer and
 * smaller ones on the first level. Whatever the input's size, they keep theirs.
 *
 * @param width of the input in pixels, a multiple of 16
 * @param height likewise
 */
export function layAnchors(width: number, height: number): Anchor[] {
  const columns = cellsAlong(width);
  const rows = cellsAlong(height);
  return Array.from({ length: LEVELS }, (_, level) => {
    const shapes = shapesOf(level);
    return rows[level]!.flatMap((centerY) =>
      columns[level]!.flatMap((centerX) => shapes.map((shape) => ({ centerX, centerY, ...shape }))),
    );
  }).flat();
}

/**
 * The middles of each level's cells along a side. A level sees every other cell of the one before: from the second
 * one on where there are an even number of them, as at the trained size. Of an odd number it sees the first, third
 * and so on, because then the padding of the convolution is the same at both ends.
 */
function cellsAlong(side: number): number[][] {
  let count = side / FIRST_STEP;
  let step = FIRST_STEP;
  let first = step / 2;
  return Array.from({ length: LEVELS }, () => {
    const cells = Array.from({ length: count }, (_, cell) => first + cell * step);
    first += count % 2 === 0 ? step / 2 : -step / 2;
    count = Math.ceil(count / 2);
    step *= 2;
    return cells;
  });
}

function shapesOf(level: number): { width: number; height: number }[] {
  if (level === 0) return [shape(0.1, 1), shape(MIN_SCALE, 2), shape(MIN_SCALE, 1 / 2)];
  const scale = scaleOf(level);
  const between = Math.sqrt(scale * scaleOf(level + 1));
  const [square, ...others] = ASPECT_RATIOS.map((ratio) => shape(scale, ratio));
  return [square!, shape(between, 1), ...others];
}

function scaleOf(level: number): number {
  if (level === LEVELS) return 1;
  return MIN_SCALE + ((MAX_SCALE - MIN_SCALE) * level) / (LEVELS - 1);
}

function shape(scale: number, ratio: number): { width: number; height: number } {
  return {
    width: scale * Math.sqrt(ratio) * TRAINED_SIDE,
    height: (scale / Math.sqrt(ratio)) * TRAINED_SIDE,
  };
}
