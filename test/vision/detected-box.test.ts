import { describe, expect, it } from 'vitest';
import { isSameFace, suppressNonMaxima } from '../../src/local/vision/detect/detected-box.js';

const aBox = (left: number, score: number, side = 100) => ({
  box: { left, top: 0, width: side, height: side },
  score,
});

describe('isSameFace', () => {
  const { box } = aBox(0, 1);

  it('is so for boxes that cover much the same, or of which one lies in the other', () => {
    expect(isSameFace(box, aBox(30, 1).box)).toBe(true);
    expect(isSameFace(box, aBox(20, 1, 30).box)).toBe(true);
  });

  it('is not for faces side by side, even when one is half hidden', () => {
    expect(isSameFace(box, aBox(100, 1).box)).toBe(false);
    expect(isSameFace(box, aBox(50, 1).box)).toBe(false);
  });
});

describe('suppressNonMaxima', () => {
  it('keeps the best box of each face, the best first', () => {
    const weak = aBox(0, 0.6);
    const best = aBox(5, 0.9);
    const other = aBox(300, 0.7);
    const part = aBox(20, 0.8, 30);
    expect(suppressNonMaxima([weak, best, other, part])).toEqual([best, other]);
  });

  it('makes nothing of nothing', () => {
    expect(suppressNonMaxima([])).toEqual([]);
  });
});
