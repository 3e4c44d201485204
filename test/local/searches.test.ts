import {
  CompareFacesCommand,
  DetectFacesCommand,
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { aCollection, anEngine, CollectionId, refusedWith } from '../support/declared-collection.js';

const UNKNOWN_FACE = '00000000-0000-4000-8000-000000000000';
const small = { left: 0.7, top: 0.7, width: 0.1, height: 0.1 };
const large = { left: 0.1, top: 0.1, width: 0.4, height: 0.4 };
const faceIdsOf = (matches: { Face?: { FaceId?: string | undefined } | undefined }[] | undefined) =>
  matches!.map(({ Face }) => Face!.FaceId);
const userIdsOf = (matches: { User?: { UserId?: string | undefined } | undefined }[] | undefined) =>
  matches!.map(({ User }) => User!.UserId);

describe('SearchFaces', () => {
  it('finds the faces of the same person, most alike first, without the face itself', async () => {
    const { send, index } = await aCollection();
    const [searched] = await index([{ person: 'ada', unlike: 0 }]);
    const [far] = await index([{ person: 'ada', unlike: 0.5 }]);
    const [near] = await index([{ person: 'ada', unlike: 0.3 }], { ExternalImageId: 'near.jpg' });
    await index([{ person: 'grace' }]);
    const answer = await send(new SearchFacesCommand({ CollectionId, FaceId: searched! }));
    expect(answer).toMatchObject({ SearchedFaceId: searched, FaceModelVersion: 'declared-faces-1' });
    expect(faceIdsOf(answer.FaceMatches)).toEqual([near, far]);
    expect(answer.FaceMatches![0]!.Face).toMatchObject({ ExternalImageId: 'near.jpg' });
  });

  it('returns the match that is as similar as the threshold says', async () => {
    const { send, index } = await aCollection();
    const [searched] = await index([{ person: 'ada' }]);
    await index([{ person: 'ada', unlike: 0.6 }]);
    const search = async (FaceMatchThreshold: number) =>
      (await send(new SearchFacesCommand({ CollectionId, FaceId: searched!, FaceMatchThreshold })))
        .FaceMatches!;
    const [match] = await search(0);
    expect(await search(match!.Similarity!)).toHaveLength(1);
    expect(await search(match!.Similarity! + 0.01)).toHaveLength(0);
  });

  it('returns no more than MaxFaces', async () => {
    const { send, index } = await aCollection();
    const [searched] = await index([{ person: 'ada' }, { person: 'ada' }, { person: 'ada' }]);
    const answer = await send(new SearchFacesCommand({ CollectionId, FaceId: searched!, MaxFaces: 1 }));
    expect(answer.FaceMatches).toHaveLength(1);
  });

  it('calls an unknown face an invalid parameter', async () => {
    const { send } = await aCollection();
    await expect(send(new SearchFacesCommand({ CollectionId, FaceId: UNKNOWN_FACE }))).rejects.toEqual(
      refusedWith('InvalidParameterException', 'faceId was not found in the collection.'),
    );
  });
});

describe('SearchFacesByImage', () => {
  it('searches the largest face, and says where it is', async () => {
    const { send, index, vision } = await aCollection();
    const [ada] = await index([{ person: 'ada' }]);
    const Bytes = await vision.photo([
      { person: 'grace', box: small },
      { person: 'ada', box: large },
    ]);
    const answer = await send(new SearchFacesByImageCommand({ CollectionId, Image: { Bytes } }));
    expect(answer.SearchedFaceBoundingBox).toMatchObject({ Width: Math.fround(0.4) });
    expect(answer.SearchedFaceConfidence).toBe(Math.fround(99.9));
    expect(faceIdsOf(answer.FaceMatches)).toEqual([ada]);
  });

  it('answers an empty list when nobody is alike', async () => {
    const { send, index, vision } = await aCollection();
    await index([{ person: 'ada' }]);
    const Image = { Bytes: await vision.photo([{ person: 'grace' }]) };
    const { FaceMatches } = await send(new SearchFacesByImageCommand({ CollectionId, Image }));
    expect(FaceMatches).toEqual([]);
  });

  it('refuses a photo without a face, or with none that passes the filter', async () => {
    const { send, vision } = await aCollection();
    const noFace = refusedWith(
      'InvalidParameterException',
      'There are no faces in the image. Should be at least 1.',
    );
    const empty = { Bytes: await vision.photo([]) };
    await expect(send(new SearchFacesByImageCommand({ CollectionId, Image: empty }))).rejects.toEqual(noFace);
    const dark = { Bytes: await vision.photo([{ brightness: 1 }]) };
    const filtered = new SearchFacesByImageCommand({ CollectionId, Image: dark, QualityFilter: 'LOW' });
    await expect(send(filtered)).rejects.toEqual(noFace);
    await expect(send(new SearchFacesByImageCommand({ CollectionId, Image: dark }))).resolves.toBeDefined();
  });

  it('finds a face in a collection that was never searched before, and one indexed since', async () => {
    const { send, index, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([{ person: 'ada' }]) };
    const search = async () =>
      (await send(new SearchFacesByImageCommand({ CollectionId, Image }))).FaceMatches!.length;
    await index([{ person: 'ada' }]);
    expect(await search()).toBe(1);
    await index([{ person: 'ada' }]);
    expect(await search()).toBe(2);
  });
});

describe('SearchUsers', () => {
  it('finds by face also the user who has the face', async () => {
    const { send, enroll } = await aCollection();
    const [faceId] = await enroll('ada', [{ person: 'ada' }]);
    await enroll('twin', [{ person: 'ada' }]);
    await enroll('grace', [{ person: 'grace' }]);
    const answer = await send(new SearchUsersCommand({ CollectionId, FaceId: faceId! }));
    expect(answer).toMatchObject({
      SearchedFace: { FaceId: faceId },
      UserMatches: [
        { Similarity: 100, User: { UserId: 'ada', UserStatus: 'ACTIVE' } },
        { User: { UserId: 'twin', UserStatus: 'ACTIVE' } },
      ],
    });
    expect(answer).not.toHaveProperty('SearchedUser');
  });

  it('finds by user all but the user itself', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    await enroll('twin', [{ person: 'ada' }]);
    const answer = await send(new SearchUsersCommand({ CollectionId, UserId: 'ada' }));
    expect(userIdsOf(answer.UserMatches)).toEqual(['twin']);
    expect(answer).toMatchObject({ SearchedUser: { UserId: 'ada' } });
    expect(answer).not.toHaveProperty('SearchedFace');
  });

  it('returns the user who is as similar as the threshold says', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    await enroll('twin', [{ person: 'ada', unlike: 0.6 }]);
    const search = async (UserMatchThreshold: number) =>
      (await send(new SearchUsersCommand({ CollectionId, UserId: 'ada', UserMatchThreshold }))).UserMatches!;
    const [match] = await search(0);
    expect(await search(match!.Similarity!)).toHaveLength(1);
    expect(await search(match!.Similarity! + 0.01)).toHaveLength(0);
  });

  it('finds nobody alike to a user without faces', async () => {
    const { send, enroll } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    await enroll('grace', []);
    const answer = await send(
      new SearchUsersCommand({ CollectionId, UserId: 'grace', UserMatchThreshold: 0 }),
    );
    expect(answer.UserMatches).toEqual([]);
  });

  it('wants a face or a user, and one that exists', async () => {
    const { send } = await aCollection();
    const search = (ids: { FaceId?: string; UserId?: string }) =>
      send(new SearchUsersCommand({ CollectionId, ...ids }));
    const invalid = refusedWith('InvalidParameterException', 'Request has invalid parameters');
    await expect(search({})).rejects.toEqual(invalid);
    await expect(search({ FaceId: UNKNOWN_FACE, UserId: 'ada' })).rejects.toEqual(invalid);
    await expect(search({ UserId: 'ada' })).rejects.toEqual(refusedWith('ResourceNotFoundException'));
    await expect(search({ FaceId: UNKNOWN_FACE })).rejects.toEqual(
      refusedWith('InvalidParameterException', 'faceId was not found'),
    );
  });

  it('is surer of a user with several faces than of any of the faces', async () => {
    const { send, enroll, vision } = await aCollection();
    await enroll(
      'ada',
      Array.from({ length: 6 }, () => ({ person: 'ada', unlike: 0.5 })),
    );
    const Image = { Bytes: await vision.photo([{ person: 'ada', unlike: 0.4 }]) };
    const options = { CollectionId, Image };
    const faces = await send(new SearchFacesByImageCommand({ ...options, FaceMatchThreshold: 0 }));
    const users = await send(new SearchUsersByImageCommand({ ...options, UserMatchThreshold: 0 }));
    expect(users.UserMatches![0]!.Similarity).toBeGreaterThan(faces.FaceMatches![0]!.Similarity!);
  });
});

