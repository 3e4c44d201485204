import type { CompareFacesRequest, CompareFacesResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS, LIMITS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { describeFaces } from '../photos/described-faces.js';
import { single, toAwsBox, toComparedFace } from '../protocol/answer-shapes.js';
import { refusal } from '../protocol/refusals.js';
import { similarityOf, spacesOf, vectorsOf } from '../search/face-vectors.js';

export const compareFaces: Operation<CompareFacesRequest, CompareFacesResponse> = async (
  input,
  { readImage, vision },
  signal,
) => {
  const {
    SimilarityThreshold = DEFAULTS.searchThreshold,
    QualityFilter: filter = DEFAULTS.searchQualityFilter,
  } = input;
  const sourceImage = await readImage(input.SourceImage, signal);
  const targetImage = await readImage(input.TargetImage, signal);
  const models = await vision();
  // Both vectors of each face: where one is in profile, the two are compared as profiles.
  const request = { filter, vectors: 'to-keep', signal } as const;
  const source = await describeFaces(models, sourceImage, { ...request, maxFaces: 1 });
  const target = await describeFaces(models, targetImage, { ...request, maxFaces: LIMITS.facesPerImage });

  const [sourceFace] = source.described;
  // The service does not say which of the two images is without a face.
  if (!sourceFace || target.described.length === 0)
    throw refusal('InvalidParameterException', 'Request has invalid parameters');

  const compared = target.described.map((face) => ({
    face: toComparedFace(face.detail),
    similarity: single(similarityOf(spacesOf(models), vectorsOf(sourceFace), vectorsOf(face))),
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
