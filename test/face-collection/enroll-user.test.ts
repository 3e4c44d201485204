import {
  AssociateFacesCommand,
  type AssociateFacesCommandInput,
  CreateUserCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
  type IndexFacesCommandInput,
  ListFacesCommand,
  RekognitionClient,
  SearchFacesCommand,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection, fromBuffer, fromS3, type ImageSource, IncompleteError } from 'rekollect';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aFaceRecord,
  aPicture,
  because,
  faceId,
  faceIds,
  inTurn,
  serviceError,
} from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
const team = new FaceCollection('team', { client: new RekognitionClient({ region: 'eu-west-1' }) });
const pictures = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => aPicture(n)));
const picture = (n: number) => pictures[n - 1] as ImageSource;

const associateAll = async ({ FaceIds }: AssociateFacesCommandInput) => ({
  AssociatedFaces: FaceIds?.map((FaceId) => ({ FaceId })),
  UserStatus: 'UPDATING',
});
const indexedIds = () =>
  aws.commandCalls(IndexFacesCommand).map((call) => call.args[0].input.ExternalImageId);
const deletedIds = () =>
  aws.commandCalls(DeleteFacesCommand).flatMap((call) => call.args[0].input.FaceIds ?? []);

beforeEach(() => {
  aws.reset();
  aws.on(ListFacesCommand).resolves({ Faces: [] });
  aws.on(CreateUserCommand).resolves({});
  aws.on(DeleteUserCommand).resolves({});
  aws.on(DisassociateFacesCommand).resolves({});
  aws.on(AssociateFacesCommand).callsFake(associateAll);
  // All photos show one person.
  aws.on(SearchFacesCommand).resolves({
    FaceMatches: faceIds(200).map((FaceId) => ({ Face: { FaceId }, Similarity: 99 })),
  });
  aws.on(DeleteFacesCommand).callsFake(async ({ FaceIds }) => ({ DeletedFaces: FaceIds }));
  let n = 0;
  aws.on(IndexFacesCommand).callsFake(async () => ({ FaceRecords: [aFaceRecord(++n)] }));
});

