import { describe, expect, it } from 'vitest';
import { measureChip } from '../../src/local/vision/attributes/quality.js';
import { type QualitySignals, vectorQuality } from '../../src/local/vision/attributes/vector-quality.js';
import { adjustExposure } from '../../src/local/vision/pixels/exposure.js';

const SIZE = 150;

/** A chip of 150 x 150 grey pixels. */
function chip(greyAt: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return greyAt(pixel % SIZE, Math.floor(pixel / SIZE));
  });
}

/** The exposure of a photo that was left as it is. */
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

describe('vectorQuality', () => {
  const good: QualitySignals = { residual: 0.01, mirrorCosine: 0.99, norm: 100, meshDistance: 0.01 };
  const unknown: QualitySignals = {
    residual: undefined,
    mirrorCosine: undefined,
    norm: undefined,
    meshDistance: undefined,
  };

  it('is 1 for a face whose landmarks, mirror image, vector and mesh are those of a face', () => {
    expect(vectorQuality(good)).toBe(1);
    expect(vectorQuality({ ...unknown, residual: good.residual })).toBe(1);
  });

  it('falls with each signal, to nothing', () => {
    const worse = {
      residual: [0.02, 0.04, 0.06, 0.08, 0.2],
      mirrorCosine: [0.99, 0.95, 0.9, 0.5, 0],
      norm: [80, 60, 55, 50, 10],
      meshDistance: [0.02, 0.05, 0.08, 0.2, Number.POSITIVE_INFINITY],
    };
    for (const [signal, values] of Object.entries(worse)) {
      const qualities = values.map((value) => vectorQuality({ ...good, [signal]: value }));
      expect(qualities).toEqual(qualities.toSorted((a, b) => b - a));
      expect([qualities[0], qualities.at(-1)]).toEqual([1, 0]);
    }
  });

  it('goes by the worst signal', () => {
    const doubtful = vectorQuality({ ...good, residual: 0.06 });
    expect(doubtful).toBeLessThan(1);
    expect(vectorQuality({ ...good, residual: 0.06, meshDistance: 0.031 })).toBe(doubtful);
  });

  it('is 0 for a face without landmarks', () => {
    expect(vectorQuality({ ...good, residual: undefined })).toBe(0);
  });
});

describe('adjustExposure', () => {
  const image = (grey: number, light: number) => {
    const data = new Uint8Array(100 * 100 * 3).fill(grey);
    data.fill(light, 0, 100 * 100 * 3 * 0.05);
    return { width: 100, height: 100, data };
  };

  it('leaves a photo with lights as it is', () => {
    const photo = image(10, 200);
    expect(adjustExposure(photo)).toEqual({ image: photo, exposure: AS_TAKEN });
    expect(adjustExposure(photo).image).toBe(photo);
  });

  it('makes the lights of a dark photo white', () => {
    const { image: bright, exposure } = adjustExposure(image(20, 51));
    expect(exposure.black).toBe(0);
    expect(exposure.gain).toBeCloseTo(5);
    expect([bright.data[0], bright.data.at(-1)]).toEqual([255, 100]);
  });

  it('does not make noise of a black photo', () => {
    const { image: bright, exposure } = adjustExposure(image(1, 2));
    expect(exposure.gain).toBe(8);
    expect(Math.max(...bright.data)).toBe(16);
  });

  it('raises the contrast of a pale photo from black to white', () => {
    const { image: clear, exposure } = adjustExposure(image(100, 185));
    expect(exposure.black).toBeCloseTo(100);
    expect(exposure.gain).toBeCloseTo(3);
    expect([clear.data[0], clear.data.at(-1)]).toEqual([255, 0]);
  });

  it('raises that of a photo of one shade no further than four times', () => {
    const { image: even, exposure } = adjustExposure(image(120, 121));
    expect(exposure.gain).toBe(4);
    expect(Math.max(...even.data) - Math.min(...even.data)).toBe(4);
  });
});
