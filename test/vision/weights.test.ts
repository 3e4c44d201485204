import { describe, expect, it } from 'vitest';
import { MissingPackageError } from '../../src/errors.js';
import { MODELS } from '../../src/local/vision/runtime/models.js';
import { cut, readWeights } from '../../src/local/vision/runtime/weights.js';

describe('weights', () => {
  it('unpacks bytes and floats that follow each other', () => {
    const floats = new Uint8Array(Float32Array.of(0.25, -4).buffer);
    const tensors = cut(
      [
        {
          name: 'bytes',
          shape: [1, 3],
          dtype: 'float32',
          quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
        },
        { name: 'floats', shape: [2], dtype: 'float32' },
      ],
      Uint8Array.of(0, 2, 255, ...floats),
    );
    expect([...tensors.get('bytes')!.data]).toEqual([-1, 0, 126.5]);
    expect(tensors.get('bytes')!.shape).toEqual([1, 3]);
    expect([...tensors.get('floats')!.data]).toEqual([0.25, -4]);
  });

  it('unpacks numbers of 16 bits', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x0000);
    const tensors = cut(
      [{ name: 'halves', shape: [5], dtype: 'float32', quantization: { dtype: 'float16' } }],
      new Uint8Array(halves.buffer),
    );
    // The examples of IEEE 754 binary16: 1, -2, a third, the smallest above 0.
    expect([...tensors.get('halves')!.data]).toEqual([1, -2, 0.333251953125, 2 ** -24, 0]);
  });

  it.each(Object.entries(MODELS))('are in the installed package for the %s', async (_, model) => {
    const weights = await readWeights(model.package, model.file);
    const bytes = model.build(weights);
    expect(bytes.length).toBeGreaterThan(1_000_000);
  });

  it('name the weights that a file should have had', async () => {
    const weights = await readWeights(MODELS.landmarks.package, MODELS.landmarks.file);
    expect(() => weights.get('dense9/filters')).toThrow('dense9/filters');
  });

  it('tell which package is missing and how to install it', async () => {
    const reading = readWeights('@rekollect/no-such-package', 'model/any');
    await expect(reading).rejects.toThrow(MissingPackageError);
    await expect(reading).rejects.toMatchObject({
      code: 'MISSING_PACKAGE',
      packageName: '@rekollect/no-such-package',
      install: expect.stringContaining(
        'npm install onnxruntime-node @vladmandic/face-api @vladmandic/human --ignore-scripts',
      ),
    });
  });
});
