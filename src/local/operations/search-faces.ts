import type { SearchFacesRequest, SearchFacesResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { CHOICES } from '../protocol/choices.js';
import { modelVersion } from './model-version.js';
import { searchFaces, vectorsToSearch } from './most-alike.js';

export const searchFacesByFaceId: Operation<SearchFacesRequest, SearchFacesResponse> = async (
  { CollectionId, FaceId, FaceMatchThreshold, MaxFaces },
  engine,
) => {
  const collection = engine.records.collection(CollectionId);
  const vectors = vectorsToSearch(engine.records, CollectionId, FaceId);
  const matches = await searchFaces(engine, CollectionId, {
    vectors,
    threshold: FaceMatchThreshold ?? DEFAULTS.searchThreshold,
    limit: MaxFaces ?? CHOICES.faceMatches,
    except: FaceId,
  });
  return {
    SearchedFaceId: FaceId,
    FaceMatches: matches,
    FaceModelVersion: await modelVersion(engine, collection),
  };
};
