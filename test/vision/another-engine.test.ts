import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { samplePath } from '../support/sample-photos.js';

// In a file of its own: another test that uses ONNX Runtime would keep its library loaded.
it('can be started after one that was closed before it had read anything', async () => {
  const first = new FaceModels({ workers: 1, runtime: 'native' });
  await expect(first.analyze(Buffer.from('no photo'), { attributes: false })).rejects.toThrow('no image');
  await first.close();
  for (let i = 0; i < 2; i++) {
    const next = new FaceModels({ workers: 1, runtime: 'native' });
    expect(await next.analyze(await readFile(samplePath(1)), { attributes: false })).toHaveLength(3);
    await next.close();
  }
});
