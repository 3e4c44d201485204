import {
  DeleteFacesCommand,
  IndexFacesCommand,
  ListFacesCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { fail, ScriptedClient } from 'rekollect/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { callsPerSecondFor, PacedClient } from '../../src/service/paced-client.js';
import { serviceError } from '../support/aws-answers.js';

const aCall = new IndexFacesCommand({ CollectionId: 'team', Image: {} });

/** A client that throws these errors, one after the other, and then answers. */
const failing = (...errors: readonly Error[]) =>
  new ScriptedClient(
    { send: async () => ({ $metadata: { attempts: 1 }, FaceRecords: [] }) },
    errors.map((error, index) => fail('any', { call: index + 1, error })),
  );

describe('a paced client', () => {
  it('makes a call again that was throttled, and says so to whoever reads the answer', async () => {
    const throttled = serviceError('ProvisionedThroughputExceededException');
    const client = new PacedClient(failing(throttled, serviceError('ThrottlingException')), {});
    expect(await client.send(aCall)).toEqual({ $metadata: { attempts: 3 }, FaceRecords: [] });
    expect(client.counts.get('IndexFaces')).toEqual({ calls: 3, billed: 1, throttled: 2 });
  });

  it('leaves every other error to its caller', async () => {
    const client = new PacedClient(failing(serviceError('InternalServerError')), {});
    await expect(client.send(aCall)).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(client.counts.get('IndexFaces')).toEqual({ calls: 1, billed: 0, throttled: 0 });
  });

  it('counts each operation for itself, and bills those that are billed', async () => {
    const client = new PacedClient(failing(), {});
    await client.send(aCall);
    await client.send(new ListFacesCommand({ CollectionId: 'team' }));
    await client.send(new DeleteFacesCommand({ CollectionId: 'team', FaceIds: [] }));
    expect(Object.fromEntries(client.counts)).toEqual({
      IndexFaces: { calls: 1, billed: 1, throttled: 0 },
      ListFaces: { calls: 1, billed: 0, throttled: 0 },
      DeleteFaces: { calls: 1, billed: 0, throttled: 0 },
    });
  });

  it('holds back the operations that have a pace, and gives up waiting with the signal', async () => {
    const client = new PacedClient(failing(), { IndexFaces: 0.001 });
    await client.send(aCall);
    await client.send(new ListFacesCommand({ CollectionId: 'team' }));
    const enough = new AbortController();
    const waiting = client.send(aCall, { abortSignal: enough.signal });
    enough.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(client.counts.get('IndexFaces')).toMatchObject({ calls: 1 });
  });

  it('takes long waits of the SDK for throttling', async () => {
    const answer = { $metadata: { attempts: 2, totalRetryDelay: 900 } };
    const client = new PacedClient({ send: async () => answer }, {});
    expect(await client.send(aCall)).toBe(answer);
    expect(client.counts.get('IndexFaces')).toEqual({ calls: 1, billed: 1, throttled: 1 });
  });
});

describe('the pace of a client', () => {
  const inRegion = (region: string, more = {}) => new RekognitionClient({ region, ...more });

  it('is what Amazon Rekognition allows in its Region', async () => {
    expect(await callsPerSecondFor(inRegion('us-east-1'), undefined)).toMatchObject({
      IndexFaces: 50,
      AssociateFaces: 5,
    });
    expect(await callsPerSecondFor(inRegion('eu-central-1'), undefined)).toMatchObject({ IndexFaces: 5 });
  });

  it("is the caller's where there are numbers, and none where that is asked for", async () => {
    const pace = await callsPerSecondFor(inRegion('us-east-1'), { IndexFaces: 200 });
    expect(pace).toMatchObject({ IndexFaces: 200, SearchFaces: 50 });
    expect(await callsPerSecondFor(inRegion('us-east-1'), 'none')).toEqual({});
  });

  it('is none for an endpoint of the caller, for fakes, and where no Region is known', async () => {
    expect(await callsPerSecondFor(failing(), undefined)).toEqual({});
    expect(
      await callsPerSecondFor(inRegion('us-east-1', { endpoint: 'http://127.0.0.1:1' }), undefined),
    ).toEqual({});
    const noRegion = Object.assign(failing(), {
      config: { region: async () => Promise.reject(new Error('Region is missing')) },
    });
    expect(await callsPerSecondFor(noRegion, undefined)).toEqual({});
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await callsPerSecondFor(inRegion('us-east-1'), undefined)).toEqual({});
  });
});