describe('SearchUsersByImage', () => {
  it('searches the largest face, and lists the others as not the largest', async () => {
    const { send, enroll, vision } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    const Bytes = await vision.photo([
      { person: 'grace', box: small },
      { person: 'ada', box: large },
    ]);
    const answer = await send(new SearchUsersByImageCommand({ CollectionId, Image: { Bytes } }));
    expect(userIdsOf(answer.UserMatches)).toEqual(['ada']);
    expect(answer.SearchedFace).toEqual({
      FaceDetail: {
        BoundingBox: expect.objectContaining({ Width: Math.fround(0.4) }),
        Confidence: Math.fround(99.9),
      },
    });
    expect(answer.UnsearchedFaces).toMatchObject([
      { FaceDetails: { BoundingBox: { Width: Math.fround(0.1) } }, Reasons: ['FACE_NOT_LARGEST'] },
    ]);
  });

  it('answers no searched face, and no error, when there is none', async () => {
    const { send, vision } = await aCollection();
    const Image = { Bytes: await vision.photo([]) };
    const answer = await send(new SearchUsersByImageCommand({ CollectionId, Image }));
    expect(answer).toMatchObject({ UserMatches: [], UnsearchedFaces: [] });
    expect(answer).not.toHaveProperty('SearchedFace');
  });

  it('searches the largest face that passes the filter', async () => {
    const { send, enroll, vision } = await aCollection();
    await enroll('ada', [{ person: 'ada' }]);
    const Bytes = await vision.photo([
      { person: 'grace', box: large, sharpness: 1 },
      { person: 'ada', box: small },
    ]);
    const answer = await send(
      new SearchUsersByImageCommand({ CollectionId, Image: { Bytes }, QualityFilter: 'LOW' }),
    );
    expect(userIdsOf(answer.UserMatches)).toEqual(['ada']);
    expect(answer.UnsearchedFaces).toMatchObject([{ Reasons: ['LOW_SHARPNESS'] }]);
  });

  it('returns no more than MaxUsers', async () => {
    const { send, enroll, vision } = await aCollection();
    for (const id of ['a', 'b', 'c']) await enroll(id, [{ person: 'ada' }]);
    const Image = { Bytes: await vision.photo([{ person: 'ada' }]) };
    const answer = await send(new SearchUsersByImageCommand({ CollectionId, Image, MaxUsers: 2 }));
    expect(answer.UserMatches).toHaveLength(2);
  });
});

