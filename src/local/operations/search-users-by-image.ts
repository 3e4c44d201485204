import type { SearchUsersByImageRequest, SearchUsersByImageResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { describeFaces, type SetAside } from '../photos/described-faces.js';
import { single, toAwsBox } from '../protocol/answer-shapes.js';
import { CHOICES } from '../protocol/choices.js';
import { vectorsOf } from '../search/face-vectors.js';
import type { AnalyzedFace } from '../vision/vision.js';
import { modelVersion } from './model-version.js';
import { searchUsers } from './most-alike.js';

export const searchUsersByImage: Operation<SearchUsersByImageRequest, SearchUsersByImageResponse> = async (
  request,
  engine,
  signal,
) => {
  const { CollectionId } = request;
  const collection = engine.records.collection(CollectionId);
  const image = await engine.readImage(request.Image, signal);
  const { described, setAside } = await describeFaces(await engine.vision(), image, {
    filter: request.QualityFilter ?? DEFAULTS.searchQualityFilter,
    maxFaces: 1,
    vectors: 'to-search',
    signal,
  });

  const [face] = described;
  return {
    UserMatches: face
      ? await searchUsers(engine, CollectionId, {
          vectors: vectorsOf(face),
          threshold: request.UserMatchThreshold ?? DEFAULTS.searchThreshold,
          limit: request.MaxUsers ?? CHOICES.userMatches,
        })
      : [],
    FaceModelVersion: await modelVersion(engine, collection),
    ...(face && { SearchedFace: { FaceDetail: toOutline(face) } }),
    UnsearchedFaces: setAside.map(toUnsearchedFace),
  };
};

function toUnsearchedFace({ face, reasons }: SetAside) {
  return {
    FaceDetails: toOutline(face),
    // Of all faces that are good enough, one is searched: that there are too many means that this is not it.
    Reasons: reasons.map((reason) => (reason === 'EXCEEDS_MAX_FACES' ? 'FACE_NOT_LARGEST' : reason)),
  };
}

/** This operation says where a face is and how sure it is of it, and nothing more. */
function toOutline({ detail }: AnalyzedFace) {
  return { BoundingBox: toAwsBox(detail.boundingBox), Confidence: single(detail.confidence) };
}
