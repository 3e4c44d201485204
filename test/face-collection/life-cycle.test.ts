import {
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DescribeCollectionCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
  ListCollectionsCommand,
  ListFacesCommand,
  ListUsersCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection, IncompleteError, UserNotReadyError } from 'rekollect';
import { beforeEach, describe, expect, it } from 'vitest';
import { aFaceRecord, aPicture, faceId, faceIds, serviceError } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
const team = new FaceCollection('team', { client: new RekognitionClient({ region: 'eu-west-1' }) });

beforeEach(() => aws.reset());

describe('a collection', () => {
  it('is made, with its tags', async () => {
    aws.on(CreateCollectionCommand).resolves({ StatusCode: 200 });
    expect(await team.create({ tags: { team: 'blue' } })).toEqual({ created: true });
    expect(aws.commandCalls(CreateCollectionCommand)[0]?.args[0].input).toEqual({
      CollectionId: 'team',
      Tags: { team: 'blue' },
    });
  });

  it('can be made twice and deleted twice', async () => {
    aws.on(CreateCollectionCommand).rejects(serviceError('ResourceAlreadyExistsException'));
    aws.on(DeleteCollectionCommand).rejects(serviceError('ResourceNotFoundException'));
    expect(await team.create()).toEqual({ created: false });
    expect(await team.delete()).toEqual({ deleted: false });
  });

  it('lets every other error of the service through as it is', async () => {
    const denied = serviceError('AccessDeniedException');
    aws.onAnyCommand().rejects(denied);
    await expect(team.create()).rejects.toBe(denied);
    await expect(team.delete()).rejects.toBe(denied);
    await expect(team.describe()).rejects.toBe(denied);
    await expect(team.createUser('ada')).rejects.toBe(denied);
  });

  it('is described in our words', async () => {
    const createdAt = new Date(0);
    aws.on(DescribeCollectionCommand).resolves({
      FaceCount: 3,
      UserCount: 2,
      FaceModelVersion: '7.0',
      CollectionARN: 'arn:aws:rekognition:eu-west-1:123456789012:collection/team',
      CreationTimestamp: createdAt,
    });
    expect(await team.describe()).toEqual({
      collectionId: 'team',
      faceCount: 3,
      userCount: 2,
      modelVersion: '7.0',
      arn: 'arn:aws:rekognition:eu-west-1:123456789012:collection/team',
      createdAt,
    });
  });

  it('stands in the list of all collections, whose parallel arrays are joined', async () => {
    aws
      .on(ListCollectionsCommand)
      .resolvesOnce({ CollectionIds: ['a', 'b'], FaceModelVersions: ['6.0', '7.0'], NextToken: 'more' })
      .resolvesOnce({ CollectionIds: ['c'], FaceModelVersions: ['7.0'] });
    const client = new RekognitionClient({ region: 'eu-west-1' });
    expect(await FaceCollection.list({ client }).all()).toEqual([
      { collectionId: 'a', modelVersion: '6.0' },
      { collectionId: 'b', modelVersion: '7.0' },
      { collectionId: 'c', modelVersion: '7.0' },
    ]);
  });
});

describe('a listing', () => {
  it('goes on after an empty page that has a token', async () => {
    aws
      .on(ListFacesCommand)
      .resolvesOnce({ Faces: [{ FaceId: faceId(1) }], NextToken: 'one' })
      .resolvesOnce({ Faces: [], NextToken: 'two' })
      .resolvesOnce({ Faces: [{ FaceId: faceId(2), UserId: 'ada' }] });
    const pages = [];
    for await (const page of team.listFaces({ userId: 'ada' }).pages()) pages.push(page);
    expect(pages).toEqual([[{ faceId: faceId(1) }], [], [{ faceId: faceId(2), userId: 'ada' }]]);
    const tokens = aws.commandCalls(ListFacesCommand).map((call) => call.args[0].input.NextToken);
    expect(tokens).toEqual([undefined, 'one', 'two']);
  });

  it('fetches no page that nobody asks for', async () => {
    aws
      .on(ListUsersCommand)
      .resolves({ Users: [{ UserId: 'ada', UserStatus: 'ACTIVE' }], NextToken: 'more' });
    for await (const user of team.listUsers()) {
      expect(user).toEqual({ userId: 'ada', status: 'ACTIVE' });
      break;
    }
    expect(aws.commandCalls(ListUsersCommand)).toHaveLength(1);
  });

  it('can be gone through again from the start', async () => {
    aws.on(ListUsersCommand).resolves({ Users: [{ UserId: 'ada' }] });
    const users = team.listUsers();
    expect(await users.all()).toEqual(await users.all());
  });
});

