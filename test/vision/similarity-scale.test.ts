import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOBILE_FACE_NET, PROFILE_SPACE, spaceOf } from '../../src/local/vision/embed/face-vector-model.js';
import {
  FACERES_SCALE,
  MOBILE_FACE_NET_SCALE,
  similarityOn,
} from '../../src/local/vision/embed/similarity-scale.js';

const SCALE = [
  { distance: 0.2, similarity: 90 },
  { distance: 0.6, similarity: 80 },
  { distance: 1, similarity: 10 },
];

describe('similarityOn', () => {
  it('is 100 for a face and itself', () => {
    expect(similarityOn(SCALE, 0)).toBe(100);
  });

  it('is what the rows say, and lies on straight lines between', () => {
    expect([0.2, 0.6, 1].map((distance) => similarityOn(SCALE, distance))).toEqual([90, 80, 10]);
    expect(similarityOn(SCALE, 0.1)).toBeCloseTo(95);
    expect(similarityOn(SCALE, 0.4)).toBeCloseTo(85);
    expect(similarityOn(SCALE, 0.8)).toBeCloseTo(45);
  });

  it('stays where the rows end', () => {
    expect(similarityOn(SCALE, 2)).toBe(10);
    expect(similarityOn(SCALE, Number.POSITIVE_INFINITY)).toBe(10);
  });
});

describe.each([
  ['faces', MOBILE_FACE_NET_SCALE, spaceOf(MOBILE_FACE_NET)],
  ['profiles', FACERES_SCALE, PROFILE_SPACE],
])('the similarity of %s', (_, scale, space) => {
  it('has a distance for each threshold that people know, shorter for a higher one', () => {
    const distances = [99, 90, 80].map((wanted) => scale.find((row) => row.similarity === wanted)!.distance);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    expect(distances.map(space.similarity)).toEqual([99, 90, 80]);
  });

  it('never rises with the distance, from 100 for the same vector to 0 for those that have nothing in common', () => {
    const distance = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(distance, distance, (a, b) => {
        const near = space.similarity(Math.min(a, b));
        const far = space.similarity(Math.max(a, b));
        return near >= far && far >= 0 && near <= 100;
      }),
    );
    expect([0, 1, 2].map(space.similarity)).toEqual([100, 0, 0]);
  });
});
