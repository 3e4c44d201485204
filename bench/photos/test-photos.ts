import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { SAMPLE_PHOTOS } from '../accuracy/labelled-photos.js';

/** Photos to measure with, as JPEG: some that come with `@vladmandic/face-api`, as they are and cut and enlarged. */
export interface TestPhotos {
  /** 1280 x 800 pixels, two faces. */
  two: Uint8Array;
  /** 6000 x 4000 pixels, three faces. */
  large: Uint8Array;
  /** Six of 1920 pixels in width, 22 faces. */
  samples: readonly Uint8Array[];
}

/** Two faces in the middle of the last sample. */
const TWO_FACES = { left: 480, top: 150, width: 960, height: 600 };

export async function makeTestPhotos(): Promise<TestPhotos> {
  const samples = await Promise.all(SAMPLE_PHOTOS.map(({ path }) => readFile(path)));
  const two = sharp(samples[5]).extract(TWO_FACES).resize(1280, 800);
  const large = sharp(samples[0]).resize(6000, 4000, { fit: 'cover' });
  const [twoBytes, largeBytes] = await Promise.all([two, large].map((photo) => photo.jpeg().toBuffer()));
  return { two: twoBytes!, large: largeBytes!, samples };
}
