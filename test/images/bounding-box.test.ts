import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/errors.js';
import {
  area,
  clampToImage,
  containment,
  intersection,
  intersectionOverUnion,
  photoBox,
  widen,
} from '../../src/images/bounding-box.js';
import { cutOut, sharedPixels, toPixels, toRatios } from '../../src/images/pixel-box.js';

const box = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });
const QUARTER = box(0, 0, 0.5, 0.5);

describe('area', () => {
  it('is the share of the image', () => {
    expect(area(QUARTER)).toBe(0.25);
  });

  it.each([box(0, 0, 0, 1), box(0, 0, -0.5, -0.5), box(0, 0, Number.NaN, 1)])('is 0 for %j', (empty) => {
    expect(area(empty)).toBe(0);
  });
});

describe('intersection', () => {
  it('is the box that two boxes share', () => {
    expect(intersection(QUARTER, box(0.25, 0.25, 0.5, 0.5))).toEqual(box(0.25, 0.25, 0.25, 0.25));
    expect(intersection(QUARTER, box(-1, -1, 3, 3))).toEqual(QUARTER);
  });

  it('covers nothing where boxes are apart, or only touch', () => {
    expect(area(intersection(QUARTER, box(0.75, 0, 0.25, 0.25)))).toBe(0);
    expect(area(intersection(QUARTER, box(0.5, 0, 0.5, 0.5)))).toBe(0);
  });
});

describe('containment', () => {
  it('is the share of the smaller box that lies in the larger, whichever is which', () => {
    const inside = box(0.125, 0.125, 0.25, 0.25);
    expect(containment(QUARTER, inside)).toBe(1);
    expect(containment(inside, QUARTER)).toBe(1);
    expect(containment(QUARTER, box(0.25, 0, 0.5, 0.5))).toBe(0.5);
    expect(containment(QUARTER, box(0.375, 0, 0.25, 0.25))).toBe(0.5);
  });

  it('is 0 when a box is empty, no number, or elsewhere', () => {
    expect(containment(QUARTER, box(0.1, 0.1, 0, 0))).toBe(0);
    expect(containment(box(0, 0, 0, 0), box(0, 0, 0, 0))).toBe(0);
    expect(containment(QUARTER, box(Number.NaN, 0, 1, 1))).toBe(0);
    expect(containment(QUARTER, box(0.5, 0.5, 0.5, 0.5))).toBe(0);
  });
});

describe('intersectionOverUnion', () => {
  it('is 1 for a box and itself, and 0 for boxes apart', () => {
    expect(intersectionOverUnion(QUARTER, QUARTER)).toBe(1);
    expect(intersectionOverUnion(QUARTER, box(0.5, 0, 0.5, 0.5))).toBe(0);
  });

  it('is what is shared over what is covered', () => {
    expect(intersectionOverUnion(QUARTER, box(0.25, 0, 0.5, 0.5))).toBeCloseTo(1 / 3);
  });

  it('is 0 when a box is empty or no number', () => {
    expect(intersectionOverUnion(QUARTER, box(0.1, 0.1, 0, 0))).toBe(0);
    expect(intersectionOverUnion(box(0, 0, 0, 0), box(0, 0, 0, 0))).toBe(0);
    expect(intersectionOverUnion(QUARTER, box(Number.NaN, 0, 1, 1))).toBe(0);
  });
});

describe('widen', () => {
  it('adds the margin on every side', () => {
    expect(widen(box(0.25, 0.5, 0.5, 0.25), 0.5)).toEqual(box(0, 0.375, 1, 0.5));
  });

  it('may reach past the image', () => {
    expect(widen(QUARTER, 1)).toEqual(box(-0.5, -0.5, 1.5, 1.5));
  });
});

