import pLimit from 'p-limit';
import { userVector } from '../../src/local/records/user-vector.js';
import {
  type ByView,
  type FaceVectors,
  similarityOf,
  spacesOf,
  VIEWS,
  vectorsOf,
} from '../../src/local/search/face-vectors.js';
import { FaceModels, type FaceModelsOptions } from '../../src/local/vision/face-models.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';
import type { MeasuredEngine } from './engine.js';
import { readPhoto } from './labelled-photos.js';

const PHOTOS_IN_FLIGHT = 8;

/** Rekollect's own engine, as `LocalRekognition` uses it: by the vectors of both views, and the similarities of each. */
export function localEngine(options: FaceModelsOptions = {}): MeasuredEngine<FaceVectors> {
  const models = new FaceModels(options);
  const spaces = spacesOf(models);
  return {
    name: spaces.profile ? 'rekollect' : 'rekollect without @vladmandic/human',
    async describe(paths) {
      const faces = await describePhotos(models, paths);
      await models.close();
      return faces;
    },
    distanceFrom(faces) {
      const user = userOf(spaces, faces);
      // Two models measure on two scales: what they have in common are similarities.
      return (face) => 100 - similarityOf(spaces, toSearch(face), user);
    },
    similarity: (distance) => 100 - distance,
  };
}

/** All that the models know of the faces of each photo, in the order of the paths. */
export async function describePhotos(models: FaceModels, paths: readonly string[]): Promise<FaceVectors[][]> {
  const describePhoto = async (path: string) => {
    const faces = await models.analyze(await readPhoto(path), { vectors: 'to-keep', attributes: false });
    return faces.map(vectorsOf);
  };
  const limit = pLimit(PHOTOS_IN_FLIGHT);
  return Promise.all(paths.map((path) => limit(() => describePhoto(path))));
}

/** A face is searched for by the first view that there is of it. */
function toSearch(face: FaceVectors): FaceVectors {
  const view = VIEWS.find((each) => face[each]);
  return view ? { [view]: face[view] } : {};
}

function userOf(spaces: ByView<VectorSpace>, faces: readonly FaceVectors[]): FaceVectors {
  return Object.fromEntries(
    VIEWS.map((view) => {
      const vectors = faces.flatMap((face) => face[view] ?? []);
      return [
        view,
        spaces[view] && vectors.length > 0 ? userVector(spaces[view].metric, vectors) : undefined,
      ];
    }),
  );
}
