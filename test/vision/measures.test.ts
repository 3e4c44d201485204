import { describe, expect, it } from 'vitest';
import { measureChip } from '../../src/local/vision/attributes/quality.js';
import { trustIn } from '../../src/local/vision/embed/trust.js';
import { adjustLevels } from '../../src/local/vision/pixels/levels.js';

const SIZE = 150;

/** A chip of 150 x 150 grey pixels. */
function chip(greyAt: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return greyAt(pixel % SIZE, Math.floor(pixel / SIZE));
  });
}

/** Levels of a photo that was left as it is. */
const AS_TAKEN = { black: 0, gain: 1 };

describe('measureChip', () => {
  it('calls white 100 and black 0', () => {
    expect(
      measureChip(
        chip(() => 255),
        AS_TAKEN,
      ).brightness,
    ).toBeCloseTo(100);
    expect(
      measureChip(
        chip(() => 0),
        AS_TAKEN,
      ).brightness,
    ).toBe(0);
  });

  it('takes back what the photo was brightened by', () => {
    expect(
      measureChip(
        chip(() => 200),
        { black: 0, gain: 4 },
      ).brightness,
    ).toBeCloseTo((50 / 255) * 100);
    expect(
      measureChip(
        chip(() => 200),
        { black: 100, gain: 4 },
      ).brightness,
    ).toBeCloseTo((150 / 255) * 100);
  });

  it('calls an even surface blurred and hard edges sharp', () => {
    expect(
      measureChip(
        chip((x) => x),
        AS_TAKEN,
      ).sharpness,
    ).toBeCloseTo(0);
    expect(
      measureChip(
        chip((x) => (x % 6 < 3 ? 20 : 220)),
        AS_TAKEN,
      ).sharpness,
    ).toBeGreaterThan(99);
  });

  it('sees less sharpness in softer edges', () => {
    const hard = measureChip(
      chip((x) => 100 + 12 * Math.sin(x * 0.8)),
      AS_TAKEN,
    ).sharpness;
    const soft = measureChip(
      chip((x) => 100 + 12 * Math.sin(x * 0.4)),
      AS_TAKEN,
    ).sharpness;
    expect(soft).toBeGreaterThan(0);
    expect(soft).toBeLessThan(hard);
  });
});

describe('trustIn', () => {
  it('trusts a face whose landmarks and mirror image agree', () => {
    expect(trustIn({ residual: 0.02, mirrorDistance: 0.15, meshDistance: undefined })).toBe(1);
  });

  it('goes by the worse of two signals', () => {
    expect(trustIn({ residual: 0.02, mirrorDistance: 0.3, meshDistance: undefined })).toBeCloseTo(0.5);
    expect(trustIn({ residual: 0.0675, mirrorDistance: 0.3, meshDistance: undefined })).toBeCloseTo(0.5);
    expect(trustIn({ residual: 0.2, mirrorDistance: 0.1, meshDistance: undefined })).toBe(0);
    expect(trustIn({ residual: 0.02, mirrorDistance: 0.15, meshDistance: 0.065 })).toBeCloseTo(0.5);
  });

  it('does not trust a face without landmarks', () => {
    expect(trustIn({ residual: undefined, mirrorDistance: 0.1, meshDistance: undefined })).toBe(0);
  });
});

describe('adjustLevels', () => {
  const image = (grey: number, light: number) => {
    const data = new Uint8Array(100 * 100 * 3).fill(grey);
    data.fill(light, 0, 100 * 100 * 3 * 0.05);
    return { width: 100, height: 100, data };
  };

  it('leaves a photo with lights as it is', () => {
    const photo = image(10, 200);
    expect(adjustLevels(photo)).toEqual({ image: photo, levels: AS_TAKEN });
    expect(adjustLevels(photo).image).toBe(photo);
  });

  it('makes the lights of a dark photo white', () => {
    const { image: bright, levels } = adjustLevels(image(20, 51));
    expect(levels.black).toBe(0);
    expect(levels.gain).toBeCloseTo(5);
    expect([bright.data[0], bright.data.at(-1)]).toEqual([255, 100]);
  });

  it('does not make noise of a black photo', () => {
    const { image: bright, levels } = adjustLevels(image(1, 2));
    expect(levels.gain).toBe(8);
    expect(Math.max(...bright.data)).toBe(16);
  });

  it('stretches a pale photo from black to white', () => {
    const { image: clear, levels } = adjustLevels(image(100, 185));
    expect(levels.black).toBeCloseTo(100);
    expect(levels.gain).toBeCloseTo(3);
    expect([clear.data[0], clear.data.at(-1)]).toEqual([255, 0]);
  });

  it('does not stretch a photo of one shade without end', () => {
    const { image: even, levels } = adjustLevels(image(120, 121));
    expect(levels.gain).toBe(4);
    expect(Math.max(...even.data) - Math.min(...even.data)).toBe(4);
  });
});
