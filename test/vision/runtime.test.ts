import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { distance } from '../../src/local/search/distances.js';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { loadRuntime } from '../../src/local/vision/runtime/runtime.js';
import { realModels } from '../support/real-models.js';
import { samplePath } from '../support/sample-photos.js';

describe('the WebAssembly runtime', () => {
  it('sees the same faces as the native one', async () => {
    // One face: WebAssembly takes its time.
    const image = await sharp(samplePath(1))
      .extract({ left: 760, top: 300, width: 340, height: 500 })
      .toBuffer();
    const request = { vectors: 'to-keep', attributes: true } as const;
    const native = await realModels.analyze(image, request);
    const models = new FaceModels({ runtime: 'wasm', workers: 1 });
    onTestFinished(() => models.close());
    const wasm = await models.analyze(image, request);
    expect(wasm).toHaveLength(1);
    for (const [i, face] of wasm.entries()) {
      const same = native[i]!;
      expect(face.detail.confidence).toBeCloseTo(same.detail.confidence, 2);
      for (const side of ['left', 'top', 'width', 'height'] as const)
        expect(face.detail.boundingBox[side]).toBeCloseTo(same.detail.boundingBox[side], 4);
      expect(face.detail.ageRange).toEqual(same.detail.ageRange);
      expect(face.detail.gender?.value).toBe(same.detail.gender?.value);
      for (const vector of ['vector', 'profileVector'] as const)
        expect(distance('cosine', face[vector]!, same[vector]!)).toBeLessThan(1e-4);
    }
  });
});

describe('loading the runtime', () => {
  it('takes the native one where both are installed', async () => {
    expect(await loadRuntime()).toMatchObject({ executionProvider: 'cpu' });
  });
});
