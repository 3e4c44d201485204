import {
  DetectFacesCommand,
  RekognitionClient,
  SearchUsersByImageCommand,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { type CommandClient, FaceCollection, fromBuffer, type ServiceCall } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { aPicture } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
beforeEach(() => aws.reset());
afterAll(() => aws.restore());

/** A collection, and the calls that it told of. */
function observed(client: CommandClient) {
  const calls: ServiceCall[] = [];
  return { team: new FaceCollection('team', { client, onCall: (call) => calls.push(call) }), calls };
}

function aLocalEngine() {
  const vision = declaredFaces();
  const client = new LocalRekognition({ vision });
  onTestFinished(() => client.close());
  return { vision, client };
}

describe('onCall', () => {
  it('tells of every call with its duration, and counts those that are billed', async () => {
    const { vision, client } = aLocalEngine();
    const { team, calls } = observed(client);
    const start = Date.now();
    await team.create();
    await team.enrollUser('ada', [fromBuffer(await vision.photo([{ person: 'ada' }]))]);
    expect(calls.map(({ operation, isBilled }) => [operation, isBilled])).toEqual([
      ['CreateCollection', false],
      ['ListFaces', false],
      ['IndexFaces', true],
      ['CreateUser', false],
      ['AssociateFaces', true],
    ]);
    expect(calls.at(-1)).toEqual({
      operation: 'AssociateFaces',
      collectionId: 'team',
      startedAt: expect.any(Number),
      milliseconds: expect.any(Number),
      outcome: 'answered',
      attempts: 1,
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      isBilled: true,
      billedCalls: 2,
    });
    for (const { startedAt, milliseconds } of calls) {
      expect(startedAt).toBeGreaterThanOrEqual(start);
      expect(milliseconds).toBeGreaterThanOrEqual(0);
    }
  });

  it('tells of the one pass over a photo that a client offers, and leaves it to those that do', async () => {
    const { vision, client } = aLocalEngine();
    const photo = fromBuffer(await vision.photo([{ person: 'ada' }, { person: 'bob' }]));
    const local = observed(client);
    await local.team.create();
    await local.team.searchPhoto(photo);
    expect(local.calls.map(({ operation }) => operation)).toEqual(['CreateCollection', 'SearchEveryFace']);

    const plain = observed({ send: (command, options) => client.send(command, options) });
    await plain.team.searchPhoto(photo);
    expect(plain.calls.map(({ operation }) => operation)).toEqual([
      'SearchUsersByImage',
      'SearchUsersByImage',
    ]);
  });

  it('tells what failed and how often it was tried', async () => {
    const error = Object.assign(new Error('Rate exceeded'), {
      name: 'ThrottlingException',
      $metadata: { attempts: 3, requestId: 'b1' },
    });
    aws.on(DetectFacesCommand).rejects(error);
    const { team, calls } = observed(aws as unknown as CommandClient);
    await expect(team.detectFaces(await aPicture(1))).rejects.toThrow('Rate exceeded');
    expect(calls).toEqual([
      {
        operation: 'DetectFaces',
        startedAt: expect.any(Number),
        milliseconds: expect.any(Number),
        outcome: 'failed',
        error: 'ThrottlingException',
        attempts: 3,
        requestId: 'b1',
        isBilled: false,
        billedCalls: 0,
      },
    ]);
  });

  it('tells of a call that was given up as aborted', async () => {
    aws
      .on(SearchUsersByImageCommand)
      .callsFake(
        (_, __) =>
          new Promise((_resolve, reject) => setImmediate(reject, new DOMException('', 'TimeoutError'))),
      );
    const { team, calls } = observed(aws as unknown as CommandClient);
    await expect(team.searchUsers(await aPicture(1))).rejects.toThrow();
    expect(calls).toMatchObject([{ outcome: 'aborted', error: 'TimeoutError', isBilled: false }]);
  });

  it('costs nobody an answer when it throws', async () => {
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [] });
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const onCall = () => {
      throw new Error('The metrics are full.');
    };
    const team = new FaceCollection('team', { client: aws as unknown as CommandClient, onCall });
    expect(await team.detectFaces(await aPicture(1))).toEqual([]);
    expect(warn).toHaveBeenCalledExactlyOnceWith(new Error('The metrics are full.'));
  });

  it('leaves to the SDK which Region its client has, which the pace depends on', async () => {
    const client = new RekognitionClient({ region: 'eu-central-1' });
    const plans = [{ client }, { client, onCall: () => {} }].map((options) =>
      new FaceCollection('team', options).planEnrollment([
        { userId: 'ada', images: [fromBuffer(Buffer.of(1))] },
      ]),
    );
    const [plain, withHook] = await Promise.all(plans);
    expect(withHook).toEqual(plain);
    expect(plain!.seconds).toBeGreaterThan(0);
  });

  it('hears of listed collections too', async () => {
    const { client } = aLocalEngine();
    const calls: ServiceCall[] = [];
    for await (const _ of FaceCollection.list({ client, onCall: (call) => calls.push(call) }));
    expect(calls).toMatchObject([{ operation: 'ListCollections', outcome: 'answered' }]);
    expect(calls[0]).not.toHaveProperty('collectionId');
  });
});
