import type { CompareFacesRequest, CompareFacesResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS, LIMITS } from '../../service/limits.js';
import { single, toAwsBox, toComparedFace } from '../answer-shapes.js';
import { describeFaces } from '../described-faces.js';
import { distance } from '../distances.js';
import type { Operation } from '../engine.js';
import { refusal } from '../refusals.js';

export const compareFaces: Operation<CompareFacesRequest, CompareFacesResponse> = async (
  request,
  { readImage, vision },
  signal,
) => {
  const {
    SimilarityThreshold = DEFAULTS.searchThreshold,
    QualityFilter: filter = DEFAULTS.searchQualityFilter,
  } = request;
  const sourceImage = await readImage(request.SourceImage, signal);
  const targetImage = await readImage(request.TargetImage, signal);
  const models = await vision();
  const source = await describeFaces(models, sourceImage, { filter, maxFaces: 1, signal });
  const target = await describeFaces(models, targetImage, { filter, maxFaces: LIMITS.facesPerImage, signal });

  const [sourceFace] = source.described;
  // The service does not say which of the two images is without a face.
  if (!sourceFace || target.described.length === 0)
    throw refusal('InvalidParameterException', 'Request has invalid parameters');

  const compared = target.described.map((face) => ({
    face: toComparedFace(face.detail),
    similarity: single(
      models.space.similarity(distance(models.space.parts, sourceFace.vector, face.vector), 1),
    ),
  }));
  const isMatch = ({ similarity }: { similarity: number }) => similarity >= single(SimilarityThreshold);
  return {
    SourceImageFace: {
      BoundingBox: toAwsBox(sourceFace.detail.boundingBox),
      Confidence: single(sourceFace.detail.confidence),
    },
    FaceMatches: compared
      .filter(isMatch)
      .sort((a, b) => b.similarity - a.similarity)
      .map(({ face, similarity }) => ({ Similarity: similarity, Face: face })),
    UnmatchedFaces: compared.filter((face) => !isMatch(face)).map(({ face }) => face),
  };
};
