import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Label, placeLabels } from '../../src/annotate/place-labels.js';
import { type PixelBox, sharedPixels } from '../../src/images/pixel-box.js';

const PICTURE = { width: 1000, height: 800 };
const frame = (left: number, top: number, side = 100): PixelBox => ({ left, top, width: side, height: side });
const labelled = (at: PixelBox, width = 150, height = 20): Label => ({ frame: at, width, height });
const place = (...labels: Label[]) =>
  placeLabels(
    PICTURE,
    labels.map((label) => label.frame),
    labels,
  );

describe('a label', () => {
  it('stands above its face', () => {
    expect(place(labelled(frame(400, 400)))).toEqual([{ left: 400, top: 380, width: 150, height: 20 }]);
  });

  it('stands below at the top of the picture', () => {
    expect(place(labelled(frame(400, 0)))).toMatchObject([{ left: 400, top: 100 }]);
  });

  it('ends with its face at the right of the picture', () => {
    expect(place(labelled(frame(900, 400)))).toMatchObject([{ left: 850, top: 380 }]);
  });

  it('stands beside a face as high as the picture', () => {
    const tall = { left: 400, top: 0, width: 100, height: 800 };
    expect(place(labelled(tall))).toMatchObject([{ left: 500, top: 0 }]);
  });

  it('lies on a face that fills the picture, at its edge', () => {
    expect(place(labelled({ left: 0, top: 0, ...PICTURE }))).toMatchObject([{ left: 0, top: 0 }]);
  });

  it('hides no other face where there is room', () => {
    const [above] = place(labelled(frame(400, 400)), labelled(frame(400, 290)));
    expect(above).toMatchObject({ left: 400, top: 500 });
  });

  it('hides no other label where there is room', () => {
    const [first, second] = place(labelled(frame(400, 400)), labelled(frame(510, 400)));
    expect(sharedPixels(first!, second!)).toBeUndefined();
  });

  it('keeps away from faces that have no label', () => {
    const neighbour = frame(400, 290);
    const label = labelled(frame(400, 400));
    expect(placeLabels(PICTURE, [label.frame, neighbour], [label])).toMatchObject([{ top: 500 }]);
  });

  it('stays in the picture, wherever faces are', () => {
    const coordinate = fc.integer({ min: 0, max: 700 });
    const anyLabel = fc
      .tuple(coordinate, coordinate, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1000 }))
      .map(([left, top, side, width]) => labelled(frame(left, top, side), width));
    fc.assert(
      fc.property(fc.array(anyLabel, { maxLength: 20 }), (labels) => {
        for (const { left, top, width, height } of place(...labels)) {
          expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(PICTURE.width);
          expect(top + height).toBeLessThanOrEqual(PICTURE.height);
        }
      }),
    );
  });

  it('begins at the edge when it is wider than the picture', () => {
    expect(place(labelled(frame(400, 400), 2000))).toMatchObject([{ left: 0 }]);
  });
});