describe('enrollUser', () => {
  it('makes the user, indexes every image and associates all faces at once', async () => {
    const ada = await team.enrollUser('ada', [picture(1), picture(2)]);
    expect(ada).toMatchObject({ userId: 'ada', userCreated: true, userStatus: 'UPDATING', rejected: [] });
    expect(ada.images.map(({ status, image }) => [status, image.name])).toEqual([
      ['associated', 'picture 1'],
      ['associated', 'picture 2'],
    ]);
    expect(ada.associated.map((face) => face.faceId).sort()).toEqual(faceIds(2));
    expect(aws.commandCalls(AssociateFacesCommand)).toHaveLength(1);
    expect(deletedIds()).toEqual([]);
  });

  it('names an image by its content, so that the service stores it once', async () => {
    const copy = fromBuffer(await picture(1).read(), { name: 'a copy' });
    await team.enrollUser('ada', [picture(1)]);
    await team.enrollUser('bob', [copy, picture(2)], { concurrency: 1 });
    const [first, again, other] = indexedIds();
    expect(first).toBe(again);
    expect(other).not.toBe(first);
    expect(first).toMatch(/^[a-zA-Z0-9_.\-:]{1,255}$/);
  });

  it('does not send an image again that is part of the user', async () => {
    await team.enrollUser('ada', [picture(1)]);
    aws.on(ListFacesCommand).resolves({
      Faces: [{ FaceId: faceId(1), ExternalImageId: indexedIds()[0], UserId: 'ada' }],
    });
    aws.resetHistory();
    const again = await team.enrollUser('ada', [picture(1)]);
    expect(again.images[0]).toMatchObject({ status: 'known', faces: [{ faceId: faceId(1) }] });
    expect(again.associated).toHaveLength(1);
    expect(again.userCreated).toBe(false);
    expect(aws.commandCalls(IndexFacesCommand)).toHaveLength(0);
    expect(aws.commandCalls(AssociateFacesCommand)).toHaveLength(0);
  });

  it("keeps the caller's name for an image with its faces, which are known without it and under another", async () => {
    const pictureNamed = (photoName?: string): ImageSource => ({
      ...picture(1),
      ...(photoName && { photoName }),
    });
    const enroll = (photoName?: string) =>
      team.enrollUser('ada', [pictureNamed(photoName)], { severalFaces: 'all' });
    aws.on(IndexFacesCommand).callsFake(async ({ ExternalImageId }: IndexFacesCommandInput) => {
      const record = aFaceRecord(1);
      return { FaceRecords: [{ ...record, Face: { ...record.Face, ExternalImageId } }] };
    });
    const ada = await enroll('Ada at sea/1.jpg');
    expect(ada.associated).toMatchObject([{ photoName: 'Ada at sea/1.jpg' }]);
    await enroll();
    const [named, plain] = indexedIds();
    expect(named).toBe(`${plain}:Ada::at::sea:2f:1.jpg`);
    for (const ExternalImageId of [named, plain]) {
      aws.on(ListFacesCommand).resolves({ Faces: [{ FaceId: faceId(1), ExternalImageId, UserId: 'ada' }] });
      await enroll('another');
      expect(indexedIds().at(-1)).toBe(ExternalImageId);
    }
    aws.resetHistory();
    const again = await team.enrollUser('ada', [pictureNamed('another')]);
    expect(again.images[0]).toMatchObject({ status: 'known' });
    expect(indexedIds()).toEqual([]);
  });

  it('takes an image that stands twice in the list once', async () => {
    const ada = await team.enrollUser('ada', [picture(1), picture(1)]);
    expect(ada.images.map(({ status }) => status)).toEqual(['associated', 'known']);
    expect(aws.commandCalls(IndexFacesCommand)).toHaveLength(1);
  });

  it('lets the service read an S3 object in place', async () => {
    aws.on(IndexFacesCommand).callsFake(async ({ Image }: IndexFacesCommandInput) => {
      expect(Image).toEqual({ S3Object: { Bucket: 'people', Name: 'ada/1.jpg' } });
      return { FaceRecords: [aFaceRecord(1)] };
    });
    const ada = await team.enrollUser('ada', [fromS3({ bucket: 'people', key: 'ada/1.jpg' })]);
    expect(ada.associated).toHaveLength(1);
  });

  it('says of every rejected image why, and spoils no other', async () => {
    const broken: ImageSource = { name: 'broken', read: async () => new Uint8Array([1, 2, 3]) };
    const gone: ImageSource = { name: 'gone', read: () => Promise.reject(new Error('404')) };
    const missing = fromS3({ bucket: 'people', key: 'missing.jpg' });
    aws
      .on(IndexFacesCommand)
      .callsFake(
        inTurn(
          { FaceRecords: [] },
          { UnindexedFaces: [{ Reasons: ['LOW_SHARPNESS', 'LOW_BRIGHTNESS'], FaceDetail: {} }] },
          { FaceRecords: [aFaceRecord(1), aFaceRecord(2)] },
          serviceError('InvalidS3ObjectException'),
          { FaceRecords: [aFaceRecord(3)] },
        ),
      );
    const progress: number[] = [];
    const ada = await team.enrollUser(
      'ada',
      [picture(1), picture(2), picture(3), broken, gone, missing, picture(4)],
      { concurrency: 1, onProgress: ({ done, total }) => progress.push(done / total) },
    );
    expect(ada.images.map((image) => (image.status === 'rejected' ? image.reasons : image.status))).toEqual([
      ['NO_FACE'],
      ['LOW_SHARPNESS', 'LOW_BRIGHTNESS'],
      ['SEVERAL_FACES'],
      ['UNREADABLE_IMAGE'],
      ['UNREADABLE_IMAGE'],
      ['UNREADABLE_IMAGE'],
      'associated',
    ]);
    expect(ada.rejected[4]?.error?.message).toBe('404');
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7].map((done) => done / 7));
    // The two faces of the third picture would otherwise stay behind, belonging to nobody.
    expect(deletedIds()).toEqual(faceIds(2));
  });

  it('takes whatever a source throws or gives as the affair of that image', async () => {
    const thrown = [Object.create(null), 'no such row', undefined];
    const sources = thrown.map((what): ImageSource => ({ name: 'mine', read: () => Promise.reject(what) }));
    const mute = { name: 'mute', read: async () => undefined } as unknown as ImageSource;
    const ada = await team.enrollUser('ada', [...sources, mute, picture(1)]);
    expect(ada.associated).toHaveLength(1);
    expect(ada.rejected.map(({ reason }) => reason)).toEqual(Array(4).fill('UNREADABLE_IMAGE'));
    expect(ada.rejected[1]?.error).toMatchObject({ message: 'no such row', cause: 'no such row' });
    expect(ada.rejected.every(({ error }) => error instanceof Error)).toBe(true);
  });

  it('deletes faces that the user does not take, but never those of somebody else', async () => {
    aws.on(AssociateFacesCommand).callsFake(
      inTurn({
        AssociatedFaces: [{ FaceId: faceId(1) }],
        UnsuccessfulFaceAssociations: [
          { FaceId: faceId(2), Confidence: 3, Reasons: ['LOW_MATCH_CONFIDENCE'] },
          { FaceId: faceId(3), UserId: 'bob', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
        ],
      }),
    );
    const ada = await team.enrollUser('ada', [picture(1), picture(2), picture(3)], { concurrency: 1 });
    expect(ada.rejected.map(({ reason, rejectedFaces }) => [reason, rejectedFaces[0]?.userId])).toEqual([
      ['LOW_MATCH_CONFIDENCE', undefined],
      ['ASSOCIATED_TO_A_DIFFERENT_USER', 'bob'],
    ]);
    expect(deletedIds()).toEqual([faceId(2)]);
  });

  it('leaves rejected faces in the collection when asked to', async () => {
    aws.on(IndexFacesCommand).callsFake(inTurn({ FaceRecords: [aFaceRecord(1), aFaceRecord(2)] }));
    await team.enrollUser('ada', [picture(1)], { keepRejected: true });
    expect(deletedIds()).toEqual([]);
  });

  it('does not make a user that would have no face', async () => {
    aws.on(IndexFacesCommand).callsFake(inTurn({ FaceRecords: [] }));
    expect(await team.enrollUser('ada', [picture(1)])).toMatchObject({ userCreated: false, associated: [] });
    expect(aws.commandCalls(CreateUserCommand)).toHaveLength(0);
  });

  it('asks for no more images at a time than it was told', async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    aws.on(IndexFacesCommand).callsFake(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const release of waiting.splice(0)) release();
      });
      running -= 1;
      return { FaceRecords: [] };
    });
    await team.enrollUser('ada', pictures, { concurrency: 2 });
    expect(most).toBe(2);
  });
});

