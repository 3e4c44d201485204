import { AssertionError } from 'node:assert';
import {
  InternalServerError,
  ProvisionedThroughputExceededException,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import {
  type DeclaredFace,
  declaredFaces,
  delayAnswer,
  type Fault,
  fail,
  holdAnswer,
  intercept,
  keepUpdating,
  listLate,
  loseAnswer,
  rejectFaces,
  ScriptedClient,
  throttle,
} from 'rekollect/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

/** A collection whose client is scripted, and a way around the script. */
async function aTeam(...script: Fault[]) {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const client = new ScriptedClient(engine, script);
  const behind = new FaceCollection('team', { client: engine });
  await behind.create();
  const photo = async (...faces: DeclaredFace[]) => fromBuffer(await vision.photo(faces));
  return { client, engine, behind, photo, team: new FaceCollection('team', { client }) };
}

const failureOf = (call: Promise<unknown>) => call.then(() => undefined).catch((error) => error);
const messageOf = (assertion: () => void) => {
  try {
    assertion();
  } catch (error) {
    expect(error).toBeInstanceOf(AssertionError);
    return (error as Error).message;
  }
  return undefined;
};

describe('a scripted client', () => {
  it('answers as the client behind it, and records what it was asked and answered', async () => {
    const { client, team, photo } = await aTeam();
    await team.enrollUser('ada', [await photo({ person: 'ada' })]);
    expect(client.operations).toEqual(['ListFaces', 'IndexFaces', 'CreateUser', 'AssociateFaces']);
    const [indexing] = client.callsOf('IndexFaces');
    expect(indexing).toMatchObject({ input: { CollectionId: 'team' }, outcome: 'answered', faults: [] });
    expect(indexing!.answer!.FaceRecords).toHaveLength(1);
    client.clearCalls();
    expect(client.calls).toEqual([]);
  });

  it('makes the calls of a photo that Amazon Rekognition would get, one for each face', async () => {
    const { client, team, photo } = await aTeam();
    const { faces } = await team.searchPhoto(await photo({ person: 'ada' }, { person: 'bob' }, {}));
    expect(faces).toHaveLength(3);
    client.assertCalled('SearchUsersByImage', { times: 3 });
  });

  it('takes any fake for what it does not script', async () => {
    const client = new ScriptedClient({ send: async () => ({ FaceDetails: [] }) }, [fail('DetectFaces')]);
    const team = new FaceCollection('team', { client });
    const picture = fromBuffer(await declaredFaces().photo([]));
    expect(await failureOf(team.detectFaces(picture))).toBeInstanceOf(InternalServerError);
    expect(await team.detectFaces(picture)).toEqual([]);
  });

  it('records a call that is under way, and one that failed', async () => {
    const { client, team } = await aTeam(holdAnswer('DescribeCollection'), throttle('ListUsers'));
    const describing = failureOf(team.describe({ signal: AbortSignal.timeout(10) }));
    const error = await failureOf(team.listUsers().all());
    expect(client.calls).toMatchObject([
      { operation: 'DescribeCollection', outcome: 'pending' },
      { operation: 'ListUsers', outcome: 'failed', error, faults: ["throttle('ListUsers')"] },
    ]);
    expect(await describing).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an assertion', () => {
  it('tells what was called in place of what was expected, images by their size', async () => {
    const { client, team, photo } = await aTeam(throttle('IndexFaces', { call: 2 }));
    const picture = await photo({ person: 'ada' });
    await team.indexFaces(picture);
    await failureOf(team.indexFaces(picture));
    client.assertCalled('IndexFaces');
    client.assertCalled('IndexFaces', { times: 2, input: { CollectionId: 'team' } });
    client.assertCalled('DeleteFaces', { times: 0 });
    const call = `IndexFaces  { CollectionId: 'team', Image: { Bytes: <N bytes> }, QualityFilter: 'AUTO' }`;
    expect(messageOf(() => client.assertCalled('IndexFaces', { times: 3 }))?.replace(/<\d+/g, '<N')).toBe(
      `IndexFaces was to be called 3 times, and was called 2 times. All calls:
  1.  ${call}  answered
  2.  ${call}  ProvisionedThroughputExceededException: throttle('IndexFaces', { call: 2 })`,
    );
    expect(messageOf(() => client.assertCalled('IndexFaces', { input: { CollectionId: 'teem' } }))).toMatch(
      /^IndexFaces with \{ CollectionId: 'teem' \} was to be called once or more, and was called never\./,
    );
  });

  it('fails for a fault that never happened, and for one that happened less often than scripted', async () => {
    const { client, team } = await aTeam(
      throttle('ListUsers', { call: 3 }),
      fail('DescribeCollection', { times: 2 }),
      fail('any', { times: Number.POSITIVE_INFINITY, where: (input) => 'UserId' in input }),
      keepUpdating('ada', { times: 1 }),
      listLate(),
    );
    await failureOf(team.describe());
    await team.listUsers().all();
    expect(messageOf(() => client.assertScriptDone())).toBe(
      `5 of 5 faults did not happen as scripted:
  throttle('ListUsers', { call: 3 }) has not happened; calls of ListUsers: 1.
  fail('DescribeCollection', { times: 2 }) happened once of 2; calls of DescribeCollection: 1.
  fail('any', { times: Infinity, where: [Function: where] }) has not happened; such calls: 0.
  keepUpdating('ada', { times: 1 }) has not happened; answers that had "ada" as ACTIVE: 0.
  listLate() has not happened; no listing had a face that this client had indexed.
All calls:
  1.  DescribeCollection  { CollectionId: 'team' }                   InternalServerError: fail('DescribeCollection', { times: 2 })
  2.  ListUsers           { CollectionId: 'team', MaxResults: 500 }  answered`,
    );
  });
});

describe('a fault', () => {
  it('throttles the third call, and lets the others through', async () => {
    const { client, team } = await aTeam(throttle('DescribeCollection', { call: 3 }));
    await team.describe();
    await team.describe();
    const error = await failureOf(team.describe());
    expect(error).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect(error).toMatchObject({
      message: 'Provisioned rate exceeded',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 3 },
    });
    await team.describe();
    client.assertScriptDone();
  });

  it.each([
    ['InternalServerError', 500, 3],
    ['ServiceUnavailableException', 503, 3],
    ['AccessDeniedException', 400, 1],
  ] as const)('fails with %s, as the SDK throws it', async (name, httpStatusCode, attempts) => {
    const { team } = await aTeam(fail('DescribeCollection', { error: name }));
    expect(await failureOf(team.describe())).toMatchObject({ name, $metadata: { httpStatusCode, attempts } });
  });

  it('fails with an error of your own, for good', async () => {
    const outage = new Error('outage');
    const { client, team } = await aTeam(
      fail('any', { call: 2, times: Number.POSITIVE_INFINITY, error: outage }),
    );
    await team.describe();
    expect(await failureOf(team.describe())).toBe(outage);
    expect(await failureOf(team.listUsers().all())).toBe(outage);
    client.assertScriptDone();
  });

  it('counts only the calls that it is about', async () => {
    const { client, team } = await aTeam(
      fail('CreateUser', { where: ({ UserId }) => UserId === 'bob', error: 'ConflictException' }),
    );
    expect(await team.createUser('ada')).toEqual({ created: true });
    expect(await team.createUser('bob')).toEqual({ created: false });
    client.assertScriptDone();
  });

  it('carries a call out whose answer it loses', async () => {
    const { behind, team } = await aTeam(loseAnswer('CreateUser'));
    const error = await failureOf(team.createUser('ada'));
    expect(error).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET', $metadata: { attempts: 3 } });
    expect(await behind.listUsers().all()).toMatchObject([{ userId: 'ada' }]);
  });

  it('leaves undone what it fails', async () => {
    const { behind, team } = await aTeam(fail('CreateUser', { error: 'ECONNRESET' }));
    expect(await failureOf(team.createUser('ada'))).toMatchObject({ code: 'ECONNRESET' });
    expect(await behind.listUsers().all()).toEqual([]);
  });

  it('answers late, under fake timers too', async () => {
    const { team } = await aTeam(delayAnswer('DescribeCollection', 60_000));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let isAnswered = false;
    const answer = team.describe().then(() => {
      isAnswered = true;
    });
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(isAnswered).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await answer;
  });

  it('forgets its timer when the call is given up', async () => {
    const { team } = await aTeam(delayAnswer('DescribeCollection', 600_000));
    const giveUp = new AbortController();
    const answer = failureOf(team.describe({ signal: giveUp.signal }));
    giveUp.abort(new Error('enough'));
    expect(await answer).toBe(giveUp.signal.reason);
  });

  it('holds an answer until it is released', async () => {
    const slow = holdAnswer('CreateUser');
    const { client, behind, team } = await aTeam(slow);
    const creating = team.createUser('ada');
    await slow.held;
    expect(await behind.listUsers().all()).toHaveLength(1);
    expect(client.callsOf('CreateUser')).toMatchObject([{ outcome: 'pending' }]);
    slow.release();
    expect(await creating).toEqual({ created: true });
  });

  it('does what it is told in place of a call', async () => {
    const { team, behind, photo } = await aTeam(
      intercept('AssociateFaces', async (carryOut, { UserId }) => {
        await behind.deleteUser(UserId!);
        return carryOut();
      }),
    );
    const enrolling = team.enrollUser('ada', [await photo({ person: 'ada' })]);
    expect(await failureOf(enrolling)).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('acts on what the next one makes of a call, and all count it', async () => {
    const { client, team } = await aTeam(
      intercept('ListUsers', async (carryOut) => ({ ...(await carryOut()), Users: [{ UserId: 'eve' }] })),
      intercept('ListUsers', async () => ({ Users: [] })),
      throttle('ListUsers', { call: 2 }),
    );
    expect(await team.listUsers().all()).toEqual([{ userId: 'eve' }]);
    expect(await failureOf(team.listUsers().all())).toBeInstanceOf(ProvisionedThroughputExceededException);
    client.assertScriptDone();
  });

  it('refuses some faces of an association, and has the others associated', async () => {
    const { client, behind, team, photo } = await aTeam(
      rejectFaces('AssociateFaces', 'LOW_MATCH_CONFIDENCE', { faces: 1, similarity: 61 }),
    );
    const photos = await Promise.all([1, 2, 3].map(() => photo({ person: 'ada' })));
    const { rejected, associated } = await team.enrollUser('ada', photos);
    expect(rejected).toMatchObject([{ reason: 'LOW_MATCH_CONFIDENCE', rejectedFaces: [{ similarity: 61 }] }]);
    expect(associated).toHaveLength(2);
    expect(await behind.listFaces({ userId: 'ada' }).all()).toHaveLength(2);
    expect(client.callsOf('AssociateFaces')[0]!.answer).toMatchObject({ UserStatus: 'UPDATING' });
    client.assertScriptDone();
  });

  it('refuses the faces that it is given, even when they are all', async () => {
    const setUp = await aTeam();
    const [face] = (await setUp.behind.indexFaces(await setUp.photo({}))).faces;
    const { faceId } = face!;
    const reason = 'ASSOCIATED_TO_AN_EXISTING_USER';
    const script = [
      rejectFaces('DeleteFaces', reason, { faces: [faceId], userId: 'eve' }),
      rejectFaces('DisassociateFaces', 'FACE_NOT_FOUND', { faces: [faceId] }),
    ];
    const team = new FaceCollection('team', { client: new ScriptedClient(setUp.engine, script) });
    expect(await team.deleteFaces([faceId])).toMatchObject({
      deleted: [],
      rejected: [{ faceId, reason, userId: 'eve' }],
    });
    await team.createUser('ada');
    await team.associate('ada', [faceId]);
    expect(await team.disassociate('ada', [faceId])).toMatchObject({
      disassociated: [],
      rejected: [{ faceId, reason: 'FACE_NOT_FOUND' }],
    });
    expect(await setUp.behind.listFaces({ userId: 'ada' }).all()).toHaveLength(1);
  });

  it('keeps a user updating for so many answers, and the library waits', async () => {
    const { client, team, photo } = await aTeam(keepUpdating('ada', { times: 3 }));
    const portrait = await photo({ person: 'ada' });
    await team.enrollUser('ada', [portrait]);
    expect(await team.searchUsers(portrait)).toMatchObject({ matches: [{ status: 'UPDATING' }] });
    expect(await team.waitForUser('ada', { interval: 1 })).toEqual({ userId: 'ada', status: 'ACTIVE' });
    client.assertCalled('ListUsers', { times: 3 });
    client.assertScriptDone();
  });

  it('keeps a user updating for good', async () => {
    const { team, photo } = await aTeam(keepUpdating('ada'));
    await team.enrollUser('ada', [await photo({ person: 'ada' })]);
    const waiting = team.waitForUser('ada', { interval: 1, signal: AbortSignal.timeout(50) });
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('lists faces late that this client has indexed, and no others', async () => {
    const { client, behind, team, photo } = await aTeam(listLate({ times: 2 }));
    await behind.indexFaces(await photo({}));
    await team.indexFaces(await photo({}));
    const counts = [];
    for (let listing = 0; listing < 3; listing++) counts.push((await team.listFaces().all()).length);
    expect(counts).toEqual([1, 1, 2]);
    expect(client.callsOf('ListFaces').map(({ faults }) => faults.length)).toEqual([1, 1, 0]);
    expect(client.callsOf('IndexFaces')).toMatchObject([{ faults: [] }]);
  });

  it('is refused when it names what there is not', () => {
    const refused = (argument: string, fault: () => unknown) =>
      expect(fault).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }));
    // @ts-expect-error There is no such operation.
    refused('operation', () => throttle('SearchUser'));
    // @ts-expect-error There is no such option.
    refused('options.calls', () => throttle('SearchUsers', { calls: 3 }));
    refused('options.call', () => throttle('SearchUsers', { call: 0 }));
    // @ts-expect-error There is no such error.
    refused('options.error', () => fail('SearchUsers', { error: 'TooManyRequestsException' }));
    // @ts-expect-error It refuses no faces.
    refused('operation', () => rejectFaces('IndexFaces', 'FACE_NOT_FOUND'));
    // @ts-expect-error It refuses none for that.
    refused('reason', () => rejectFaces('DeleteFaces', 'LOW_MATCH_CONFIDENCE'));
    refused('options.faces[0]', () => rejectFaces('DeleteFaces', 'FACE_NOT_FOUND', { faces: ['ada'] }));
    refused('userId', () => keepUpdating('Ada Lovelace'));
    refused('options.times', () => listLate({ times: 0.5 }));
    refused('milliseconds', () => delayAnswer('IndexFaces', -1));
    const client = { send: async () => ({}) };
    // @ts-expect-error A fault is no function.
    refused('script[0]', () => new ScriptedClient(client, [throttle]));
    // @ts-expect-error There is no send.
    refused('client', () => new ScriptedClient({}));
    // @ts-expect-error There is no such operation.
    refused('operation', () => new ScriptedClient(client).assertCalled('IndexFace'));
  });

  it('starts anew in each client', async () => {
    const outage = throttle('DescribeCollection');
    for (const { team, client } of [await aTeam(outage), await aTeam(outage)]) {
      expect(await failureOf(team.describe())).toBeInstanceOf(ProvisionedThroughputExceededException);
      await team.describe();
      client.assertScriptDone();
    }
  });
});

describe('behind a server', () => {
  it('has the attempts of a real SDK go wrong, one by one', async () => {
    const { client } = await aTeam(
      throttle('DescribeCollection'),
      fail('DescribeCollection', { call: 2 }),
      loseAnswer('CreateUser'),
    );
    const server = await serve({ client, port: 0 });
    onTestFinished(() => server.close());
    const sdk = new RekognitionClient({
      endpoint: server.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    onTestFinished(() => sdk.destroy());
    const team = new FaceCollection('team', { client: sdk });
    expect(await team.describe()).toMatchObject({ faceCount: 0 });
    // The SDK tries again with the token that it has made, so this is no conflict.
    expect(await team.createUser('ada')).toEqual({ created: true });
    expect(client.operations).toEqual([
      'DescribeCollection',
      'DescribeCollection',
      'DescribeCollection',
      'CreateUser',
      'CreateUser',
    ]);
    client.assertScriptDone();
  });

  it('needs a client that answers operations by their names', async () => {
    const client = new ScriptedClient({ send: async () => ({}) });
    await expect(client.answer('ListUsers', {})).rejects.toMatchObject({ argument: 'client' });
  });
});
