import {
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DescribeCollectionCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  ListUsersCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';

describe('a collection', () => {
  it('is created with an ARN that lacks `arn:`, as the service answers it', async () => {
    const { send } = anEngine();
    expect(await send(new CreateCollectionCommand({ CollectionId }))).toMatchObject({
      StatusCode: 200,
      CollectionArn: 'aws:rekognition:local:000000000000:collection/team',
      FaceModelVersion: 'declared-faces-1',
    });
  });

  it('cannot be created twice', async () => {
    const { send } = await aCollection();
    const again = send(new CreateCollectionCommand({ CollectionId }));
    await expect(again).rejects.toThrow(ResourceAlreadyExistsException);
    await expect(again).rejects.toThrow('The collection id: team already exists.');
  });

  it('tells apart ids that differ in case', async () => {
    const { send } = await aCollection();
    await expect(send(new CreateCollectionCommand({ CollectionId: 'Team' }))).resolves.toBeDefined();
  });

  it('counts its faces and users', async () => {
    const { send, index, enroll } = await aCollection();
    await index([{}, {}]);
    await enroll('ada', [{ person: 'ada' }]);
    await enroll('grace', []);
    expect(await send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceCount: 3,
      UserCount: 2,
      CollectionARN: 'arn:aws:rekognition:local:000000000000:collection/team',
      CreationTimestamp: expect.any(Date),
    });
  });

  it('takes its faces and users along when it is deleted', async () => {
    const { send, index, enroll } = await aCollection();
    await index([{}]);
    await enroll('ada', [{ person: 'ada' }]);
    expect(await send(new DeleteCollectionCommand({ CollectionId }))).toMatchObject({ StatusCode: 200 });

    await expect(send(new ListFacesCommand({ CollectionId }))).rejects.toThrow(ResourceNotFoundException);
    await send(new CreateCollectionCommand({ CollectionId }));
    expect((await send(new ListFacesCommand({ CollectionId }))).Faces).toEqual([]);
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toEqual([]);
    expect(await send(new DescribeCollectionCommand({ CollectionId }))).toMatchObject({
      FaceCount: 0,
      UserCount: 0,
    });
  });

  it('leaves alone a collection whose id begins with its own', async () => {
    const { send } = await aCollection();
    await send(new CreateCollectionCommand({ CollectionId: 'team.b' }));
    await send(new CreateUserCommand({ CollectionId: 'team.b', UserId: 'ada' }));
    await send(new DeleteCollectionCommand({ CollectionId }));
    expect((await send(new ListUsersCommand({ CollectionId: 'team.b' }))).Users).toHaveLength(1);
  });

  it('is not found when it does not exist', async () => {
    const { send } = anEngine();
    for (const command of [
      new DescribeCollectionCommand({ CollectionId }),
      new DeleteCollectionCommand({ CollectionId }),
      new ListFacesCommand({ CollectionId }),
      new ListUsersCommand({ CollectionId }),
      new CreateUserCommand({ CollectionId, UserId: 'ada' }),
    ])
      await expect(send(command as ListFacesCommand)).rejects.toEqual(
        refusedWith('ResourceNotFoundException', 'Collection:team not found!'),
      );
  });

  it('is refused when there are as many as the limit says', async () => {
    const { send } = anEngine({ limits: { collections: 1 } });
    await send(new CreateCollectionCommand({ CollectionId }));
    await expect(send(new CreateCollectionCommand({ CollectionId: 'b' }))).rejects.toEqual(
      refusedWith('ServiceQuotaExceededException'),
    );
  });
});

describe('a list of collections', () => {
  it('is empty where there are none', async () => {
    const { send } = anEngine();
    const { CollectionIds, FaceModelVersions, ...rest } = await send(new ListCollectionsCommand({}));
    expect([CollectionIds, FaceModelVersions]).toEqual([[], []]);
    expect(rest).not.toHaveProperty('NextToken');
  });

  it('comes in pages, with a model version for each collection', async () => {
    const { send } = anEngine();
    for (const id of ['c', 'a', 'b']) await send(new CreateCollectionCommand({ CollectionId: id }));
    const first = await send(new ListCollectionsCommand({ MaxResults: 2 }));
    expect(first).toMatchObject({
      CollectionIds: ['a', 'b'],
      FaceModelVersions: ['declared-faces-1', 'declared-faces-1'],
    });
    const second = await send(new ListCollectionsCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(second.CollectionIds).toEqual(['c']);
    expect(second).not.toHaveProperty('NextToken');
  });

  it('takes a page size of zero for none said', async () => {
    const { send } = await aCollection();
    expect((await send(new ListCollectionsCommand({ MaxResults: 0 }))).CollectionIds).toEqual(['team']);
  });

  it('goes on behind ids of any length', async () => {
    const { send } = anEngine();
    const ids = ['a', 'b'].map((letter) => letter.repeat(255));
    for (const id of ids) await send(new CreateCollectionCommand({ CollectionId: id }));
    const { NextToken } = await send(new ListCollectionsCommand({ MaxResults: 1 }));
    expect((await send(new ListCollectionsCommand({ NextToken }))).CollectionIds).toEqual([ids[1]]);
  });
});
