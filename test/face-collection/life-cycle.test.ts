import {
  AssociateFacesCommand,
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
import {
  type CommandClient,
  FaceCollection,
  fromBuffer,
  IncompleteError,
  UserNotReadyError,
} from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { waitForUser } from '../../src/service/users.js';
import { aFaceRecord, aPicture, because, faceId, faceIds, serviceError } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
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

  it.each([
    ['faces', () => team.listFaces()],
    ['users', () => team.listUsers()],
    ['collections', () => FaceCollection.list({ client: new RekognitionClient({ region: 'eu-west-1' }) })],
  ])('of %s ends with an error when a token comes again, which would go on for ever', async (_, list) => {
    const tokens = ['one', 'two', 'one'];
    aws.onAnyCommand().callsFake(async () => ({ NextToken: tokens.shift() ?? 'two' }));
    await expect(list().all()).rejects.toThrow('NextToken "one" twice');
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

  it('can be deleted twice, but not out of a collection that is not there', async () => {
    const missing = serviceError('ResourceNotFoundException');
    aws.on(DeleteUserCommand).resolvesOnce({}).rejects(missing);
    aws.on(DescribeCollectionCommand).resolvesOnce({}).rejects(missing);
    expect(await team.deleteUser('ada')).toEqual({ deleted: true });
    expect(await team.deleteUser('ada')).toEqual({ deleted: false });
    await expect(team.deleteUser('ada')).rejects.toBe(missing);
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
    await expect(team.waitForUser('bob')).rejects.toMatchObject({ reason: 'NO_SUCH_USER' });
    await expect(team.waitForUser('ada')).rejects.toMatchObject({ reason: 'USER_WITHOUT_FACES' });
  });

  it.each([
    ['is never ready', async () => ({ Users: [{ UserId: 'ada', UserStatus: 'UPDATING' }] })],
    ['is never told of', () => new Promise<object>(() => {})],
  ])('is not waited for without an end when it %s and there is no signal', async (_, answer) => {
    const waiting = waitForUser({ client: { send: answer }, collectionId: 'team' }, 'ada', 1, undefined, 20);
    await expect(waiting).rejects.toThrow(UserNotReadyError);
  });

  it('that is being updated is waited for, and taken faces from, given faces and deleted then', async () => {
    const conflict = serviceError('ConflictException');
    aws
      .on(AssociateFacesCommand)
      .rejectsOnce(conflict)
      .resolves({ AssociatedFaces: [{ FaceId: faceId(1) }] });
    aws.on(DisassociateFacesCommand).rejectsOnce(conflict).resolves({});
    aws.on(DeleteUserCommand).rejectsOnce(conflict).resolves({});
    expect(await team.associate('ada', faceIds(1))).toMatchObject({ associated: faceIds(1) });
    await team.disassociate('ada', faceIds(1));
    await team.deleteUser('ada');
    expect(aws.calls()).toHaveLength(6);
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
    expect(indexed.rejected).toEqual([
      { detail: expect.objectContaining({ confidence: 90 }), ...because('LOW_SHARPNESS') },
    ]);
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
    const { deleted, rejected } = await team.deleteFaces([...ids, faceId(1)]);
    expect(aws.commandCalls(DeleteFacesCommand).map((call) => call.args[0].input.FaceIds?.length)).toEqual([
      4096, 904,
    ]);
    expect(deleted).toHaveLength(4998);
    expect(rejected).toEqual([
      { faceId: faceId(7), userId: 'ada', ...because('ASSOCIATED_TO_AN_EXISTING_USER') },
      // The service named it nowhere.
      { faceId: faceId(8), ...because('FACE_NOT_FOUND') },
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
      rejected: [],
    });
  });
});

describe('deleting faces', () => {
  const outage = serviceError('InternalServerError');

  it('is done when the answer was lost and they are gone', async () => {
    aws.on(DeleteFacesCommand).rejectsOnce(outage).resolves({});
    expect(await team.deleteFaces(faceIds(2))).toEqual({ deleted: faceIds(2), rejected: [] });
  });

  it('says which are left when it failed half-way', async () => {
    aws.on(DeleteFacesCommand).rejects(outage);
    aws.on(ListFacesCommand).resolves({ Faces: [{ FaceId: faceId(2) }] });
    await expect(team.deleteFaces(faceIds(2))).rejects.toMatchObject({
      code: 'INCOMPLETE',
      cause: outage,
      leftBehind: { certain: { faceIds: [faceId(2)] }, possible: { faceIds: [] } },
    });
  });

  it('says which may be left when nobody can tell', async () => {
    aws.onAnyCommand().rejects(outage);
    await expect(team.deleteFaces(faceIds(2))).rejects.toMatchObject({
      leftBehind: { certain: { faceIds: [] }, possible: { faceIds: faceIds(2) } },
    });
  });

  it('throws the error as it is when nothing was deleted', async () => {
    aws.on(DeleteFacesCommand).rejects(outage);
    aws.on(ListFacesCommand).resolves({ Faces: faceIds(2).map((FaceId) => ({ FaceId })) });
    await expect(team.deleteFaces(faceIds(2))).rejects.toBe(outage);
  });
});

describe('erasing a person', () => {
  /** A collection on a local engine, and a handle on it that fails what the test wants to fail. */
  async function aTeam(fails: (name: string) => Error | undefined) {
    const vision = declaredFaces();
    const engine = new LocalRekognition({ vision });
    const client: CommandClient = {
      send: async (command) => {
        const failure = fails(command.constructor.name.replace(/Command$/, ''));
        if (failure) throw failure;
        return engine.send(command);
      },
    };
    const team = new FaceCollection('team', { client: engine });
    await team.create();
    const photo = async (person: string) => fromBuffer(await vision.photo([{ person }]));
    const ada = [await photo('ada'), await photo('ada')];
    await team.enrollUser('ada', ada);
    await team.enrollUser('bob', [await photo('bob')]);
    const remaining = async () => (await team.listFaces().all()).map(({ userId }) => userId);
    return { team, client, faulty: new FaceCollection('team', { client }), remaining };
  }

  const outage = serviceError('InternalServerError');

  it('deletes the faces, then the user, and nobody else', async () => {
    const { faulty, remaining, team } = await aTeam(() => undefined);
    expect(await faulty.eraseUser('ada')).toMatchObject({ userDeleted: true });
    expect(await remaining()).toEqual(['bob']);
    expect(await team.listUsers().all()).toMatchObject([{ userId: 'bob' }]);
  });

  it('is done when there is nobody to erase', async () => {
    const { faulty } = await aTeam(() => undefined);
    expect(await faulty.eraseUser('carl')).toEqual({ userDeleted: false, deletedFaceIds: [] });
  });

  it('is not said to be done when the collection is not there: its name may have a slip in it', async () => {
    const missing = serviceError('ResourceNotFoundException');
    aws.onAnyCommand().rejects(missing);
    await expect(team.eraseUser('ada')).rejects.toBe(missing);
  });

  it.each(['InvalidParameterException', 'ResourceNotFoundException'])(
    'is not said to be done when the service does not list the faces of a user that is there (%s)',
    async (name) => {
      const refusal = serviceError(name);
      const { faulty, remaining, team } = await aTeam((called) =>
        called === 'ListFaces' ? refusal : undefined,
      );
      await expect(faulty.eraseUser('ada')).rejects.toBe(refusal);
      expect(await remaining()).toHaveLength(3);
      expect(await team.listUsers().all()).toHaveLength(2);
    },
  );

  it('is completed by calling again, from whichever call on the service failed', async () => {
    const failsFrom = async (failing: number) => {
      let calls = 0;
      let isOut = true;
      const { faulty, remaining, team } = await aTeam(() =>
        isOut && ++calls >= failing ? outage : undefined,
      );
      const error = await faulty.eraseUser('ada').catch((thrown) => thrown);
      isOut = false;
      if (calls < failing) return;
      if (error !== outage) expect(error, `call ${failing}`).toBeInstanceOf(IncompleteError);
      await faulty.eraseUser('ada');
      expect(await remaining(), `call ${failing}`).toEqual(['bob']);
      expect(await team.listUsers().all()).toHaveLength(1);
    };
    await Promise.all(Array.from({ length: 10 }, (_, n) => failsFrom(n + 1)));
  });

  it('gives the faces back that it could not delete, so that another process can complete it', async () => {
    let deletions = 0;
    const { faulty, client, remaining, team } = await aTeam((name) =>
      name === 'DeleteFaces' && ++deletions > 1 && deletions < 9 ? outage : undefined,
    );
    const faceIds = (await team.listFaces({ userId: 'ada' }).all()).map(({ faceId }) => faceId);
    await expect(faulty.eraseUser('ada')).rejects.toMatchObject({
      code: 'INCOMPLETE',
      cause: outage,
      leftBehind: {
        certain: { user: true, associatedFaceIds: faceIds, faceIds },
        possible: { user: false, faceIds: [] },
      },
    });
    expect(await remaining()).toEqual(expect.arrayContaining(['ada', 'ada', 'bob']));
    const elsewhere = new FaceCollection('team', { client: { send: client.send } });
    deletions = 9;
    await elsewhere.eraseUser('ada');
    expect(await remaining()).toEqual(['bob']);
    expect(await team.listUsers().all()).toHaveLength(1);
  });

  it('can be given up, and tells what is left', async () => {
    const giveUp = new AbortController();
    const reason = new Error('the user closed the page');
    const { faulty, remaining } = await aTeam((name) => {
      if (name === 'DeleteFaces') giveUp.abort(reason);
      return undefined;
    });
    await expect(faulty.eraseUser('ada', { signal: giveUp.signal })).rejects.toBe(reason);
    expect(await remaining()).toHaveLength(3);
  });
});
