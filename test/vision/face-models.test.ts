import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { FaceModels } from '../../src/local/vision/face-models.js';

const models = new FaceModels({ workers: 1 });
afterAll(() => models.close());

describe('FaceModels', () => {
  test('it runs from source', async () => {
    const photo = readFileSync('node_modules/@vladmandic/face-api/demo/sample1.jpg');
    expect(await models.analyze(photo, { vectors: true, attributes: false })).toHaveLength(3);
  });
});
