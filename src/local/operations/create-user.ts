import type { CreateUserRequest, CreateUserResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { refusal } from '../protocol/refusals.js';
import { once } from './once.js';

export const createUser: Operation<CreateUserRequest, CreateUserResponse> = async (
  request,
  { change, quotas },
) => {
  const { CollectionId, UserId } = request;
  return change((records) =>
    once(records, 'CreateUser', request, () => {
      const { userCount } = records.collection(CollectionId);
      if (records.findUser(CollectionId, UserId))
        throw refusal('ConflictException', `User:${UserId} already exists in collection ${CollectionId}.`);
      if (userCount >= quotas.usersPerCollection) {
        const message = `Collection ${CollectionId} has ${userCount} users, the most it takes.`;
        throw refusal('ServiceQuotaExceededException', message);
      }
      records.addUser(CollectionId, UserId);
      return {};
    }),
  );
};
