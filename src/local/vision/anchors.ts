/** A box that the detector measures faces from, in pixels of its input. */
export interface Anchor {
  centerX: number;
  centerY: number;
  width: number;
  height: number;
}

/** The side of the input that the detector was trained with, in pixels. */
const TRAINED_SIDE = 512;
/** Cells along a side of each level's grid, at the side it was trained with. */
const GRIDS = [32, 16, 8, 4, 2, 1];
/** The size of a level's anchors, as a ratio of that side, grows evenly from the first level to the last. */
const MIN_SCALE = 0.2;
const MAX_SCALE = 0.95;
/** Width to height; the last as it was written in the net's configuration. */
const ASPECT_RATIOS = [1, 2, 1 / 2, 3, 0.3333];

/**
 * The anchors for a square input of `side` pixels, in the order of the detector's output: level by level, row by
 * row. They are laid as by the SSD anchor generator of TensorFlow's object detection API, with fewer and smaller
 * ones on the first level. Whatever the input's side, they keep their size in pixels.
 */
export function layAnchors(side: number): Anchor[] {
  return GRIDS.flatMap((grid, level) => {
    const cells = Math.ceil((grid * side) / TRAINED_SIDE);
    const step = side / cells;
    const shapes = shapesOf(level);
    return Array.from({ length: cells * cells }, (_, cell) => {
      const centerX = ((cell % cells) + 0.5) * step;
      const centerY = (Math.floor(cell / cells) + 0.5) * step;
      return shapes.map((shape) => ({ centerX, centerY, ...shape }));
    }).flat();
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
  if (level === GRIDS.length) return 1;
  return MIN_SCALE + ((MAX_SCALE - MIN_SCALE) * level) / (GRIDS.length - 1);
}

function shape(scale: number, ratio: number): { width: number; height: number } {
  return {
    width: scale * Math.sqrt(ratio) * TRAINED_SIDE,
    height: (scale / Math.sqrt(ratio)) * TRAINED_SIDE,
  };
}
