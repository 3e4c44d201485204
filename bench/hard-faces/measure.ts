import { containment, intersectionOverUnion } from '../../src/images/bounding-box.js';
import { similarityOf, spacesOf, vectorsOf } from '../../src/local/search/face-vectors.js';
import type { FaceModels } from '../../src/local/vision/face-models.js';
import type { AnalyzedFace } from '../../src/local/vision/vision.js';
import { boxIn, type Portrait } from './portraits.js';
import type { Variant } from './variant.js';

/** A face is found where a box overlaps that of the untouched photo by this much, intersection over union. */
const MIN_OVERLAP = 0.4;
/** A box that shares this much of the smaller one with a bystander of the untouched photo shows the bystander. */
const MIN_SHARED = 0.3;

/** What became of one portrait. */
export interface Outcome {
  person: number;
  path: string;
  found: boolean;
  /** Faces where the untouched photo has none, and second boxes of the same face. */
  falseFaces: number;
  /** With the user made of other photos, 0 to 100; 0 when the face was not found. */
  similarity: number;
  vectorQuality: number;
}

export async function measureVariant(
  models: FaceModels,
  portrait: Portrait,
  variant: Variant,
): Promise<Outcome> {
  return judge(
    models,
    portrait,
    variant,
    await models.analyze(variant.bytes, { vectors: 'to-search', attributes: false }),
  );
}

/** The untouched photo, judged as its variants are. */
export function measureUntouched(models: FaceModels, portrait: Portrait): Outcome {
  const { bytes, image, faces } = portrait;
  return judge(
    models,
    portrait,
    { bytes, width: image.width, height: image.height, place: (box) => box },
    faces,
  );
}

function judge(
  models: FaceModels,
  portrait: Portrait,
  variant: Variant,
  faces: readonly AnalyzedFace[],
): Outcome {
  const [place, ...bystanders] = portrait.boxes.map((box) => variant.place(box));
  const seen = faces.map((face) => {
    const box = boxIn(face, variant);
    return { face, box, overlap: intersectionOverUnion(box, place!) };
  });
  const best = seen.toSorted((a, b) => b.overlap - a.overlap).find((each) => each.overlap >= MIN_OVERLAP);
  const { user } = portrait;
  return {
    person: portrait.person,
    path: portrait.path,
    found: best !== undefined,
    falseFaces: seen.filter(
      (each) => each !== best && !bystanders.some((box) => containment(box, each.box) > MIN_SHARED),
    ).length,
    similarity: best ? similarityOf(spacesOf(models), vectorsOf(best.face), user) : 0,
    vectorQuality: best?.face.quality.vectorQuality ?? 0,
  };
}
