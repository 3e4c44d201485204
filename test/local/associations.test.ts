import {
  AssociateFacesCommand,
  type AssociateFacesRequest,
  DeleteUserCommand,
  DescribeCollectionCommand,
  DisassociateFacesCommand,
  ListFacesCommand,
  ListUsersCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { aCollection, CollectionId, refusedWith } from '../support/declared-collection.js';

const UNKNOWN_FACE = '00000000-0000-4000-8000-000000000000';

async function aTeam(options?: Parameters<typeof aCollection>[0]) {
  const team = await aCollection(options);
  await team.enroll('ada', []);
  await team.enroll('grace', []);
  const associate = (FaceIds: string[], request: Partial<AssociateFacesRequest> = {}) =>
    team.send(new AssociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds, ...request }));
  const disassociate = (FaceIds: string[], UserId = 'ada') =>
    team.send(new DisassociateFacesCommand({ CollectionId, UserId, FaceIds }));
  const facesOf = async (UserId: string) =>
    (await team.send(new ListFacesCommand({ CollectionId, UserId }))).Faces!.map(({ FaceId }) => FaceId!);
  const statusOf = async (userId: string) =>
    (await team.send(new ListUsersCommand({ CollectionId }))).Users!.find(({ UserId }) => UserId === userId)
      ?.UserStatus;
  return { ...team, associate, disassociate, facesOf, statusOf };
}

