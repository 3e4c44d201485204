import {
  AssociateFacesCommand,
  CompareFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DeleteFacesCommand,
  DeleteUserCommand,
  DescribeCollectionCommand,
  DetectFacesCommand,
  DisassociateFacesCommand,
  IndexFacesCommand,
  InvalidParameterException,
  ListCollectionsCommand,
  ListFacesCommand,
  ListUsersCommand,
  ResourceNotFoundException,
  SearchFacesByImageCommand,
  SearchFacesCommand,
  SearchUsersByImageCommand,
  SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBuffer } from 'rekollect';
import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/local/protocol/request-shapes.js';
import { EngineBusyError } from '../../src/local/vision/engine-errors.js';
import type { ServiceCommand } from '../../src/service/client.js';
import { departuresFromModel } from '../support/answer-model.js';
import { aServer, framed } from '../support/served.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CollectionId = 'team';

/** A server, and the SDK's way to send it a command; every answer is held against the service's model. */
async function aServedCollection() {
  const served = await aServer();
  const client = served.sdk();
  const send = async <Output>(command: ServiceCommand<Output>): Promise<Output> => {
    const answer = await client.send(command as never);
    const { $metadata, ...members } = answer as Output & { $metadata: object };
    const operation = command.constructor.name.replace(/Command$/, '') as OperationName;
    expect(departuresFromModel(operation, members)).toEqual([]);
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(UUID) });
    return answer as Output;
  };
  await send(new CreateCollectionCommand({ CollectionId, Tags: { room: 'test' } }));
  return { ...served, client, send };
}

describe('the SDK', () => {
  it('is answered on all eighteen operations', async () => {
    const { send, vision } = await aServedCollection();
    const Image = { Bytes: await vision.photo([{ person: 'ada' }]) };
    const again = { Bytes: await vision.photo([{ person: 'ada' }, { person: 'grace' }]) };

    const before = await send(new DescribeCollectionCommand({ CollectionId }));
    expect(before.FaceCount).toBe(0);
    expect(Math.abs(before.CreationTimestamp!.getTime() - Date.now())).toBeLessThan(60_000);
    expect((await send(new ListCollectionsCommand({}))).CollectionIds).toEqual([CollectionId]);

    const indexed = await send(new IndexFacesCommand({ CollectionId, Image, ExternalImageId: 'a.png' }));
    const FaceId = indexed.FaceRecords![0]!.Face!.FaceId!;
    await send(new CreateUserCommand({ CollectionId, UserId: 'ada' }));
    const FaceIds = [FaceId];
    const associated = await send(new AssociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds }));
    expect(associated.AssociatedFaces).toEqual([{ FaceId }]);

    expect((await send(new ListFacesCommand({ CollectionId }))).Faces![0]).toMatchObject({
      FaceId,
      UserId: 'ada',
    });
    expect((await send(new ListUsersCommand({ CollectionId }))).Users![0]!.UserId).toBe('ada');
    expect(
      (await send(new DetectFacesCommand({ Image: again, Attributes: ['ALL'] }))).FaceDetails,
    ).toHaveLength(2);
    const compared = await send(new CompareFacesCommand({ SourceImage: Image, TargetImage: again }));
    expect([compared.FaceMatches!.length, compared.UnmatchedFaces!.length]).toEqual([1, 1]);
    expect((await send(new SearchFacesCommand({ CollectionId, FaceId }))).FaceMatches).toEqual([]);
    const byImage = await send(new SearchFacesByImageCommand({ CollectionId, Image: again }));
    expect(byImage.FaceMatches![0]!.Face!.FaceId).toBe(FaceId);
    expect((await send(new SearchUsersCommand({ CollectionId, FaceId }))).UserMatches![0]!.User!.UserId).toBe(
      'ada',
    );
    const users = await send(new SearchUsersByImageCommand({ CollectionId, Image: again }));
    expect(users.UserMatches![0]!.User!.UserId).toBe('ada');
    expect(users.UnsearchedFaces).toHaveLength(1);

    await send(new DisassociateFacesCommand({ CollectionId, UserId: 'ada', FaceIds }));
    await send(new DeleteUserCommand({ CollectionId, UserId: 'ada' }));
    expect((await send(new DeleteFacesCommand({ CollectionId, FaceIds }))).DeletedFaces).toEqual([FaceId]);
    expect((await send(new DeleteCollectionCommand({ CollectionId }))).StatusCode).toBe(200);
  });

  it('gets the exceptions of the service, by their classes and with their request ids', async () => {
    const { client, vision } = await aServedCollection();
    const missing = await client
      .send(new DescribeCollectionCommand({ CollectionId: 'nobody' }))
      .catch((e) => e);
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing).toMatchObject({
      message: 'Collection:nobody not found!',
      Code: 'ResourceNotFoundException',
      Logref: expect.stringMatching(UUID),
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(UUID) },
    });
    const Image = { Bytes: await vision.photo([]) };
    const faceless = await client
      .send(new SearchFacesByImageCommand({ CollectionId, Image }))
      .catch((e) => e);
    expect(faceless).toBeInstanceOf(InvalidParameterException);
    await expect(
      client.send(new DescribeCollectionCommand({ CollectionId: 'no/slash' })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/^1 validation error detected: Value 'no\/slash' at 'collectionId'/),
    });
  });

  it('sends two images of 5 MB in one request', async () => {
    const { client, vision } = await aServedCollection();
    const photo = await vision.photo([{ person: 'ada' }]);
    const Bytes = Buffer.concat([photo, Buffer.alloc(5_242_880 - photo.length)]);
    const SourceImage = { Bytes };
    const { FaceMatches } = await client.send(
      new CompareFacesCommand({ SourceImage, TargetImage: SourceImage }),
    );
    expect(FaceMatches).toHaveLength(1);
  });

  it('lets a FaceCollection work as it does in one process', async () => {
    const { sdk, vision } = await aServer();
    const team = new FaceCollection('team', { client: sdk() });
    await team.create();
    const portrait = fromBuffer(await vision.photo([{ person: 'ada' }]), { name: 'ada.png' });
    const party = fromBuffer(await vision.photo([{ person: 'grace' }, { person: 'ada' }]), {
      name: 'party.png',
    });
    expect((await team.enrollUser('ada', [portrait])).associated).toHaveLength(1);
    const { faces } = await team.searchPhoto(party, { by: 'users' });
    expect(faces.map((face) => face.status === 'matched' && face.matches[0].userId)).toEqual([false, 'ada']);
  });
});

