import type { DeleteUserRequest, DeleteUserResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { once } from './once.js';

export const deleteUser: Operation<DeleteUserRequest, DeleteUserResponse> = async (request, { change }) => {
  const { CollectionId, UserId } = request;
  return change((records) =>
    once(records, 'DeleteUser', request, () => {
      records.collection(CollectionId);
      records.deleteUser(CollectionId, records.user(CollectionId, UserId));
      return {};
    }),
  );
};