describe('an image with several faces', () => {
  beforeEach(() => {
    aws.on(IndexFacesCommand).callsFake(inTurn({ FaceRecords: [aFaceRecord(1, 0.1), aFaceRecord(2, 0.3)] }));
  });

  it('is rejected by default, since nobody can tell who is meant', async () => {
    const { rejected } = await team.enrollUser('ada', [picture(1)]);
    expect(rejected).toMatchObject([because('SEVERAL_FACES')]);
    // The largest first, so that the caller can choose.
    expect(rejected[0]?.detectedFaces.map(({ boundingBox }) => boundingBox.width)).toEqual([0.3, 0.1]);
  });

  it('can stand for its largest face, and the others do not stay behind', async () => {
    const ada = await team.enrollUser('ada', [picture(1)], { severalFaces: 'largest' });
    expect(ada.associated.map((face) => face.faceId)).toEqual([faceId(2)]);
    expect(deletedIds()).toEqual([faceId(1)]);
  });

  it('can stand for all of them', async () => {
    const band = await team.enrollUser('band', [picture(1)], { severalFaces: 'all' });
    expect(band.associated).toHaveLength(2);
  });

  it('is rejected when its largest face was too poor: the other one is somebody in the background', async () => {
    aws.on(IndexFacesCommand).callsFake(
      inTurn({
        FaceRecords: [aFaceRecord(1, 0.1)],
        UnindexedFaces: [{ Reasons: ['EXTREME_POSE'], FaceDetail: aFaceRecord(2, 0.4).FaceDetail }],
      }),
    );
    const ada = await team.enrollUser('ada', [picture(1)], { severalFaces: 'largest' });
    expect(ada.rejected).toMatchObject([because('EXTREME_POSE')]);
    expect(ada.rejected[0]?.detectedFaces.map(({ boundingBox }) => boundingBox.width)).toEqual([0.4, 0.1]);
    expect(deletedIds()).toEqual([faceId(1)]);
  });
});

describe('a user who gets more than 100 faces', () => {
  const full = { reason: 'USER_IS_FULL', status: 'rejected' };

  it.each([
    ['throws', serviceError('ServiceQuotaExceededException')],
    [
      'answers without a reason',
      { UnsuccessfulFaceAssociations: faceIds(20, 101).map((FaceId) => ({ FaceId })) },
    ],
  ])(
    'keeps the first hundred, and the others are rejected and deleted, when the service %s',
    async (_, answer) => {
      aws
        .on(AssociateFacesCommand)
        .callsFake(inTurn<object>({ AssociatedFaces: faceIds(100).map((FaceId) => ({ FaceId })) }, answer));
      const photos = Array.from({ length: 120 }, (_, n) => fromS3({ bucket: 'people', key: `ada/${n}.jpg` }));
      const ada = await team.enrollUser('ada', photos, { concurrency: 1 });
      expect(ada.associated).toHaveLength(100);
      expect(ada.images.slice(100)).toEqual(Array(20).fill(expect.objectContaining(full)));
      expect(deletedIds()).toEqual(faceIds(20, 101));
    },
  );
});

