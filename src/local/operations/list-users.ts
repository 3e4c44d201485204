import type { ListUsersRequest, ListUsersResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { CHOICES } from '../protocol/choices.js';
import { cutPage } from '../protocol/pagination.js';
import { statusOf } from '../protocol/user-status.js';

export const listUsers: Operation<ListUsersRequest, ListUsersResponse> = async (
  { CollectionId, NextToken, MaxResults },
  { records },
) => {
  records.collection(CollectionId);
  const { items, nextToken } = cutPage(
    { listing: ['ListUsers', CollectionId], token: NextToken, size: MaxResults ?? CHOICES.usersPerPage },
    (after) => records.users(CollectionId, after),
    ({ userId }) => userId,
  );
  return {
    Users: items.map((user) => ({ UserId: user.userId, UserStatus: statusOf(user) })),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};
