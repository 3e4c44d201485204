import type { SearchUsersRequest, SearchUsersResponse } from '@aws-sdk/client-rekognition';
import { DEFAULTS } from '../../service/limits.js';
import { CHOICES } from '../choices.js';
import type { Operation } from '../engine.js';
import { refusal } from '../refusals.js';
import { searchUsers } from '../search.js';

export const searchUsersById: Operation<SearchUsersRequest, SearchUsersResponse> = async (
  request,
  engine,
) => {
  const { CollectionId, UserId, FaceId } = request;
  const { records } = engine;
  if ((UserId === undefined) === (FaceId === undefined))
    throw refusal('InvalidParameterException', 'Request has invalid parameters');
  records.collection(CollectionId);

  const options = {
    threshold: request.UserMatchThreshold ?? DEFAULTS.searchThreshold,
    limit: request.MaxUsers ?? CHOICES.userMatches,
  };
  if (FaceId !== undefined) {
    // The user who has the face may well be a match of it.
    const vector = records.searchedVector(CollectionId, FaceId);
    return {
      UserMatches: await searchUsers(engine, CollectionId, { vector, ...options }),
      FaceModelVersion: CHOICES.faceModelVersion,
      SearchedFace: { FaceId },
    };
  }

  const user = records.user(CollectionId, UserId!);
  const vector = records.userVector(CollectionId, user);
  return {
    UserMatches: vector
      ? await searchUsers(engine, CollectionId, { vector, ...options, except: user.userId })
      : [],
    FaceModelVersion: CHOICES.faceModelVersion,
    SearchedUser: { UserId: user.userId },
  };
};
