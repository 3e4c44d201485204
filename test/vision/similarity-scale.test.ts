import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DLIB_SCALE, similarityOn } from '../../src/local/vision/embed/similarity-scale.js';

const similarityOfDistance = (distance: number, faces: number) => similarityOn(DLIB_SCALE, distance, faces);

describe('similarityOn', () => {
  it('is 100 for a face and itself', () => {
    expect(similarityOfDistance(0, 1)).toBe(100);
    expect(similarityOfDistance(0, 100)).toBe(100);
  });

  it('reads the thresholds that people know from distances between faces', () => {
    expect(similarityOfDistance(0.37, 1)).toBe(99);
    expect(similarityOfDistance(0.44, 1)).toBe(90);
    expect(similarityOfDistance(0.51, 1)).toBe(80);
  });

  it('lies on a straight line between two knots', () => {
    expect(similarityOfDistance(0.475, 1)).toBeCloseTo(85);
  });

  it('asks a user of several faces for a shorter distance', () => {
    expect(similarityOfDistance(0.51, 5)).toBeLessThan(similarityOfDistance(0.51, 1));
    expect(similarityOfDistance(0.51 / 1.053, 5)).toBeCloseTo(80);
    expect(similarityOfDistance(0.5, 100)).toBe(similarityOfDistance(0.5, 9));
  });

  it('never rises with the distance, and stays within 0 and 100', () => {
    const distance = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(distance, distance, fc.integer({ min: 1, max: 100 }), (a, b, faces) => {
        const near = similarityOfDistance(Math.min(a, b), faces);
        const far = similarityOfDistance(Math.max(a, b), faces);
        return near >= far && far >= 0 && near <= 100;
      }),
    );
  });
});