describe('DetectFaces', () => {
  const attributes = {
    ageRange: { low: 30, high: 40 },
    smile: { value: true, confidence: 90 },
    emotions: [{ type: 'HAPPY', confidence: 97.1 }],
  };

  it('answers box, confidence, pose, quality and five landmarks by default', async () => {
    const { send, vision } = anEngine();
    const Image = { Bytes: await vision.photo([{ attributes, yaw: 12 }]) };
    const { FaceDetails } = await send(new DetectFacesCommand({ Image }));
    expect(Object.keys(FaceDetails![0]!).sort()).toEqual([
      'BoundingBox',
      'Confidence',
      'Landmarks',
      'Pose',
      'Quality',
    ]);
    expect(FaceDetails![0]).toMatchObject({ Pose: { Yaw: 12 }, Quality: { Brightness: 80, Sharpness: 90 } });
    expect(FaceDetails![0]!.Landmarks).toHaveLength(5);
  });

  it('adds what is asked for, and leaves out what no model knows', async () => {
    const { send, vision } = anEngine();
    const Image = { Bytes: await vision.photo([{ attributes }]) };
    const [face] = (await send(new DetectFacesCommand({ Image, Attributes: ['SMILE', 'BEARD'] })))
      .FaceDetails!;
    expect(face).toMatchObject({ Smile: { Value: true, Confidence: 90 } });
    for (const absent of ['Beard', 'AgeRange', 'Emotions']) expect(face).not.toHaveProperty(absent);
  });

  it('answers all there is when ALL is asked for, whatever else is', async () => {
    const { send, vision } = anEngine();
    const Image = { Bytes: await vision.photo([{ attributes }]) };
    const [face] = (await send(new DetectFacesCommand({ Image, Attributes: ['DEFAULT', 'ALL'] })))
      .FaceDetails!;
    expect(face).toMatchObject({
      AgeRange: { Low: 30, High: 40 },
      Smile: { Value: true, Confidence: 90 },
      Emotions: [{ Type: 'HAPPY', Confidence: Math.fround(97.1) }],
    });
    expect(face!.Landmarks!.length).toBeGreaterThan(5);
  });

  it('answers an empty list for a photo without a face', async () => {
    const { send, vision } = anEngine();
    const Image = { Bytes: await vision.photo([]) };
    expect((await send(new DetectFacesCommand({ Image }))).FaceDetails).toEqual([]);
  });
});

