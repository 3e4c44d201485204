import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../src/evaluation/random.js';
import { transformPoint } from '../../src/local/vision/align/similarity-transform.js';
import { mirror } from '../../src/local/vision/pixels/mirror.js';
import { Pyramid } from '../../src/local/vision/pixels/pyramid.js';

/** A grey picture from rows of numbers. */
function grey(rows: number[][]) {
  const data = Uint8Array.from(rows.flatMap((row) => row.flatMap((value) => [value, value, value])));
  return { width: rows[0]!.length, height: rows.length, data };
}

/** The red of each pixel. */
const reds = (patch: Uint8Array) => [...patch].filter((_, i) => i % 3 === 0);

const picture = grey([
  [0, 40, 80, 120],
  [10, 50, 90, 130],
  [20, 60, 100, 140],
  [30, 70, 110, 150],
]);

describe('Pyramid', () => {
  it('gives pixels back as they are at scale 1', () => {
    const patch = new Pyramid(picture).sample({ a: 1, b: 0, tx: 1, ty: 1 }, 2);
    expect(reds(patch)).toEqual([50, 90, 60, 100]);
  });

  it('mixes the four pixels around a point', () => {
    const patch = new Pyramid(picture).sample({ a: 1, b: 0, tx: 0.5, ty: 0.5 }, 1);
    expect(reds(patch)).toEqual([25]);
  });

  it('averages what a pixel of a shrunk patch covers', () => {
    const patch = new Pyramid(picture).sample({ a: 2, b: 0, tx: 0, ty: 0 }, 2);
    expect(reds(patch)).toEqual([25, 105, 45, 125]);
  });

  it('averages twice when it shrinks to a quarter', () => {
    const patch = new Pyramid(picture).sample({ a: 4, b: 0, tx: 0, ty: 0 }, 1);
    expect(reds(patch)).toEqual([75]);
  });

  it('turns the picture', () => {
    // A quarter turn clockwise: the patch's first row runs down the picture's last column.
    const patch = new Pyramid(picture).sample({ a: 0, b: 1, tx: 4, ty: 0 }, 4);
    expect(reds(patch).slice(0, 4)).toEqual([120, 130, 140, 150]);
  });

  it('is black outside the picture', () => {
    const patch = new Pyramid(picture).sample({ a: 1, b: 0, tx: 3, ty: 3 }, 2);
    expect(reds(patch)).toEqual([150, 0, 0, 0]);
  });

  it('is off by less than two of 255, wherever a pixel lies', () => {
    const [width, height] = [23, 17];
    const random = randomNumbers(1);
    const data = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
    const at = (x: number, y: number, channel: number) =>
      x < 0 || y < 0 || x >= width || y >= height ? 0 : data[(y * width + x) * 3 + channel]!;
    let farthest = 0;
    for (let turn = 0; turn < 360; turn += 15) {
      const radians = (turn * Math.PI) / 180;
      const [tx, ty] = [random() * width, random() * height];
      const toImage = { a: Math.cos(radians), b: Math.sin(radians), tx, ty };
      const size = 16;
      new Pyramid({ width, height, data }).sample(toImage, size).forEach((sampled, i) => {
        const inPatch = { x: (Math.floor(i / 3) % size) + 0.5, y: Math.floor(i / 3 / size) + 0.5 };
        const { x, y } = transformPoint(toImage, inPatch);
        const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
        const [right, lower] = [x - 0.5 - left, y - 0.5 - top];
        const row = (y: number) => (1 - right) * at(left, y, i % 3) + right * at(left + 1, y, i % 3);
        const exact = (1 - lower) * row(top) + lower * row(top + 1);
        farthest = Math.max(farthest, Math.abs(exact - sampled));
      });
    }
    expect(farthest).toBeLessThan(2);
  });

  it('leaves out a last row and column that have no neighbour to be averaged with', () => {
    const odd = grey([
      [0, 40, 200],
      [10, 50, 200],
      [200, 200, 200],
    ]);
    expect(reds(new Pyramid(odd).sample({ a: 2, b: 0, tx: 0, ty: 0 }, 1))).toEqual([25]);
  });

  it('resizes the picture to an area, whatever its shape', async () => {
    const wide = grey(Array.from({ length: 16 }, () => Array.from({ length: 64 }, () => 90)));
    const small = await new Pyramid(wide).resizedToArea(8);
    expect([small.width, small.height]).toEqual([16, 4]);
    expect(new Set(reds(small.data))).toEqual(new Set([90]));
    const large = await new Pyramid(wide).resizedToArea(64);
    expect([large.width, large.height]).toEqual([128, 32]);
  });
});

describe('mirror', () => {
  it('swaps left and right', () => {
    const { data } = grey([
      [1, 2],
      [3, 4],
    ]);
    expect(reds(mirror(data, 2))).toEqual([2, 1, 4, 3]);
  });
});