describe('AssociateFaces', () => {
  it('makes faces part of a user, who is ACTIVE at once', async () => {
    const { index, associate, facesOf, statusOf } = await aTeam();
    const [a] = await index([{ person: 'ada' }]);
    const [b] = await index([{ person: 'ada' }]);
    const { AssociatedFaces, UnsuccessfulFaceAssociations, UserStatus } = await associate([a!, b!]);
    expect(AssociatedFaces).toEqual([{ FaceId: a }, { FaceId: b }]);
    expect(UnsuccessfulFaceAssociations).toEqual([]);
    expect(UserStatus).toBe('UPDATING');
    expect(await facesOf('ada')).toEqual([a, b].toSorted());
    expect(await statusOf('ada')).toBe('ACTIVE');
  });

  it('says of each face it refuses why, with the members that belong to the reason', async () => {
    const { index, associate } = await aTeam();
    const [first] = await index([{ person: 'ada' }]);
    const [stranger] = await index([{ person: 'mallory' }]);
    const [taken] = await index([{ person: 'ada' }]);
    await associate([taken!], { UserId: 'grace' });
    await associate([first!]);

    const answer = await associate([stranger!, taken!, UNKNOWN_FACE]);
    expect(answer.AssociatedFaces).toEqual([]);
    expect(answer.UnsuccessfulFaceAssociations).toEqual([
      { FaceId: stranger, Confidence: expect.any(Number), Reasons: ['LOW_MATCH_CONFIDENCE'] },
      { FaceId: taken, UserId: 'grace', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
      { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
    ]);
    expect(answer.UnsuccessfulFaceAssociations![0]!.Confidence).toBeLessThan(75);
    expect(answer.UserStatus).toBe('ACTIVE');
  });

  it('keeps the face that is as alike as the threshold, and refuses the one that is less', async () => {
    const { index, associate } = await aTeam();
    const [first] = await index([{ person: 'ada' }]);
    const [half] = await index([{ person: 'ada', unlike: 0.7 }]);
    await associate([first!]);
    const refused = await associate([half!], { UserMatchThreshold: 100 });
    const { Confidence } = refused.UnsuccessfulFaceAssociations![0]!;
    const kept = await associate([half!], { UserMatchThreshold: Confidence! });
    expect(kept.AssociatedFaces).toEqual([{ FaceId: half }]);
  });

  it('takes the first faces of a user at the word, also when they are not alike', async () => {
    const { index, associate } = await aTeam();
    const faceIds = await index([{ person: 'ada' }, { person: 'mallory' }]);
    const { AssociatedFaces } = await associate(faceIds, { UserMatchThreshold: 100 });
    expect(AssociatedFaces).toHaveLength(2);
  });

  it('lists a face that the user has already nowhere, nor one that is named twice', async () => {
    const { index, associate } = await aTeam();
    const [a] = await index([{ person: 'ada' }]);
    expect((await associate([a!, a!])).AssociatedFaces).toHaveLength(1);
    expect(await associate([a!])).toMatchObject({
      AssociatedFaces: [],
      UnsuccessfulFaceAssociations: [],
      UserStatus: 'ACTIVE',
    });
  });

  it('fills a user up to the limit, and refuses when it is full', async () => {
    const { index, associate, facesOf } = await aTeam({ limits: { facesPerUser: 2 } });
    const ids = await index([{ person: 'ada' }, { person: 'ada' }, { person: 'ada' }]);
    const answer = await associate(ids);
    expect(answer.AssociatedFaces).toHaveLength(2);
    expect(answer.UnsuccessfulFaceAssociations).toEqual([{ FaceId: ids[2], Reasons: [] }]);

    await expect(associate([ids[2]!])).rejects.toEqual(refusedWith('ServiceQuotaExceededException'));
    // Not one of these would be added, so nothing is exceeded.
    await expect(associate([ids[0]!, UNKNOWN_FACE])).resolves.toMatchObject({ AssociatedFaces: [] });
    expect(await facesOf('ada')).toHaveLength(2);
  });

  it('is refused for a user who does not exist', async () => {
    const { associate } = await aTeam();
    await expect(associate([UNKNOWN_FACE], { UserId: 'nobody' })).rejects.toEqual(
      refusedWith('ResourceNotFoundException'),
    );
  });

  it('loses no face when many calls for one user come at once', async () => {
    const { index, associate, facesOf } = await aTeam({ limits: { facesPerUser: 5 } });
    const ids = (await Promise.all(Array.from({ length: 8 }, () => index([{ person: 'ada' }])))).flat();
    const settled = await Promise.allSettled(ids.map((id) => associate([id])));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await facesOf('ada')).toHaveLength(5);
  });

  it('gives a face to one user only when two ask for it at once', async () => {
    const { index, associate, facesOf } = await aTeam();
    const [id] = await index([{ person: 'ada' }]);
    await Promise.all([associate([id!]), associate([id!], { UserId: 'grace' })]);
    expect([...(await facesOf('ada')), ...(await facesOf('grace'))]).toEqual([id]);
  });
});

describe('DisassociateFaces', () => {
  it('makes faces leave a user, who is CREATED again when the last one has left', async () => {
    const { index, associate, disassociate, statusOf, send } = await aTeam();
    const [a] = await index([{ person: 'ada' }]);
    const [b] = await index([{ person: 'ada' }]);
    await associate([a!, b!]);
    const answer = await disassociate([a!]);
    expect(answer).toMatchObject({ DisassociatedFaces: [{ FaceId: a }], UserStatus: 'UPDATING' });
    expect(await statusOf('ada')).toBe('ACTIVE');
    await disassociate([b!]);
    expect(await statusOf('ada')).toBe('CREATED');
    expect((await send(new DescribeCollectionCommand({ CollectionId }))).FaceCount).toBe(2);
  });

  it('says which faces are unknown or belong to someone else, and nothing of those nobody has', async () => {
    const { index, associate, disassociate } = await aTeam();
    const [graces] = await index([{ person: 'grace' }]);
    const [free] = await index([{}]);
    await associate([graces!], { UserId: 'grace' });
    expect(await disassociate([graces!, UNKNOWN_FACE, free!])).toMatchObject({
      DisassociatedFaces: [],
      UnsuccessfulFaceDisassociations: [
        { FaceId: graces, UserId: 'grace', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
        { FaceId: UNKNOWN_FACE, Reasons: ['FACE_NOT_FOUND'] },
      ],
      UserStatus: 'CREATED',
    });
  });

  it('takes what a face had added out of the user vector', async () => {
    const { index, associate, disassociate, send } = await aTeam();
    const [a] = await index([{ person: 'ada' }]);
    const [stranger] = await index([{ person: 'mallory' }]);
    const similarity = async () => {
      const request = { CollectionId, FaceId: a!, UserMatchThreshold: 0 };
      const { UserMatches } = await send(new SearchUsersCommand(request));
      return UserMatches!.find(({ User }) => User!.UserId === 'ada')?.Similarity;
    };
    await associate([a!]);
    expect(await similarity()).toBe(100);
    await associate([stranger!], { UserMatchThreshold: 0 });
    expect(await similarity()).toBeLessThan(90);
    await disassociate([stranger!]);
    expect(await similarity()).toBe(100);
    await send(new DeleteUserCommand({ CollectionId, UserId: 'ada' }));
    expect(await similarity()).toBeUndefined();
  });
});
