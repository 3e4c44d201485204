import { describe, expect, it } from 'vitest';
import { anchorAt } from '../../src/local/vision/detect/anchors.js';

const INPUT = { width: 320, height: 240 };
/** Where each level begins: 40 x 30 cells of three anchors, 20 x 15 and 10 x 8 of two, 5 x 4 of three. */
const LEVELS = [0, 3600, 4200, 4360];

describe('anchorAt', () => {
  it('knows 4420 anchors of an input of 320 x 240', () => {
    // The coarsest level has five cells of 64 in 320, and four in 240, the last of which ends at 256.
    expect(anchorAt(4419, INPUT)).toEqual({ centerX: 288, centerY: 224, side: 256 });
    expect(() => anchorAt(4420, INPUT)).toThrow(RangeError);
  });

  it('has them in the middle of cells, from the upper left on, row by row, the smallest first', () => {
    expect([0, 1, 2, 3].map((number) => anchorAt(number, INPUT))).toEqual([
      { centerX: 4, centerY: 4, side: 10 },
      { centerX: 4, centerY: 4, side: 16 },
      { centerX: 4, centerY: 4, side: 24 },
      { centerX: 12, centerY: 4, side: 10 },
    ]);
    expect(anchorAt(40 * 3, INPUT)).toEqual({ centerX: 4, centerY: 12, side: 10 });
  });

  it('has larger ones, farther apart, from level to level', () => {
    expect(LEVELS.map((number) => anchorAt(number, INPUT))).toEqual([
      { centerX: 4, centerY: 4, side: 10 },
      { centerX: 8, centerY: 8, side: 32 },
      { centerX: 16, centerY: 16, side: 64 },
      { centerX: 32, centerY: 32, side: 128 },
    ]);
  });

  it('keeps their sides in pixels whatever the size of the input, and covers it to the edge', () => {
    const tiny = { width: 1, height: 1 };
    const sides = Array.from({ length: 10 }, (_, number) => anchorAt(number, tiny).side);
    expect(sides).toEqual([10, 16, 24, 32, 48, 64, 96, 128, 192, 256]);
    expect(() => anchorAt(10, tiny)).toThrow(RangeError);
  });
});
