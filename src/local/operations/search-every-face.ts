import { LIMITS } from '../../limits.js';
import type { EveryFaceAnswer, EveryFaceRequest } from '../../service/every-face.js';
import { QUALITY_REASONS, toRejection } from '../../service/reasons.js';
import { toDetectedFace, toFaceMatch, toUserMatch } from '../../service/shapes.js';
import type { Engine } from '../engine.js';
import { describeFaces } from '../photos/described-faces.js';
import { toFaceDetail } from '../protocol/answer-shapes.js';
import { vectorsOf } from '../search/face-vectors.js';
import type { AnalyzedFace } from '../vision/vision.js';
import { searchFaces, searchUsers } from './most-alike.js';

/**
 * Searches every face of an image at once. No operation of the service: it would take one search for each face, cut out
 * of the image.
 */
export async function searchEveryFace(
  engine: Engine,
  collectionId: string,
  image: Uint8Array,
  { by, threshold, limit, qualityFilter }: EveryFaceRequest,
  signal: AbortSignal | undefined,
): Promise<EveryFaceAnswer[]> {
  // Before the image is looked at: there may be no such collection.
  engine.records.collection(collectionId);
  const { described, setAside } = await describeFaces(await engine.vision(), image, {
    filter: qualityFilter,
    maxFaces: LIMITS.facesPerImage,
    vectors: 'to-search',
    signal,
  });
  const searched = described.map(async (face): Promise<EveryFaceAnswer> => {
    const request = { vectors: vectorsOf(face), threshold, limit };
    const found =
      by === 'users'
        ? (await searchUsers(engine, collectionId, request)).map(toUserMatch)
        : (await searchFaces(engine, collectionId, request)).map(toFaceMatch);
    return { face: faceOf(face), status: 'searched', found };
  });
  const poor = setAside.map(
    ({ face, reasons }): EveryFaceAnswer => ({
      face: faceOf(face),
      status: 'unsearchable',
      ...toRejection(reasons, QUALITY_REASONS, 'LOW_FACE_QUALITY'),
    }),
  );
  const answers = [...(await Promise.all(searched)), ...poor];
  return answers.sort((a, b) => areaOf(b) - areaOf(a));
}

function faceOf({ detail }: AnalyzedFace) {
  return toDetectedFace(toFaceDetail(detail));
}

function areaOf({ face: { boundingBox } }: EveryFaceAnswer): number {
  return boundingBox.width * boundingBox.height;
}
