import { expect, it } from 'vitest';
import type { RgbImage } from '../../src/images/decode.js';
import { fillBox } from '../../src/images/fill-box.js';

const WHITE = Uint8Array.of(255, 255, 255);

/** The picture as text: `#` where it is white, `.` where it is black. */
function filled(left: number, top: number, width: number, height: number): string[] {
  const image: RgbImage = { width: 4, height: 3, data: new Uint8Array(4 * 3 * 3) };
  fillBox(image, { left, top, width, height }, WHITE);
  return [0, 1, 2].map((row) =>
    [0, 1, 2, 3]
      .map((column) => [...image.data.subarray((row * 4 + column) * 3, (row * 4 + column) * 3 + 3)].join())
      .map((colour) => ({ '255,255,255': '#', '0,0,0': '.' })[colour] ?? '?')
      .join(''),
  );
}

it('fills the pixels of the box, and no others', () => {
  expect(filled(1, 1, 2, 1)).toEqual(['....', '.##.', '....']);
  expect(filled(0, 0, 4, 3)).toEqual(['####', '####', '####']);
});

it('leaves out what reaches past the image', () => {
  expect(filled(-2, -2, 3, 3)).toEqual(['#...', '....', '....']);
  expect(filled(3, 2, 9, 9)).toEqual(['....', '....', '...#']);
});

it('fills nothing for a box that is empty or outside', () => {
  const nothing = ['....', '....', '....'];
  expect(filled(1, 1, 0, 2)).toEqual(nothing);
  expect(filled(2, 1, -1, 2)).toEqual(nothing);
  expect(filled(4, 0, 2, 2)).toEqual(nothing);
  expect(filled(-5, 0, 3, 3)).toEqual(nothing);
});

it('keeps the order of the colours', () => {
  const image: RgbImage = { width: 2, height: 1, data: new Uint8Array(6) };
  fillBox(image, { left: 1, top: 0, width: 1, height: 1 }, Uint8Array.of(1, 2, 3));
  expect([...image.data]).toEqual([0, 0, 0, 1, 2, 3]);
});
