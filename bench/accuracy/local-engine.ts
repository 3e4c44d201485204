import pLimit from 'p-limit';
import { distance } from '../../src/local/distances.js';
import { userVector } from '../../src/local/user-vector.js';
import { FaceModels, type FaceModelsOptions } from '../../src/local/vision/face-models.js';
import type { MeasuredEngine } from './engine.js';
import { readPhoto } from './labelled-photos.js';

const PHOTOS_IN_FLIGHT = 8;

/** Rekollect's own engine, as `LocalRekognition` uses it. */
export function localEngine(name: string, options: FaceModelsOptions = {}): MeasuredEngine {
  const models = new FaceModels(options);
  const { space } = models;
  return {
    name,
    async describe(paths) {
      const describePhoto = async (path: string) =>
        models.analyze(await readPhoto(path), { vectors: true, attributes: false });
      const limit = pLimit(PHOTOS_IN_FLIGHT);
      const photos = await Promise.all(paths.map((path) => limit(() => describePhoto(path))));
      await models.close();
      return photos.map((faces) => faces.map(({ vector }) => vector!));
    },
    distanceFrom(faces) {
      const user = userVector(faces);
      return (face) => distance(space.parts, face, user);
    },
    similarity: (value, faces) => space.similarity(value, faces),
  };
}
