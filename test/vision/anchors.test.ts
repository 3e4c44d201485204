import { describe, expect, it } from 'vitest';
import { layAnchors } from '../../src/local/vision/detect/anchors.js';
import { MODELS } from '../../src/local/vision/runtime/models.js';
import { readWeights } from '../../src/local/vision/runtime/weights.js';

describe('layAnchors', () => {
  it('lays the anchors that the weight file lists', async () => {
    const weights = await readWeights(MODELS.detector.package, MODELS.detector.file);
    const listed = weights.get('Output/extra_dim').data;
    const anchors = layAnchors(512, 512);
    expect(anchors).toHaveLength(listed.length / 4);
    const furthest = anchors.map(({ centerX, centerY, width, height }, i) => {
      const edges = [centerY - height / 2, centerX - width / 2, centerY + height / 2, centerX + width / 2];
      return Math.max(...edges.map((edge, side) => Math.abs(edge / 512 - listed[i * 4 + side]!)));
    });
    expect(Math.max(...furthest)).toBeLessThan(1e-6);
  });

  it('keeps their size in pixels when the input is smaller', () => {
    const full = layAnchors(512, 512);
    const half = layAnchors(256, 256);
    expect(half).toHaveLength(16 ** 2 * 3 + (8 ** 2 + 4 ** 2 + 2 ** 2 + 1 + 1) * 6);
    expect([half[0]!.width, half[0]!.centerX]).toEqual([full[0]!.width, full[0]!.centerX]);
    expect([half.at(-7)!.width, half.at(-7)!.centerX]).toEqual([full.at(-7)!.width, 128]);
  });

  it('lays fewer rows for an input that is less high than wide', () => {
    const full = layAnchors(512, 512);
    const wide = layAnchors(512, 256);
    expect(wide.slice(0, 32 * 16 * 3)).toEqual(full.slice(0, 32 * 16 * 3));
    expect(wide).toHaveLength(full.length / 2 + (1 / 2) * 6);
  });

  it('lays them a cell earlier behind an odd number of rows', () => {
    // 20, 10, 5, 3, 2 and 1 rows: the fourth level, with 128 pixels between its rows, begins half a row of 64 earlier.
    const centers = layAnchors(512, 320).map(({ centerY }) => centerY);
    const firstOfLevel = [0, 32 * 20 * 3, 32 * 20 * 3 + 16 * 10 * 6, 32 * 20 * 3 + (16 * 10 + 8 * 5) * 6];
    expect(firstOfLevel.map((at) => centers[at])).toEqual([8, 16, 32, 0]);
  });
});