describe('an answer on the wire', () => {
  it('is JSON 1.1 with a request id, as short as its members', async () => {
    const { post } = await aServer();
    const { status, headers, text } = await post('CreateCollection', { CollectionId });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(headers.get('x-amzn-RequestId')).toMatch(UUID);
    expect(headers.get('content-length')).toBe(String(text.length));
    expect(text).toMatch(/^\{"StatusCode":200,"CollectionArn":"aws:rekognition:/);
  });

  it('has floats that look it even where they are whole, and integers that do not', async () => {
    const answer = {
      FaceCount: 1,
      CreationTimestamp: new Date(1_569_444_828_000),
      FaceMatches: [{ Similarity: 100, Face: { BoundingBox: { Left: 0, Top: 0.25, Width: undefined } } }],
      FaceDetails: [{ AgeRange: { Low: 20, High: 30 }, Smile: { Value: true, Confidence: 1e-7 } }],
      NextToken: 'a "quoted" token\n',
    };
    const { post } = await aServer({ client: { answer: async () => answer } });
    expect((await post('ListCollections')).text).toBe(
      '{"FaceCount":1,"CreationTimestamp":1569444828.0,' +
        '"FaceMatches":[{"Similarity":100.0,"Face":{"BoundingBox":{"Left":0.0,"Top":0.25}}}],' +
        '"FaceDetails":[{"AgeRange":{"Low":20,"High":30},"Smile":{"Value":true,"Confidence":1e-7}}],' +
        '"NextToken":"a \\"quoted\\" token\\n"}',
    );
  });

  it('has times as seconds since 1970', async () => {
    const { post } = await aServer();
    await post('CreateCollection', { CollectionId });
    const { body } = await post('DescribeCollection', { CollectionId });
    expect(body!.CreationTimestamp).toSatisfy(
      (seconds: number) => Math.abs(seconds - Date.now() / 1000) < 60,
    );
  });

  it('is empty for CreateUser and DeleteUser', async () => {
    const { post } = await aServer();
    await post('CreateCollection', { CollectionId });
    for (const operation of ['CreateUser', 'DeleteUser']) {
      const { status, headers, text } = await post(operation, { CollectionId, UserId: 'ada' });
      expect([status, text, headers.get('content-length')]).toEqual([200, '', '0']);
      expect(headers.get('x-amzn-RequestId')).toMatch(UUID);
    }
  });

  it('has errors of the service in the envelope of the service', async () => {
    const { post } = await aServer();
    const { status, headers, body } = await post('DeleteCollection', { CollectionId: 'nobody' });
    expect(status).toBe(400);
    expect(headers.get('x-amzn-RequestId')).toMatch(UUID);
    expect(body).toEqual({
      __type: 'ResourceNotFoundException',
      Code: 'ResourceNotFoundException',
      Logref: expect.stringMatching(UUID),
      Message: expect.any(String),
    });
  });

  it('has errors of the framework in the envelope of the framework', async () => {
    const { post } = await aServer();
    const { status, body } = await post('DetectFaces', { Image: { Bytes: '' } });
    expect(status).toBe(400);
    expect(body).toEqual(
      framed(
        'ValidationException',
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes' failed to " +
          'satisfy constraint: Member must have length greater than or equal to 1',
      ),
    );
  });

  it('tells a busy engine as throttling, which SDKs wait for and try again', async () => {
    const client = { answer: () => Promise.reject(new EngineBusyError(1)) };
    const { post } = await aServer({ client });
    const { status, body } = await post('ListCollections');
    expect([status, body!.__type]).toEqual([400, 'ThrottlingException']);
  });

  it("tells nothing of the server's own failures, which the log has", async () => {
    const client = { answer: () => Promise.reject(new TypeError('secrets of the engine')) };
    const { post, calls } = await aServer({ client });
    const { status, text, body } = await post('ListCollections');
    expect([status, body!.__type, body!.Message]).toEqual([
      500,
      'InternalServerError',
      'Internal server error',
    ]);
    expect(text).not.toContain('secrets');
    expect(calls).toMatchObject([
      { status: 500, outcome: 'InternalServerError', detail: 'TypeError: secrets of the engine' },
    ]);
  });
});
