import type { SearchFacesByImageRequest, SearchFacesByImageResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { describeFaces } from '../photos/described-faces.js';
import { single, toAwsBox } from '../protocol/answer-shapes.js';
import { CHOICES } from '../protocol/choices.js';
import { refusal } from '../protocol/refusals.js';
import { vectorsOf } from '../search/face-vectors.js';
import { modelVersion } from './model-version.js';
import { searchFaces } from './most-alike.js';

export const searchFacesByImage: Operation<SearchFacesByImageRequest, SearchFacesByImageResponse> = async (
  request,
  engine,
  signal,
) => {
  const { CollectionId } = request;
  const collection = engine.records.collection(CollectionId);
  const image = await engine.readImage(request.Image, signal);
  const { described } = await describeFaces(await engine.vision(), image, {
    filter: request.QualityFilter ?? DEFAULTS.searchQualityFilter,
    maxFaces: 1,
    vectors: 'to-search',
    signal,
  });
  const [face] = described;
  if (!face)
    throw refusal('InvalidParameterException', 'There are no faces in the image. Should be at least 1.');

  const matches = await searchFaces(engine, CollectionId, {
    vectors: vectorsOf(face),
    threshold: request.FaceMatchThreshold ?? DEFAULTS.searchThreshold,
    limit: request.MaxFaces ?? CHOICES.faceMatches,
  });
  return {
    SearchedFaceBoundingBox: toAwsBox(face.detail.boundingBox),
    SearchedFaceConfidence: single(face.detail.confidence),
    FaceMatches: matches,
    FaceModelVersion: await modelVersion(engine, collection),
  };
};
