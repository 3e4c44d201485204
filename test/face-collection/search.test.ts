import {
  CompareFacesCommand,
  DetectFacesCommand,
  ListUsersCommand,
  RekognitionClient,
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection } from 'rekollect';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aBox,
  aFaceDetail,
  aPicture,
  because,
  faceId,
  inTurn,
  serviceError,
} from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
const team = new FaceCollection('team', { client: new RekognitionClient({ region: 'eu-west-1' }) });
const photo = await aPicture(1);
const noFaces = serviceError(
  'InvalidParameterException',
  'There are no faces in the image. Should be at least 1.',
);
const invalid = serviceError('InvalidParameterException', 'Request has invalid parameters');

beforeEach(() => aws.reset());

describe('searchFaces', () => {
  it('answers the faces like the largest face of an image', async () => {
    aws.on(SearchFacesByImageCommand).resolves({
      SearchedFaceBoundingBox: aBox(0.1),
      SearchedFaceConfidence: 99,
      FaceMatches: [{ Similarity: 98, Face: { FaceId: faceId(1), UserId: 'ada' } }],
      FaceModelVersion: '7.0',
    });
    expect(await team.searchFaces(photo, { threshold: 90, limit: 3, qualityFilter: 'LOW' })).toEqual({
      status: 'matched',
      matches: [{ faceId: faceId(1), userId: 'ada', similarity: 98 }],
      searchedFace: { boundingBox: { left: 0.1, top: 0.3, width: 0.2, height: 0.2 }, confidence: 99 },
      unsearchedFaces: [],
      modelVersion: '7.0',
    });
    expect(aws.commandCalls(SearchFacesByImageCommand)[0]?.args[0].input).toMatchObject({
      CollectionId: 'team',
      FaceMatchThreshold: 90,
      MaxFaces: 3,
      QualityFilter: 'LOW',
    });
  });

  it('says how alike and how many by default: 80, and 10', async () => {
    aws.on(SearchFacesCommand).resolves({ FaceMatches: [] });
    await team.searchFaces({ faceId: faceId(1) });
    expect(aws.commandCalls(SearchFacesCommand)[0]?.args[0].input).toEqual({
      CollectionId: 'team',
      FaceId: faceId(1),
      FaceMatchThreshold: 80,
      MaxFaces: 10,
    });
  });

  it('answers an image without faces with the reason', async () => {
    aws.on(SearchFacesByImageCommand).rejects(noFaces);
    expect(await team.searchFaces(photo)).toEqual({
      status: 'unsearchable',
      ...because('NO_FACE'),
      unsearchedFaces: [],
    });
  });

  it('tells an image whose faces are too poor from one without faces', async () => {
    aws.on(SearchFacesByImageCommand).rejects(invalid);
    aws.on(DetectFacesCommand).resolvesOnce({ FaceDetails: [aFaceDetail(0.1)] });
    const strict = { qualityFilter: 'HIGH' } as const;
    expect(await team.searchFaces(photo, strict)).toMatchObject(because('LOW_FACE_QUALITY'));
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [] });
    expect(await team.searchFaces(photo, strict)).toMatchObject(because('NO_FACE'));
  });

  it('lets invalid parameters through when it is not for lack of a face', async () => {
    aws.on(SearchFacesByImageCommand).rejects(invalid);
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [aFaceDetail(0.1)] });
    await expect(team.searchFaces(photo)).rejects.toBe(invalid);
    aws.on(SearchFacesCommand).rejects(invalid);
    await expect(team.searchFaces({ faceId: faceId(1) })).rejects.toBe(invalid);
  });
});

describe('searchUsers', () => {
  it('answers the users like the largest face, and names the faces it left out', async () => {
    aws.on(SearchUsersByImageCommand).resolves({
      UserMatches: [{ Similarity: 99.5, User: { UserId: 'ada', UserStatus: 'ACTIVE' } }],
      SearchedFace: { FaceDetail: { BoundingBox: aBox(0.1) } },
      UnsearchedFaces: [{ FaceDetails: { BoundingBox: aBox(0.6) }, Reasons: ['FACE_NOT_LARGEST'] }],
    });
    expect(await team.searchUsers(photo)).toMatchObject({
      status: 'matched',
      matches: [{ userId: 'ada', status: 'ACTIVE', similarity: 99.5 }],
      searchedFace: { boundingBox: { left: 0.1 } },
      unsearchedFaces: [{ face: { boundingBox: { left: 0.6 } }, ...because('FACE_NOT_LARGEST') }],
    });
  });

  it('answers an image without faces with the reason, in both ways the service may say it', async () => {
    aws.on(SearchUsersByImageCommand).resolvesOnce({ UserMatches: [] }).rejects(noFaces);
    expect(await team.searchUsers(photo)).toMatchObject({ status: 'unsearchable', reason: 'NO_FACE' });
    expect(await team.searchUsers(photo)).toMatchObject({ status: 'unsearchable', reason: 'NO_FACE' });
  });

  it('starts from a stored face or a user as well', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: [{ Similarity: 100, User: { UserId: 'ada' } }] });
    expect(await team.searchUsers({ faceId: faceId(1) })).toMatchObject({ matches: [{ userId: 'ada' }] });
    await team.searchUsers({ userId: 'bob' });
    const [byFace, byUser] = aws.commandCalls(SearchUsersCommand).map((call) => call.args[0].input);
    expect(byFace).toMatchObject({ FaceId: faceId(1) });
    expect(byUser).toMatchObject({ UserId: 'bob' });
  });

  it.each([invalid, serviceError('ResourceNotFoundException')])(
    'has nothing to search for a user without faces, where the service may throw %s',
    async (error) => {
      aws.on(SearchUsersCommand).rejects(error);
      aws.on(ListUsersCommand).resolves({ Users: [{ UserId: 'bob', UserStatus: 'CREATED' }] });
      expect(await team.searchUsers({ userId: 'bob' })).toMatchObject(because('USER_WITHOUT_FACES'));
      await expect(team.searchUsers({ userId: 'nobody' })).rejects.toBe(error);
    },
  );
});

