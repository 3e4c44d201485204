import {
  ConflictException,
  CreateUserCommand,
  DeleteUserCommand,
  ListFacesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { aCollection, CollectionId, refusedWith } from '../support/declared-collection.js';

describe('a user', () => {
  it('is CREATED until it has a face, and ACTIVE from then on', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    await enroll('grace', []);
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toEqual([
      { UserId: 'ada', UserStatus: 'ACTIVE' },
      { UserId: 'grace', UserStatus: 'CREATED' },
    ]);
  });

  it('is created with an empty answer, and conflicts with one of the same id', async () => {
    const { send } = await aCollection();
    const create = () => send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));
    const { $metadata, ...members } = await create();
    expect(members).toEqual({});
    await expect(create()).rejects.toThrow(ConflictException);
  });

  it('may have a colon in its id', async () => {
    const { send } = await aCollection();
    await send(new CreateUserCommand({ CollectionId, UserId: 'org:42:ada' }));
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toMatchObject([
      { UserId: 'org:42:ada' },
    ]);
  });

  it('leaves its faces behind when it is deleted', async () => {
    const { send, enroll } = await aCollection();
    const [faceId] = await enroll('ada', [{ person: 'ada' }]);
    await send(new DeleteUserCommand({ CollectionId, UserId: 'ada' }));
    const { Faces } = await send(new ListFacesCommand({ CollectionId }));
    expect(Faces).toMatchObject([{ FaceId: faceId }]);
    expect(Faces![0]).not.toHaveProperty('UserId');
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toEqual([]);
  });

  it('is not found when it does not exist, or was deleted already', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', []);
    const remove = () => send(new DeleteUserCommand({ CollectionId, UserId: 'ada' }));
    await remove();
    await expect(remove()).rejects.toEqual(refusedWith('ResourceNotFoundException', 'User:ada not found'));
  });

  it('is refused when the collection has as many as the limit says', async () => {
    const { send, enroll } = await aCollection({ limits: { usersPerCollection: 1 } });
    await enroll('ada', []);
    await expect(send(new CreateUserCommand({ CollectionId, UserId: 'grace' }))).rejects.toEqual(
      refusedWith('ServiceQuotaExceededException'),
    );
    await send(new DeleteUserCommand({ CollectionId, UserId: 'ada' }));
    await expect(enroll('grace', [])).resolves.toEqual([]);
  });
});

describe('a list of users', () => {
  it('comes in pages that miss nobody and repeat nobody while others come and go', async () => {
    const { send, enroll } = await aCollection();
    for (const id of ['b', 'd', 'f', 'h']) await enroll(id, []);
    const first = await send(new ListUsersCommand({ CollectionId, MaxResults: 2 }));
    await send(new DeleteUserCommand({ CollectionId, UserId: 'd' }));
    await enroll('a', []);
    await enroll('e', []);
    const { NextToken } = first;
    const second = await send(new ListUsersCommand({ CollectionId, MaxResults: 10, NextToken }));
    expect([...first.Users!, ...second.Users!].map(({ UserId }) => UserId)).toEqual([
      'b',
      'd',
      'e',
      'f',
      'h',
    ]);
    expect(second).not.toHaveProperty('NextToken');
  });
});
