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
 * The anchors for an input of some size, in the order of the detector's output: level by level, row by row. Whatever
 * the input's size, they keep theirs.
 */
export function* layAnchors(width: number, height: number): Generator<Anchor, void, void> {
  for (const { step, sides } of LEVELS)
    for (let y = step / 2; y < height + step / 2; y += step)
      for (let x = step / 2; x < width + step / 2; x += step)
        for (const side of sides) yield { centerX: x, centerY: y, side };
}