describe('an enrolment that fails', () => {
  // The SDK says so of an error that it met at its first attempt: nothing was done.
  const outage: Error = Object.assign(serviceError('ProvisionedThroughputExceededException'), {
    $metadata: { attempts: 1 },
  });

  it('takes back the faces it indexed when a later image fails, and throws the error as it is', async () => {
    aws.on(IndexFacesCommand).callsFake(inTurn({ FaceRecords: [aFaceRecord(1)] }, outage));
    await expect(team.enrollUser('ada', pictures, { concurrency: 1 })).rejects.toBe(outage);
    expect(deletedIds()).toEqual([faceId(1)]);
    expect(aws.commandCalls(IndexFacesCommand)).toHaveLength(2);
    expect(aws.commandCalls(CreateUserCommand)).toHaveLength(0);
  });

  it('takes back the user that it made', async () => {
    aws.on(AssociateFacesCommand).callsFake(inTurn(outage));
    await expect(team.enrollUser('ada', [picture(1)])).rejects.toBe(outage);
    expect(aws.commandCalls(DeleteUserCommand)).toHaveLength(1);
    expect(deletedIds()).toEqual([faceId(1)]);
  });

  it('takes from a user that was there before only the faces that it associated', async () => {
    aws.on(CreateUserCommand).callsFake(inTurn(serviceError('ConflictException')));
    aws.on(ListFacesCommand).resolves({ Faces: [{ FaceId: faceId(900), UserId: 'ada' }] });
    aws
      .on(IndexFacesCommand)
      .callsFake(inTurn({ FaceRecords: Array.from({ length: 101 }, (_, n) => aFaceRecord(n + 1)) }));
    aws
      .on(AssociateFacesCommand)
      .callsFake(inTurn({ AssociatedFaces: faceIds(100).map((FaceId) => ({ FaceId })) }, outage));
    await expect(team.enrollUser('ada', [picture(1)], { severalFaces: 'all' })).rejects.toBe(outage);
    const released = aws.commandCalls(DisassociateFacesCommand).flatMap((call) => call.args[0].input.FaceIds);
    expect(released).not.toContain(faceId(900));
    // The call that failed may have been carried out, so the face it was about is released too.
    expect(released).toHaveLength(101);
    expect(deletedIds()).not.toContain(faceId(900));
    expect(aws.commandCalls(DeleteUserCommand)).toHaveLength(0);
  });

  it('names what it could not take back', async () => {
    aws.on(AssociateFacesCommand).callsFake(inTurn(outage));
    aws.on(DeleteUserCommand).callsFake(inTurn(outage));
    aws.on(DeleteFacesCommand).callsFake(inTurn(outage));
    const error = await team.enrollUser('ada', [picture(1)]).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(IncompleteError);
    expect(error).toMatchObject({
      cause: outage,
      userId: 'ada',
      leftBehind: {
        certain: { user: true, associatedFaceIds: [], faceIds: [faceId(1)] },
        possible: { user: false, associatedFaceIds: [faceId(1)], faceIds: [], externalImageIds: [] },
      },
    });
  });

  it('names an image of which it could not find out whether its face is stored', async () => {
    const lost = new Error('socket hang up');
    aws.on(IndexFacesCommand).callsFake(inTurn({ FaceRecords: [aFaceRecord(1)] }, lost));
    const error = await team.enrollUser('ada', pictures, { concurrency: 1 }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'INCOMPLETE', cause: lost });
    expect(error.leftBehind.possible.externalImageIds).toEqual([indexedIds()[1]]);
    expect(deletedIds()).toEqual([faceId(1)]);
  });

  it('takes back what it made when the caller gives up, and rejects with the reason', async () => {
    const giveUp = new AbortController();
    const reason = new Error('the user closed the page');
    aws.on(IndexFacesCommand).callsFake(async () => {
      giveUp.abort(reason);
      return { FaceRecords: [aFaceRecord(1)] };
    });
    const enrolling = team.enrollUser('ada', pictures, { concurrency: 1, signal: giveUp.signal });
    await expect(enrolling).rejects.toBe(reason);
    expect(deletedIds()).toEqual([faceId(1)]);
    expect(aws.commandCalls(IndexFacesCommand)).toHaveLength(1);
  });
});
