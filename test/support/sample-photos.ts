import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fromFile, type ImageSource } from 'rekollect';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')),
  'demo',
);

/** The six photos that come with the face models: 22 faces; a woman of the first stands again in the third. */
export const samplePath = (n: number): string => join(folder, `sample${n}.jpg`);

export const sample = (n: number): ImageSource => fromFile(samplePath(n));
