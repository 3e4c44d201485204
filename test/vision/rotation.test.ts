import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cross, type Matrix3, nearestRotation } from '../../src/local/vision/attributes/rotation.js';

const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const vector = fc.tuple(number, number, number);

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('nearestRotation', () => {
  it('makes a rotation of anything that is not flat', () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const rotation = nearestRotation([a, b, cross(a, b)]);
        if (!rotation) return;
        const [x, y, z] = rotation;
        for (const row of [x, y, z]) expect(dot(row, row)).toBeCloseTo(1, 5);
        expect(dot(x, y)).toBeCloseTo(0, 5);
        expect(dot(cross(x, y), z)).toBeCloseTo(1, 5);
      }),
    );
  });

  it('leaves a rotation as it is, whatever its size', () => {
    const quarterTurn: Matrix3 = [
      [0, -300, 0],
      [300, 0, 0],
      [0, 0, 300],
    ];
    expect(
      nearestRotation(quarterTurn)!
        .flat()
        .map((value) => Math.round(value * 1e5) / 1e5 + 0),
    ).toEqual([0, -1, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('finds none in what is flat, or in a mirror image', () => {
    const zeros: Matrix3 = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    const mirror: Matrix3 = [
      [-1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect([nearestRotation(zeros), nearestRotation(mirror)]).toEqual([undefined, undefined]);
  });
});
