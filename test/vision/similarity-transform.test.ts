import { describe, expect, it } from 'vitest';
import {
  fitResidual,
  fitSimilarity,
  scaleOf,
  squareAround,
  transformPoint,
  turnOf,
} from '../../src/local/vision/align/similarity-transform.js';

describe('fitSimilarity', () => {
  const corners = [
    { x: 0, y: 0 },
    { x: 2, y: 0 },
    { x: 0, y: 2 },
  ];

  it('finds the turn, scale and shift between two sets of points', () => {
    // A quarter turn clockwise, three times as large, moved by 10 and 20.
    const turned = [
      { x: 10, y: 20 },
      { x: 10, y: 26 },
      { x: 4, y: 20 },
    ];
    const transform = fitSimilarity(corners, turned);
    expect(scaleOf(transform)).toBeCloseTo(3);
    expect(turnOf(transform)).toBeCloseTo(90);
    expect(transform.tx).toBeCloseTo(10);
    expect(transform.ty).toBeCloseTo(20);
    expect(fitResidual(transform, corners, turned)).toBeCloseTo(0);
  });

  it('comes as close as it can when no such transform exists', () => {
    // Stretched in one direction only: the best scale lies between 1 and 2, and every corner is off a little.
    const stretched = corners.map(({ x, y }) => ({ x: x * 2, y }));
    const transform = fitSimilarity(corners, stretched);
    expect(scaleOf(transform)).toBeGreaterThan(1);
    expect(scaleOf(transform)).toBeLessThan(2);
    expect(fitResidual(transform, corners, stretched)).toBeGreaterThan(0.3);
  });
});

describe('squareAround', () => {
  it('puts the middle of the square on the centre and turns it clockwise', () => {
    const transform = squareAround({ x: 50, y: 70 }, 20, 90, 10);
    expect(transformPoint(transform, { x: 5, y: 5 })).toEqual({ x: 50, y: 70 });
    const topMiddle = transformPoint(transform, { x: 5, y: 0 });
    expect(topMiddle.x).toBeCloseTo(60);
    expect(topMiddle.y).toBeCloseTo(70);
  });
});
