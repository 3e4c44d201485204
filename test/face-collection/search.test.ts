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
import { aBox, aFaceDetail, aPicture, faceId, inTurn, serviceError } from '../support/aws-answers.js';

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

  it('answers an image without faces with no matches and the reason', async () => {
    aws.on(SearchFacesByImageCommand).rejects(noFaces);
    expect(await team.searchFaces(photo)).toEqual({ matches: [], unsearchedFaces: [], reason: 'NO_FACE' });
  });

  it('tells an image whose faces are too poor from one without faces', async () => {
    aws.on(SearchFacesByImageCommand).rejects(invalid);
    aws.on(DetectFacesCommand).resolvesOnce({ FaceDetails: [aFaceDetail(0.1)] });
    const strict = { qualityFilter: 'HIGH' } as const;
    expect((await team.searchFaces(photo, strict)).reason).toBe('NO_FACE_OF_THIS_QUALITY');
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [] });
    expect((await team.searchFaces(photo, strict)).reason).toBe('NO_FACE');
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
    const found = await team.searchUsers(photo);
    expect(found.matches).toEqual([{ userId: 'ada', status: 'ACTIVE', similarity: 99.5 }]);
    expect(found.searchedFace?.boundingBox.left).toBe(0.1);
    expect(found.unsearchedFaces).toMatchObject([
      { face: { boundingBox: { left: 0.6 } }, reasons: ['FACE_NOT_LARGEST'] },
    ]);
    expect(found).not.toHaveProperty('reason');
  });

  it('answers an image without faces with the reason, in both ways the service may say it', async () => {
    aws.on(SearchUsersByImageCommand).resolvesOnce({ UserMatches: [] }).rejects(noFaces);
    expect((await team.searchUsers(photo)).reason).toBe('NO_FACE');
    expect((await team.searchUsers(photo)).reason).toBe('NO_FACE');
  });

  it('starts from a stored face or a user as well', async () => {
    aws.on(SearchUsersCommand).resolves({ UserMatches: [{ Similarity: 100, User: { UserId: 'ada' } }] });
    expect((await team.searchUsers({ faceId: faceId(1) })).matches[0]?.userId).toBe('ada');
    await team.searchUsers({ userId: 'bob' });
    const [byFace, byUser] = aws.commandCalls(SearchUsersCommand).map((call) => call.args[0].input);
    expect(byFace).toMatchObject({ FaceId: faceId(1) });
    expect(byUser).toMatchObject({ UserId: 'bob' });
  });

  it.each([invalid, serviceError('ResourceNotFoundException')])(
    'answers emptily for a user without faces, where the service may throw %s',
    async (error) => {
      aws.on(SearchUsersCommand).rejects(error);
      aws.on(ListUsersCommand).resolves({ Users: [{ UserId: 'bob', UserStatus: 'CREATED' }] });
      expect((await team.searchUsers({ userId: 'bob' })).reason).toBe('USER_WITHOUT_FACES');
      await expect(team.searchUsers({ userId: 'nobody' })).rejects.toBe(error);
    },
  );
});

describe('compareFaces', () => {
  it('answers the faces alike and the others', async () => {
    aws.on(CompareFacesCommand).resolves({
      SourceImageFace: { BoundingBox: aBox(0.1), Confidence: 99 },
      FaceMatches: [{ Similarity: 97, Face: aFaceDetail(0.2) }],
      UnmatchedFaces: [aFaceDetail(0.7)],
    });
    const compared = await team.compareFaces(photo, photo);
    expect(compared.sourceFace).toMatchObject({ confidence: 99 });
    expect(compared.matches).toMatchObject([{ similarity: 97, face: { boundingBox: { left: 0.2 } } }]);
    expect(compared.unmatched).toMatchObject([{ boundingBox: { left: 0.7 } }]);
  });

  it('says which image has no face, where the service says that parameters are invalid', async () => {
    aws.on(CompareFacesCommand).rejects(invalid);
    aws.on(DetectFacesCommand).callsFake(inTurn({ FaceDetails: [] }));
    expect((await team.compareFaces(photo, photo)).reason).toBe('NO_FACE_IN_SOURCE');
    const oneFace = { FaceDetails: [aFaceDetail(0.1)] };
    aws.on(DetectFacesCommand).callsFake(inTurn(oneFace, { FaceDetails: [] }, oneFace));
    expect((await team.compareFaces(photo, photo)).reason).toBe('NO_FACE_IN_TARGET');
    await expect(team.compareFaces(photo, photo)).rejects.toBe(invalid);
  });
});