describe('a search that is asked for the nearest match', () => {
  const found = [
    { Similarity: 91, Face: { FaceId: faceId(1) } },
    { Similarity: 90, Face: { FaceId: faceId(2) } },
    { Similarity: 70, Face: { FaceId: faceId(3) } },
  ];
  const search = (threshold: number) => team.searchFaces({ faceId: faceId(9) }, { threshold, best: true });

  it('asks the service for every similarity, and matches at the threshold and above as ever', async () => {
    aws.on(SearchFacesCommand).resolves({ FaceMatches: found });
    expect(await search(90)).toEqual({
      status: 'matched',
      matches: [
        { faceId: faceId(1), similarity: 91 },
        { faceId: faceId(2), similarity: 90 },
      ],
      unsearchedFaces: [],
    });
    expect(aws.commandCalls(SearchFacesCommand)[0]?.args[0].input).toMatchObject({ FaceMatchThreshold: 0 });
  });

  it('names it where nobody is at the threshold, unless there is nobody at all', async () => {
    aws.on(SearchFacesCommand).resolvesOnce({ FaceMatches: found }).resolves({ FaceMatches: [] });
    const best = { faceId: faceId(1), similarity: 91 };
    expect(await search(99)).toEqual({ status: 'unmatched', best, unsearchedFaces: [] });
    expect(await search(99)).toEqual({ status: 'unmatched', unsearchedFaces: [] });
  });
});

describe('a search that finds two users nearly as alike', () => {
  const stored = (n: number, similarity: number, userId?: string) => ({
    Similarity: similarity,
    Face: { FaceId: faceId(n), ...(userId && { UserId: userId }) },
  });
  const found = [
    { Similarity: 95, User: { UserId: 'ada' } },
    { Similarity: 94.5, User: { UserId: 'bob' } },
    { Similarity: 93, User: { UserId: 'carl' } },
  ];

  it('is ambiguous between them, within the margin or at it', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: found });
    expect(await team.searchUsers({ faceId: faceId(1) }, { margin: 0.5 })).toEqual({
      status: 'ambiguous',
      between: [
        { userId: 'ada', similarity: 95 },
        { userId: 'bob', similarity: 94.5 },
      ],
      unsearchedFaces: [],
    });
    expect(await team.searchUsers({ faceId: faceId(1) }, { margin: 2 })).toMatchObject({
      between: [{ userId: 'ada' }, { userId: 'bob' }, { userId: 'carl' }],
    });
    const matched = await team.searchUsers({ faceId: faceId(1) }, { margin: 0.4 });
    expect(matched).toMatchObject({ status: 'matched', matches: { length: 3 } });
  });

  it('is matched by default, unless they are equally alike', async () => {
    aws.on(SearchUsersCommand).resolvesOnce({ UserMatches: found });
    expect(await team.searchUsers({ faceId: faceId(1) })).toMatchObject({ status: 'matched' });
    const equals = found.map((match) => ({ ...match, Similarity: 100 }));
    aws.on(SearchUsersCommand).resolves({ UserMatches: equals });
    expect(await team.searchUsers({ faceId: faceId(1) })).toMatchObject({ status: 'ambiguous' });
  });

  it('sees the second also where one match is wanted, and answers one', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: found.slice(0, 2) });
    const search = (margin: number) => team.searchUsers({ faceId: faceId(1) }, { margin, limit: 1 });
    expect(await search(1)).toMatchObject({ status: 'ambiguous', between: { length: 2 } });
    expect(await search(0.1)).toMatchObject({ status: 'matched', matches: { length: 1 } });
    expect(aws.commandCalls(SearchUsersCommand)[0]?.args[0].input).toMatchObject({ MaxUsers: 2 });
  });

  it('is matched where the threshold is between them', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: found });
    const request = { threshold: 94.8, suggestionThreshold: 90, margin: 1 };
    expect(await team.searchUsers({ faceId: faceId(1) }, request)).toMatchObject({
      status: 'matched',
      matches: [{ userId: 'ada' }],
    });
  });

  it('counts users, not their faces, and no face that belongs to nobody', async () => {
    const adasAndNobodys = [stored(1, 95, 'ada'), stored(2, 94.9, 'ada'), stored(3, 94.8)];
    aws.on(SearchFacesCommand).resolvesOnce({ FaceMatches: adasAndNobodys });
    const search = () => team.searchFaces({ faceId: faceId(9) }, { margin: 1 });
    expect(await search()).toMatchObject({ status: 'matched', matches: { length: 3 } });
    aws.on(SearchFacesCommand).resolves({ FaceMatches: [...adasAndNobodys, stored(4, 94.7, 'bob')] });
    expect(await search()).toMatchObject({
      status: 'ambiguous',
      between: [
        { faceId: faceId(1), userId: 'ada' },
        { faceId: faceId(4), userId: 'bob' },
      ],
    });
    // As many faces as one user can have may stand before the first of the next.
    expect(aws.commandCalls(SearchFacesCommand)[0]?.args[0].input).toMatchObject({ MaxFaces: 200 });
  });

  it('is no question where it starts from a user: everybody alike is an answer', async () => {
    const equals = found.map((match) => ({ ...match, Similarity: 100 }));
    aws.on(SearchUsersCommand).resolves({ UserMatches: equals });
    expect(await team.searchUsers({ userId: 'dora' })).toMatchObject({
      status: 'matched',
      matches: { length: 3 },
    });
  });
});

