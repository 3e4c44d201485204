import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  AssociateFacesCommand,
  type AssociateFacesCommandInput,
  DisassociateFacesCommand,
  ListFacesCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection } from 'rekollect';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DEFAULTS } from '../../src/limits.js';
import { because, faceId, faceIds, serviceError } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
const team = new FaceCollection('team', { client: new RekognitionClient({ region: 'eu-west-1' }) });

const asked = () => aws.commandCalls(AssociateFacesCommand).map((call) => call.args[0].input);
const takeAll = async ({ FaceIds }: AssociateFacesCommandInput) => ({
  AssociatedFaces: FaceIds?.map((FaceId) => ({ FaceId })),
  UnsuccessfulFaceAssociations: [],
  UserStatus: 'UPDATING',
});

beforeEach(() => aws.reset());

describe('associate', () => {
  it('asks for a hundred at a time, each time with a new token', async () => {
    aws.on(AssociateFacesCommand).callsFake(takeAll);
    const { associated, userStatus } = await team.associate('ada', faceIds(250));
    expect(asked().map(({ FaceIds }) => FaceIds?.length)).toEqual([100, 100, 50]);
    expect(new Set(asked().map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(3);
    expect(associated).toEqual(faceIds(250));
    expect(userStatus).toBe('UPDATING');
  });

  it('asks for a similarity of 75 unless told otherwise', async () => {
    aws.on(AssociateFacesCommand).callsFake(takeAll);
    await team.associate('ada', faceIds(1));
    await team.associate('ada', faceIds(1), { threshold: 0 });
    expect(asked().map(({ UserMatchThreshold }) => UserMatchThreshold)).toEqual([75, 0]);
  });

  it('says of every face what became of it, those that the service lists nowhere included', async () => {
    aws.on(AssociateFacesCommand).resolves({
      AssociatedFaces: [{ FaceId: faceId(1) }],
      UnsuccessfulFaceAssociations: [
        { FaceId: faceId(2), Confidence: 0.94, Reasons: ['LOW_MATCH_CONFIDENCE'] },
        // So the developer guide writes it, and not as the model does.
        { FaceId: faceId(3), UserId: 'bob', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_IDENTITY' as never] },
        { FaceId: faceId(4) },
        { FaceId: faceId(5), Reasons: ['FACE_IS_A_STATUE' as never] },
      ],
      UserStatus: 'UPDATING',
    });
    expect(await team.associate('ada', [...faceIds(6), faceId(1)])).toEqual({
      associated: [faceId(1)],
      alreadyAssociated: [faceId(6)],
      rejected: [
        { faceId: faceId(2), similarity: 0.94, ...because('LOW_MATCH_CONFIDENCE') },
        { faceId: faceId(3), userId: 'bob', ...because('ASSOCIATED_TO_A_DIFFERENT_USER') },
        { faceId: faceId(4), ...because('USER_IS_FULL') },
        { faceId: faceId(5), ...because('OTHER'), serviceReasons: ['FACE_IS_A_STATUE'] },
      ],
      userStatus: 'UPDATING',
    });
    expect(asked()[0]?.FaceIds).toEqual(faceIds(6));
  });

  it('names the faces that a full user does not take, and keeps what was taken before', async () => {
    aws
      .on(AssociateFacesCommand)
      .callsFakeOnce(takeAll)
      .rejects(serviceError('ServiceQuotaExceededException'));
    const { associated, rejected } = await team.associate('ada', faceIds(101));
    expect(associated).toHaveLength(100);
    expect(rejected).toEqual([{ faceId: faceId(101), ...because('USER_IS_FULL') }]);
  });

  it('is done when the answer was lost: the same token gives the answer again', async () => {
    aws.on(AssociateFacesCommand).rejectsOnce(new Error('socket hang up')).callsFake(takeAll);
    expect(await team.associate('ada', faceIds(2))).toMatchObject({ associated: faceIds(2) });
    expect(new Set(asked().map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
  });

  it("says which faces are the user's now when it failed for good, and which may be", async () => {
    const outage = serviceError('InternalServerError');
    const ofAda = (...numbers: number[]) => ({
      Faces: numbers.map((n) => ({ FaceId: faceId(n), UserId: 'ada' })),
    });
    const failure = () => team.associate('ada', faceIds(101)).catch((error) => error);
    aws.on(AssociateFacesCommand).callsFakeOnce(takeAll).rejects(outage);
    aws.on(ListFacesCommand).resolves(ofAda(1, 101));
    expect(await failure()).toMatchObject({
      code: 'INCOMPLETE',
      cause: outage,
      userId: 'ada',
      leftBehind: {
        certain: { associatedFaceIds: [faceId(1), faceId(101)] },
        possible: { associatedFaceIds: [] },
      },
    });
    aws.reset();
    aws.on(ListFacesCommand).rejects(outage);
    aws.on(AssociateFacesCommand).callsFakeOnce(takeAll).rejects(outage);
    expect(await failure()).toMatchObject({
      leftBehind: {
        certain: { associatedFaceIds: faceIds(100) },
        possible: { associatedFaceIds: [faceId(101)] },
      },
    });
  });

  it("throws the error as it is when no face is the user's", async () => {
    const outage = serviceError('InternalServerError');
    aws.on(AssociateFacesCommand).rejects(outage);
    aws.on(ListFacesCommand).resolves({ Faces: [{ FaceId: faceId(1), UserId: 'bob' }] });
    await expect(team.associate('ada', faceIds(2))).rejects.toBe(outage);
  });

  it('ends when it is given up while the service does not answer, and names what may come yet', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const giveUp = new AbortController();
    const reason = new Error('the user closed the page');
    aws.on(AssociateFacesCommand).callsFake(() => new Promise(() => {}));
    aws.on(ListFacesCommand).resolves({ Faces: [] });
    const associating = team.associate('ada', faceIds(2), { signal: giveUp.signal }).catch((error) => error);
    giveUp.abort(reason);
    await vi.advanceTimersByTimeAsync(DEFAULTS.grace);
    expect(await associating).toMatchObject({
      cause: reason,
      leftBehind: { certain: { associatedFaceIds: [] }, possible: { associatedFaceIds: faceIds(2) } },
    });
  });
});

describe('disassociate', () => {
  it('names those that left, those that were nowhere, and those that belong to somebody else', async () => {
    aws.on(DisassociateFacesCommand).resolves({
      DisassociatedFaces: [{ FaceId: faceId(1) }],
      UnsuccessfulFaceDisassociations: [
        { FaceId: faceId(2), UserId: 'bob', Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] },
        { FaceId: faceId(4) },
      ],
      UserStatus: 'UPDATING',
    });
    expect(await team.disassociate('ada', faceIds(4))).toEqual({
      disassociated: [faceId(1)],
      notAssociated: [faceId(3)],
      rejected: [
        { faceId: faceId(2), userId: 'bob', ...because('ASSOCIATED_TO_A_DIFFERENT_USER') },
        { faceId: faceId(4), ...because('OTHER') },
      ],
      userStatus: 'UPDATING',
    });
  });

  it('leaves the token to the SDK, which retries with the same when the service fails', async () => {
    aws.restore();
    const tokens: string[] = [];
    const service = createServer(async (request, response) => {
      tokens.push(JSON.parse(await text(request)).ClientRequestToken);
      const fails = tokens.length < 3;
      response.writeHead(fails ? 500 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(fails ? '{"__type":"InternalServerError"}' : '{}');
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    const client = new RekognitionClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      endpoint: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    });
    await new FaceCollection('team', { client }).disassociate('ada', faceIds(1));
    client.destroy();
    service.close();
    expect(tokens).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f-]{36}$/)));
    expect(new Set(tokens).size).toBe(1);
  });
});
