import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { distance } from '../../src/local/search/distances.js';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { samplePath } from '../support/sample-photos.js';

const models = new FaceModels({ workers: 1 });
afterAll(() => models.close());

const REQUEST = { vectors: 'to-search', attributes: false } as const;

describe('a photo that lies on its side or stands on its head, without a word about it', () => {
  it.each([90, 180, 270])('shows the same faces when it is turned by %d degrees', async (degrees) => {
    const photo = await readFile(samplePath(5));
    const upright = await models.analyze(photo, REQUEST);
    const turned = await models.analyze(await sharp(photo).rotate(degrees).png().toBuffer(), REQUEST);
    expect(turned).toHaveLength(upright.length);

    turned.forEach((face, i) => {
      const same = upright[i]!;
      const { x, y } = middleOf(same.detail.boundingBox);
      const expected = { 90: [1 - y, x], 180: [1 - x, 1 - y], 270: [y, 1 - x] }[degrees]!;
      const found = middleOf(face.detail.boundingBox);
      expect(Math.hypot(found.x - expected[0]!, found.y - expected[1]!)).toBeLessThan(0.02);
      const nose = face.detail.landmarks!.find(({ type }) => type === 'nose')!;
      expect(Math.hypot(nose.x - found.x, nose.y - found.y)).toBeLessThan(0.1);
      const rolled = face.detail.pose!.roll! - same.detail.pose!.roll!;
      expect(Math.abs(((rolled - degrees + 540) % 360) - 180)).toBeLessThan(10);
      const { metric, similarity } = models.space;
      expect(similarity(distance(metric, face.vector!, same.vector!))).toBeGreaterThan(90);
      const ratio = degrees === 180 ? sizeRatio(same) : 1 / sizeRatio(same);
      expect(sizeRatio(face)).toBeCloseTo(ratio, 0);
    });
  });
});

function middleOf({
  left,
  top,
  width,
  height,
}: {
  left: number;
  top: number;
  width: number;
  height: number;
}) {
  return { x: left + width / 2, y: top + height / 2 };
}

function sizeRatio({ quality: { size } }: { quality: { size: { width: number; height: number } } }): number {
  return size.width / size.height;
}
