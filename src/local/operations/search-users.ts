import type { SearchUsersRequest, SearchUsersResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../limits.js';
import type { Operation } from '../engine.js';
import { CHOICES } from '../protocol/choices.js';
import { refusal } from '../protocol/refusals.js';
import { modelVersion } from './model-version.js';
import { searchUsers, vectorsToSearch } from './most-alike.js';

export const searchUsersById: Operation<SearchUsersRequest, SearchUsersResponse> = async (
  request,
  engine,
) => {
  const { CollectionId, UserId, FaceId } = request;
  const { records } = engine;
  if ((UserId === undefined) === (FaceId === undefined))
    throw refusal('InvalidParameterException', 'Request has invalid parameters');
  const collection = records.collection(CollectionId);

  const options = {
    threshold: request.UserMatchThreshold ?? DEFAULTS.searchThreshold,
    limit: request.MaxUsers ?? CHOICES.userMatches,
  };
  if (FaceId !== undefined) {
    // The user who has the face may well be a match of it.
    const vectors = vectorsToSearch(records, CollectionId, FaceId);
    return {
      UserMatches: await searchUsers(engine, CollectionId, { vectors, ...options }),
      FaceModelVersion: await modelVersion(engine, collection),
      SearchedFace: { FaceId },
    };
  }

  const user = records.user(CollectionId, UserId!);
  const vectors = records.userVectors(CollectionId, user);
  return {
    UserMatches: await searchUsers(engine, CollectionId, { vectors, ...options, except: user.userId }),
    FaceModelVersion: await modelVersion(engine, collection),
    SearchedUser: { UserId: user.userId },
  };
};