describe('a user', () => {
  it.each(['ConflictException', 'ResourceAlreadyExistsException'])('can be made twice (%s)', async (name) => {
    aws.on(CreateUserCommand).rejects(serviceError(name));
    expect(await team.createUser('ada')).toEqual({ created: false });
  });

  it('is made and deleted with a token of its own each time', async () => {
    aws.on(CreateUserCommand).resolves({}).on(DeleteUserCommand).resolves({});
    await team.createUser('ada');
    await team.deleteUser('ada');
    await team.createUser('ada');
    const tokens = aws
      .calls()
      .map((call) => (call.args[0].input as { ClientRequestToken: string }).ClientRequestToken);
    expect(new Set(tokens).size).toBe(3);
  });

  it('is waited for until its vector is active', async () => {
    aws
      .on(ListUsersCommand)
      .resolvesOnce({ Users: [{ UserId: 'bob', UserStatus: 'ACTIVE' }], NextToken: 'more' })
      .resolvesOnce({ Users: [{ UserId: 'ada', UserStatus: 'UPDATING' }] })
      .resolves({ Users: [{ UserId: 'ada', UserStatus: 'ACTIVE' }] });
    expect(await team.waitForUser('ada', { interval: 1 })).toEqual({ userId: 'ada', status: 'ACTIVE' });
  });

  it('is not waited for when it does not exist, or has no faces and so would never be active', async () => {
    aws.on(ListUsersCommand).resolves({ Users: [{ UserId: 'ada', UserStatus: 'CREATED' }] });
    aws.on(ListFacesCommand).resolves({ Faces: [] });
    await expect(team.waitForUser('bob')).rejects.toThrow(UserNotReadyError);
    await expect(team.waitForUser('ada')).rejects.toThrow(/no faces/);
  });

  it('is no longer waited for once the caller gives up', async () => {
    aws.on(ListUsersCommand).resolves({ Users: [{ UserId: 'ada', UserStatus: 'UPDATING' }] });
    const giveUp = new AbortController();
    const waiting = team.waitForUser('ada', { interval: 60_000, signal: giveUp.signal });
    const reason = new Error('enough');
    giveUp.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('faces', () => {
  it('are indexed with what the caller says about the image', async () => {
    aws.on(IndexFacesCommand).resolves({
      FaceRecords: [aFaceRecord(1)],
      UnindexedFaces: [{ Reasons: ['LOW_SHARPNESS'], FaceDetail: { Confidence: 90 } }],
      FaceModelVersion: '7.0',
    });
    const indexed = await team.indexFaces(await aPicture(1), { externalImageId: 'cat-1', maxFaces: 3 });
    expect(indexed.faces[0]).toMatchObject({ faceId: faceId(1), detail: { confidence: 99 } });
    expect(indexed.unindexed[0]).toMatchObject({ reasons: ['LOW_SHARPNESS'] });
    expect(aws.commandCalls(IndexFacesCommand)[0]?.args[0].input).toMatchObject({
      ExternalImageId: 'cat-1',
      MaxFaces: 3,
      QualityFilter: 'AUTO',
    });
  });

  it('are deleted 4096 at a time, each with what became of it', async () => {
    const ids = faceIds(5000);
    aws.on(DeleteFacesCommand).callsFake(async ({ FaceIds }: { FaceIds: string[] }) => ({
      DeletedFaces: FaceIds.filter((id) => id !== faceId(7) && id !== faceId(8)),
      UnsuccessfulFaceDeletions: FaceIds.includes(faceId(7))
        ? [{ FaceId: faceId(7), UserId: 'ada', Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] }]
        : undefined,
    }));
    const { deleted, failed } = await team.deleteFaces([...ids, faceId(1)]);
    expect(aws.commandCalls(DeleteFacesCommand).map((call) => call.args[0].input.FaceIds?.length)).toEqual([
      4096, 904,
    ]);
    expect(deleted).toHaveLength(4998);
    expect(failed).toEqual([
      { faceId: faceId(7), userId: 'ada', reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] },
      // The service named it nowhere.
      { faceId: faceId(8), reasons: ['FACE_NOT_FOUND'] },
    ]);
  });

  it('are taken from their users first when they are to be deleted all the same', async () => {
    const inUse = [
      { FaceId: faceId(1), UserId: 'ada', Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER' as const] },
    ];
    aws
      .on(DeleteFacesCommand)
      .resolvesOnce({ DeletedFaces: [faceId(2)], UnsuccessfulFaceDeletions: inUse })
      .resolvesOnce({ DeletedFaces: [faceId(1)] });
    aws.on(DisassociateFacesCommand).resolves({ DisassociatedFaces: [{ FaceId: faceId(1) }] });
    expect(await team.deleteFaces(faceIds(2), { evenIfAssociated: true })).toEqual({
      deleted: [faceId(2), faceId(1)],
      failed: [],
    });
  });
});

describe('erasing a person', () => {
  beforeEach(() => {
    aws.on(ListFacesCommand).resolves({ Faces: [{ FaceId: faceId(1) }, { FaceId: faceId(2) }] });
    aws.on(DeleteUserCommand).resolves({});
  });

  it('deletes the faces, then the user', async () => {
    aws.on(DeleteFacesCommand).resolves({ DeletedFaces: faceIds(2) });
    expect(await team.eraseUser('ada')).toEqual({ userDeleted: true, deletedFaceIds: faceIds(2) });
  });

  it('is done when there is nobody to erase', async () => {
    aws.on(ListFacesCommand).resolves({ Faces: [] });
    aws.on(DeleteUserCommand).rejects(serviceError('ResourceNotFoundException'));
    aws.on(DescribeCollectionCommand).resolves({});
    expect(await team.eraseUser('ada')).toEqual({ userDeleted: false, deletedFaceIds: [] });
  });

  it('is not said to be done when the collection is not there: its name may have a slip in it', async () => {
    const missing = serviceError('ResourceNotFoundException');
    aws.on(ListFacesCommand).rejects(missing);
    aws.on(DeleteUserCommand).rejects(missing);
    aws.on(DescribeCollectionCommand).rejects(missing);
    await expect(team.eraseUser('ada')).rejects.toBe(missing);
  });

  it('names the faces that are left when a call fails half-way, and leaves the user', async () => {
    const outage = serviceError('InternalServerError');
    aws
      .on(DeleteFacesCommand)
      .resolvesOnce({
        UnsuccessfulFaceDeletions: faceIds(2).map((FaceId) => ({
          FaceId,
          UserId: 'ada',
          Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER' as const],
        })),
      })
      .rejects(outage);
    aws.on(DisassociateFacesCommand).resolves({});
    const error = await team.eraseUser('ada').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(IncompleteError);
    expect(error).toMatchObject({
      code: 'INCOMPLETE',
      cause: outage,
      leftBehind: { user: true, faceIds: faceIds(2) },
    });
    expect(aws.commandCalls(DeleteUserCommand)).toHaveLength(0);
  });
});