describe('CompareFaces', () => {
  it('compares the largest face of the source with every face of the target', async () => {
    const { send, vision } = anEngine();
    const SourceImage = {
      Bytes: await vision.photo([
        { person: 'grace', box: small },
        { person: 'ada', box: large },
      ]),
    };
    const TargetImage = {
      Bytes: await vision.photo([{ person: 'mallory' }, { person: 'ada', unlike: 0.4 }, { person: 'ada' }]),
    };
    const answer = await send(new CompareFacesCommand({ SourceImage, TargetImage }));
    expect(answer.SourceImageFace).toMatchObject({ BoundingBox: { Width: Math.fround(0.4) } });
    expect(answer.FaceMatches).toHaveLength(2);
    expect(answer.FaceMatches![0]!.Similarity).toBeGreaterThan(answer.FaceMatches![1]!.Similarity!);
    expect(answer.FaceMatches![0]!.Face!.Landmarks).toHaveLength(5);
    expect(answer.UnmatchedFaces).toHaveLength(1);
    expect(answer.UnmatchedFaces![0]).not.toHaveProperty('Similarity');
  });

  it('says the same whichever image is without a face', async () => {
    const { send, vision } = anEngine();
    const face = { Bytes: await vision.photo([{}]) };
    const none = { Bytes: await vision.photo([]) };
    const invalid = refusedWith('InvalidParameterException', 'Request has invalid parameters');
    for (const [SourceImage, TargetImage] of [
      [face, none],
      [none, face],
    ])
      await expect(send(new CompareFacesCommand({ SourceImage, TargetImage }))).rejects.toEqual(invalid);
  });

  it('finds a face wholly similar to itself', async () => {
    const { send, vision } = anEngine();
    const photo = { Bytes: await vision.photo([{}]) };
    const request = { SourceImage: photo, TargetImage: photo, SimilarityThreshold: 100 };
    expect((await send(new CompareFacesCommand(request))).FaceMatches).toMatchObject([{ Similarity: 100 }]);
  });
});