describe('a search with a lower threshold for suggestions', () => {
  const found = [
    { Similarity: 92, User: { UserId: 'ada' } },
    { Similarity: 85, User: { UserId: 'bob' } },
  ];
  const search = (threshold: number, best = false) =>
    team.searchUsers({ faceId: faceId(1) }, { threshold, suggestionThreshold: 80, best });

  it('asks the service once, at the lower, and matches at the upper as ever', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: found });
    expect(await search(92)).toEqual({
      status: 'matched',
      matches: [{ userId: 'ada', similarity: 92 }],
      unsearchedFaces: [],
    });
    expect(aws.calls().map(({ args }) => args[0].input)).toMatchObject([{ UserMatchThreshold: 80 }]);
  });

  it('suggests whoever is between the two, under another name than matches', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: found });
    expect(await search(93)).toEqual({
      status: 'suggested',
      suggestions: [
        { userId: 'ada', similarity: 92 },
        { userId: 'bob', similarity: 85 },
      ],
      unsearchedFaces: [],
    });
  });

  it('names the nearest below both, if asked', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: [{ Similarity: 70, User: { UserId: 'carl' } }] });
    expect(await search(93, true)).toMatchObject({ status: 'unmatched', best: { userId: 'carl' } });
    expect(aws.commandCalls(SearchUsersCommand)[0]?.args[0].input).toMatchObject({ UserMatchThreshold: 0 });
  });
});

describe('compareFaces', () => {
  it('answers the faces alike and the others', async () => {
    aws.on(CompareFacesCommand).resolves({
      SourceImageFace: { BoundingBox: aBox(0.1), Confidence: 99 },
      FaceMatches: [{ Similarity: 97, Face: aFaceDetail(0.2) }],
      UnmatchedFaces: [aFaceDetail(0.7)],
    });
    expect(await team.compareFaces(photo, photo)).toMatchObject({
      status: 'matched',
      sourceFace: { confidence: 99 },
      matches: [{ similarity: 97, face: { boundingBox: { left: 0.2 } } }],
      unmatchedFaces: [{ boundingBox: { left: 0.7 } }],
    });
    aws.on(CompareFacesCommand).resolves({ UnmatchedFaces: [aFaceDetail(0.7)] });
    expect(await team.compareFaces(photo, photo)).toMatchObject({
      status: 'unmatched',
      unmatchedFaces: [{ boundingBox: { left: 0.7 } }],
    });
  });

  it('says which image has no face, where the service says that parameters are invalid', async () => {
    aws.on(CompareFacesCommand).rejects(invalid);
    aws.on(DetectFacesCommand).callsFake(inTurn({ FaceDetails: [] }));
    const compare = () => team.compareFaces(photo, photo);
    expect(await compare()).toEqual({ status: 'incomparable', ...because('NO_FACE_IN_SOURCE') });
    const oneFace = { FaceDetails: [aFaceDetail(0.1)] };
    aws.on(DetectFacesCommand).callsFake(inTurn(oneFace, { FaceDetails: [] }, oneFace));
    expect(await compare()).toMatchObject(because('NO_FACE_IN_TARGET'));
    await expect(compare()).rejects.toBe(invalid);
  });
});
