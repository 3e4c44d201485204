import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LocatedFace, locateFaces } from '../../src/local/vision/detect/locate-faces.js';
import type { Embedding } from '../../src/local/vision/embed/embedding.js';
import { embedByMobileFaceNet } from '../../src/local/vision/embed/mobile-face-net.js';
import { embedProfiles } from '../../src/local/vision/embed/profile-vectors.js';
import { cosineOf, lengthOne } from '../../src/local/vision/embed/unit-vector.js';
import { decodePhoto } from '../../src/local/vision/pixels/decode-photo.js';
import { Nets } from '../../src/local/vision/runtime/inference.js';
import { samplePath } from '../support/sample-photos.js';

const nets = new Nets();

async function facesOf(n: number): Promise<LocatedFace[]> {
  const image = await decodePhoto(await readFile(samplePath(n)), 1e9);
  const { found } = await locateFaces(nets, image);
  return found.sort((a, b) => a.box.left - b.box.left);
}

describe('the vectors of MobileFaceNet', () => {
  /** Three women, the right one of whom is the middle one of the third photo. */
  let faces: LocatedFace[];
  let embeddings: Embedding[];
  let again: Embedding;
  beforeAll(async () => {
    faces = await facesOf(1);
    embeddings = await embedByMobileFaceNet(nets, faces);
    const [, middle] = await facesOf(3);
    again = (await embedByMobileFaceNet(nets, [middle!]))[0]!;
  });

  it('are 192 numbers of length 1', () => {
    for (const { vector } of embeddings) {
      expect(vector).toHaveLength(192);
      expect(Math.hypot(...vector)).toBeCloseTo(1);
    }
  });

  it('are nearly those of the mirror image', () => {
    for (const { mirrorCosine } of embeddings) expect(mirrorCosine).toBeGreaterThan(0.9);
  });

  it('have much in common for one person, and little for two', () => {
    const [left, middle, right] = embeddings.map(({ vector }) => vector);
    expect(cosineOf(right!, again.vector)).toBeGreaterThan(0.6);
    for (const [a, b] of [
      [left, middle],
      [middle, right],
      [left, right],
      [left, again.vector],
      [middle, again.vector],
    ])
      expect(cosineOf(a!, b!)).toBeLessThan(0.3);
  });

  it('do not depend on the company', async () => {
    const [alone] = await embedByMobileFaceNet(nets, [faces[1]!]);
    expect(cosineOf(alone!.vector, embeddings[1]!.vector)).toBeCloseTo(1, 5);
  });
});

describe('the vectors of profiles', () => {
  it('are 1024 numbers of length 1, of faces without landmarks too', async () => {
    const faces = await facesOf(2);
    const without = faces.map(({ alignment: { chip }, ...face }) => ({ ...face, alignment: { chip } }));
    const vectors = await embedProfiles(nets, without);
    expect(vectors).toHaveLength(3);
    for (const vector of vectors) {
      expect(vector).toHaveLength(1024);
      expect(Math.hypot(...vector)).toBeCloseTo(1);
    }
  });
});

describe('lengthOne', () => {
  it('keeps the direction, and zeros', () => {
    expect(lengthOne(Float32Array.of(3, 4))).toEqual(Float32Array.of(0.6, 0.8));
    expect(lengthOne(Float32Array.of(0, 0))).toEqual(Float32Array.of(0, 0));
  });
});

describe('cosineOf', () => {
  it('is 1 for one direction, 0 for a right angle, -1 for the opposite', () => {
    const a = Float32Array.of(1, 2);
    expect(cosineOf(a, Float32Array.of(2, 4))).toBeCloseTo(1);
    expect(cosineOf(a, Float32Array.of(-2, 1))).toBe(0);
    expect(cosineOf(a, Float32Array.of(-1, -2))).toBeCloseTo(-1);
    expect(cosineOf(a, Float32Array.of(0, 0))).toBe(0);
  });
});
