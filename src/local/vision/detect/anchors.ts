/** A square that the detector measures faces from, in pixels of its input. */
export interface Anchor {
  readonly centerX: number;
  readonly centerY: number;
  readonly side: number;
}

/**
 * Pixels between the cells of each level, and the sides of the anchors in each cell (`min_boxes` and `shrinkage_list`
 * of the RFB-320 configuration, github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB).
 */
const LEVELS = [
  { step: 8, sides: [10, 16, 24] },
  { step: 16, sides: [32, 48] },
  { step: 32, sides: [64, 96] },
  { step: 64, sides: [128, 192, 256] },
] as const;

/**
 * The anchor that a number of the detector's output belongs to: they come level by level, row by row. Whatever the
 * input's size, they keep theirs.
 *
 * @param number 0 and up
 * @param input its width and height in pixels
 */
export function anchorAt(number: number, { width, height }: { width: number; height: number }): Anchor {
  let inLevel = number;
  for (const { step, sides } of LEVELS) {
    const columns = Math.ceil(width / step);
    const count = columns * Math.ceil(height / step) * sides.length;
    if (inLevel < count) {
      const cell = Math.floor(inLevel / sides.length);
      return {
        centerX: ((cell % columns) + 0.5) * step,
        centerY: (Math.floor(cell / columns) + 0.5) * step,
        side: sides[inLevel % sides.length]!,
      };
    }
    inLevel -= count;
  }
  throw new RangeError(`An input of ${width} x ${height} pixels has no anchor ${number}.`);
}
