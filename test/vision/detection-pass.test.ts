import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '../../src/images/bounding-box.js';
import { toSharp } from '../../src/images/decode.js';
import { centerOf } from '../../src/local/vision/align/similarity-transform.js';
import { suppressNonMaxima } from '../../src/local/vision/detect/detected-box.js';
import { type DetectionPass, detectIn } from '../../src/local/vision/detect/detection-pass.js';
import { decodePhoto } from '../../src/local/vision/pixels/decode-photo.js';
import { scaleBox } from '../../src/local/vision/pixels/pixel-box.js';
import { Pyramid } from '../../src/local/vision/pixels/pyramid.js';
import { Nets } from '../../src/local/vision/runtime/inference.js';
import { samplePath } from '../support/sample-photos.js';

const nets = new Nets();
const pyramidOf = async (n: number) => new Pyramid(await decodePhoto(await readFile(samplePath(n)), 1e9));

const aPass = (pass: Partial<DetectionPass>): DetectionPass => ({
  side: 384,
  border: 0,
  largest: 320,
  ...pass,
});

describe('a detection pass', () => {
  it('sees the faces of a photo, in pixels of the photo, whatever its size is for the net', async () => {
    const pyramid = await pyramidOf(5);
    const boxesAt = async (side: number) => {
      const boxes = suppressNonMaxima(await detectIn(nets, pyramid, aPass({ side })));
      return boxes.filter(({ score }) => score > 0.9).sort((a, b) => a.box.left - b.box.left);
    };
    const coarse = await boxesAt(384);
    const fine = await boxesAt(512);
    expect(coarse).toHaveLength(5);
    expect(fine).toHaveLength(5);
    for (const [i, { box }] of coarse.entries())
      expect(intersectionOverUnion(box, fine[i]!.box)).toBeGreaterThan(0.6);
  });

  it('draws the same boxes when there is black around the image', async () => {
    const pyramid = await pyramidOf(1);
    const boxesWith = async (border: number) => {
      const boxes = suppressNonMaxima(await detectIn(nets, pyramid, aPass({ border })));
      return boxes.filter(({ score }) => score > 0.9).sort((a, b) => a.box.left - b.box.left);
    };
    const plain = await boxesWith(0);
    const framed = await boxesWith(0.25);
    expect(plain).toHaveLength(3);
    expect(framed).toHaveLength(3);
    for (const [i, { box }] of plain.entries())
      expect(intersectionOverUnion(box, framed[i]!.box)).toBeGreaterThan(0.6);
  });

  it('sees a face once where the pieces of a large image meet', async () => {
    const { image } = await pyramidOf(5);
    const [face] = suppressNonMaxima(await detectIn(nets, new Pyramid(image), aPass({})));
    const scale = 40 / face!.box.width;
    const small = await (await toSharp(image))
      .resize({ width: Math.round(image.width * scale) })
      .png()
      .toBuffer();
    const { x, y } = centerOf(scaleBox(face!.box, scale));
    const [left, top] = [512 - Math.round(x), 512 - Math.round(y)];
    const canvas = { width: 1024, height: 1024, channels: 3 as const, background: 'gray' };
    const data = await sharp({ create: canvas })
      .composite([{ input: small, left, top }])
      .removeAlpha()
      .raw()
      .toBuffer();

    const pyramid = new Pyramid({ data, width: 1024, height: 1024 });
    const boxes = suppressNonMaxima(await detectIn(nets, pyramid, aPass({ side: 1024, largest: 64 })));
    const middle = { left: 492, top: 486, width: 40, height: 52 };
    const found = boxes.filter(({ box }) => intersectionOverUnion(box, middle) > 0.1);
    expect(found).toHaveLength(1);
    expect(found[0]!.score).toBeGreaterThan(0.9);
    expect(intersectionOverUnion(found[0]!.box, middle)).toBeGreaterThan(0.6);
  });

  it('passes over faces that are larger than the largest that count', async () => {
    const pyramid = await pyramidOf(5);
    const scale = pyramid.image.width / Math.sqrt((384 * 384 * pyramid.image.width) / pyramid.image.height);
    for (const { box } of await detectIn(nets, pyramid, aPass({ largest: 40 })))
      expect(Math.max(box.width, box.height)).toBeLessThan(42 * scale);
  });

  it('draws no box whose middle lies outside of the image', async () => {
    const pyramid = await pyramidOf(6);
    for (const { box } of await detectIn(nets, pyramid, aPass({ side: 128, border: 0.5 }))) {
      expect(box.left + box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.left + box.width / 2).toBeLessThanOrEqual(pyramid.image.width);
      expect(box.top + box.height / 2).toBeGreaterThanOrEqual(0);
      expect(box.top + box.height / 2).toBeLessThanOrEqual(pyramid.image.height);
    }
  });
});