describe('clampToImage', () => {
  it('keeps what lies inside', () => {
    expect(clampToImage(box(-0.25, 0.75, 0.5, 0.5))).toEqual(box(0, 0.75, 0.25, 0.25));
  });

  it('leaves nothing of a box outside', () => {
    expect(area(clampToImage(box(1.5, 0, 0.5, 0.5)))).toBe(0);
  });
});

describe('toPixels', () => {
  const image = { width: 200, height: 100 };

  it('rounds the edges to whole pixels', () => {
    expect(toPixels(box(0.1, 0.104, 0.2, 0.2), image)).toEqual(box(20, 10, 40, 20));
  });

  it('never is empty: a box without a size or outside becomes the nearest pixel', () => {
    expect(toPixels(box(0.5, 0.5, 0, -1), image)).toEqual(box(100, 50, 1, 1));
    expect(toPixels(box(3, -2, 0.5, 0.5), image)).toEqual(box(199, 0, 1, 1));
  });

  it.each([box(Number.NaN, 0, 1, 1), box(0, 0, Number.POSITIVE_INFINITY, 1)])('refuses %j', (nonsense) => {
    expect(() => toPixels(nonsense, image)).toThrow(InvalidArgumentError);
  });

  it('stays inside the image, whatever the box', () => {
    const ratio = fc.double({ min: -3, max: 3, noNaN: true });
    const side = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(ratio, ratio, ratio, ratio, side, side, (left, top, width, height, w, h) => {
        const cut = toPixels(box(left, top, width, height), { width: w, height: h });
        expect(Object.values(cut).every(Number.isInteger)).toBe(true);
        expect(Math.min(cut.left, cut.top)).toBeGreaterThanOrEqual(0);
        expect(Math.min(cut.width, cut.height)).toBeGreaterThanOrEqual(1);
        expect(cut.left + cut.width).toBeLessThanOrEqual(w);
        expect(cut.top + cut.height).toBeLessThanOrEqual(h);
      }),
    );
  });

  it('is turned back by toRatios', () => {
    expect(toRatios(box(50, 25, 100, 50), image)).toEqual(box(0.25, 0.25, 0.5, 0.5));
  });
});

describe('photoBox', () => {
  it('finds the place in the photo of a box in the crop', () => {
    expect(photoBox(box(0.5, 0.25, 0.5, 0.25), box(0.5, 0.5, 0.5, 1))).toEqual(box(0.75, 0.375, 0.25, 0.25));
  });
});

describe('sharedPixels', () => {
  it('is the rectangle of pixels that two rectangles share, and nothing where they only touch', () => {
    expect(sharedPixels(box(0, 0, 4, 4), box(2, 3, 4, 4))).toEqual(box(2, 3, 2, 1));
    expect(sharedPixels(box(0, 0, 4, 4), box(4, 0, 4, 4))).toBeUndefined();
  });
});

describe('cutOut', () => {
  it('leaves a box alone that the hole does not touch', () => {
    expect(cutOut(box(0, 0, 4, 4), box(4, 0, 4, 4))).toEqual([box(0, 0, 4, 4)]);
  });

  it('leaves nothing of a box inside the hole', () => {
    expect(cutOut(box(2, 2, 1, 1), box(0, 0, 4, 4))).toEqual([]);
  });

  it('leaves every pixel outside the hole, once', () => {
    const small = fc.integer({ min: 0, max: 6 });
    const side = fc.integer({ min: 1, max: 6 });
    const anyBox = fc
      .tuple(small, small, side, side)
      .map(([x, y, width, height]) => box(x, y, width, height));
    fc.assert(
      fc.property(anyBox, anyBox, (whole, hole) => {
        const parts = cutOut(whole, hole);
        for (let x = 0; x < 12; x++) {
          for (let y = 0; y < 12; y++) {
            const at = box(x, y, 1, 1);
            const isLeft = sharedPixels(whole, at) !== undefined && sharedPixels(hole, at) === undefined;
            expect(parts.filter((part) => sharedPixels(part, at)).length).toBe(isLeft ? 1 : 0);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
