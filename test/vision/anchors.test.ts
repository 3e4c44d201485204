import { describe, expect, it } from 'vitest';
import { layAnchors } from '../../src/local/vision/anchors.js';
import { MODELS } from '../../src/local/vision/models.js';
import { readWeights } from '../../src/local/vision/weights.js';

describe('layAnchors', () => {
  it('lays the anchors that the weight file lists', async () => {
    const weights = await readWeights(MODELS.detector.package, MODELS.detector.file);
    const listed = weights.get('Output/extra_dim').data;
    const anchors = layAnchors(512);
    expect(anchors).toHaveLength(listed.length / 4);
    const furthest = anchors.map(({ centerX, centerY, width, height }, i) => {
      const edges = [centerY - height / 2, centerX - width / 2, centerY + height / 2, centerX + width / 2];
      return Math.max(...edges.map((edge, side) => Math.abs(edge / 512 - listed[i * 4 + side]!)));
    });
    expect(Math.max(...furthest)).toBeLessThan(1e-6);
  });

  it('keeps their size in pixels when the input is smaller', () => {
    const full = layAnchors(512);
    const half = layAnchors(256);
    expect(half).toHaveLength(16 ** 2 * 3 + (8 ** 2 + 4 ** 2 + 2 ** 2 + 1 + 1) * 6);
    expect([half[0]!.width, half[0]!.centerX]).toEqual([full[0]!.width, full[0]!.centerX]);
    expect([half.at(-1)!.width, half.at(-1)!.centerX]).toEqual([full.at(-1)!.width, 128]);
  });
});
