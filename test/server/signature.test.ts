import { createHash, createHmac } from 'node:crypto';
import { CreateCollectionCommand, ListCollectionsCommand } from '@aws-sdk/client-rekognition';
import { Sha256Node } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { aServer, credentials, framed, toWireAnswer } from '../support/served.js';

interface Signing {
  operation?: string;
  body?: string;
  date?: Date;
  region?: string;
  service?: string;
  secret?: string;
  keyId?: string;
  /** Send and sign the body's hash, as other SDKs than boto3 do. */
  hash?: boolean;
  /** Headers beside those that boto3 signs. */
  headers?: Record<string, string>;
}

/** The headers of a request as boto3 signs it: content-type, host, x-amz-date and x-amz-target, and no others. */
async function signedAsBoto3(
  url: string,
  {
    operation = 'ListCollections',
    body = '{}',
    date = new Date(),
    region = 'eu-west-1',
    service = 'rekognition',
    secret = credentials.secretAccessKey,
    keyId = credentials.accessKeyId,
    hash = false,
    headers = {},
  }: Signing = {},
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId: keyId, secretAccessKey: secret },
    sha256: Sha256Node,
    applyChecksum: hash,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '',
      path: '/',
      query: {},
      headers: {
        host: new URL(url).host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `RekognitionService.${operation}`,
        ...headers,
      },
      body,
    },
    { signingDate: date },
  );
  const { host, ...sent } = signed.headers;
  return sent;
}

/** 20260131T235959Z */
const basic = (date: Date) => date.toISOString().replace(/[-:]|\.\d+/g, '');

/** The headers of a request for ListCollections that is signed step by step as the documentation of AWS has it. */
function signedByHand(url: string, dates: Record<string, string>, query = ''): Record<string, string> {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'RekognitionService.ListCollections',
    ...dates,
  };
  const names = [...Object.keys(headers), 'host'].sort();
  const lines = names.map((name) => `${name}:${name === 'host' ? new URL(url).host : headers[name]}\n`);
  const request = `POST\n/\n${query}\n${lines.join('')}\n${names.join(';')}\n${sha256('{}')}`;
  const { 'x-amz-date': amzDate, date = '' } = dates;
  const time = amzDate ?? (date.endsWith('GMT') ? basic(new Date(date)) : date || basic(new Date()));
  const scope = `${time.slice(0, 8)}/eu-west-1/rekognition/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(request)}`).toString('hex');
  return {
    ...headers,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

const send = async (url: string, headers: Record<string, string>, body = '{}') =>
  toWireAnswer(await fetch(url, { method: 'POST', headers, body }));

/** A server that wants signatures, and the answer to what is sent there. */
async function aGuardedServer() {
  const { server, sdk, calls } = await aServer({ credentials });
  const answerTo = async (
    signing?: Signing,
    change: (headers: Record<string, string>) => void = () => {},
  ) => {
    const headers = await signedAsBoto3(server.url, signing);
    change(headers);
    return send(server.url, headers, signing?.body);
  };
  return { url: server.url, sdk, calls, answerTo };
}

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const mismatch = framed(
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.',
);
const unknownKey = framed(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);

describe('a server with credentials', () => {
  it('answers what the SDK signed with them, for any Region', async () => {
    const { sdk } = await aGuardedServer();
    await sdk({ region: 'us-east-1' }).send(new CreateCollectionCommand({ CollectionId: 'team' }));
    const { CollectionIds } = await sdk({ region: 'ap-south-1' }).send(new ListCollectionsCommand({}));
    expect(CollectionIds).toEqual(['team']);
  });

  it('answers what boto3 signed: four headers, and no hash of the body', async () => {
    const { answerTo, url } = await aGuardedServer();
    const { authorization, ...headers } = await signedAsBoto3(url);
    expect(authorization).toContain('SignedHeaders=content-type;host;x-amz-date;x-amz-target,');
    expect(headers).not.toHaveProperty('x-amz-content-sha256');
    expect((await answerTo()).status).toBe(200);
    expect((await answerTo({ operation: 'CreateCollection', body: '{"CollectionId":"t"}' })).status).toBe(
      200,
    );
  });

  it('answers what was signed with the hash of the body', async () => {
    const { answerTo } = await aGuardedServer();
    expect((await answerTo({ hash: true })).status).toBe(200);
  });

  it('does not mind headers that were added on the way, nor those that were signed beside the usual', async () => {
    const { answerTo } = await aGuardedServer();
    const added = await answerTo({}, (headers) => {
      headers['x-forwarded-for'] = '10.0.0.1';
      headers['user-agent'] = 'a proxy';
    });
    expect(added.status).toBe(200);
    expect((await answerTo({ headers: { 'amz-sdk-request': 'attempt=1;  max=3' } })).status).toBe(200);
  });

  it.each([
    ['beside that of AWS', { 'x-amz-date': basic(new Date()), date: new Date().toUTCString() }],
    ['beside that of AWS, though it is wrong', { 'x-amz-date': basic(new Date()), date: 'yesterday' }],
    ['alone', { date: new Date().toUTCString() }],
    ["alone, in AWS's form", { date: basic(new Date()) }],
  ])('answers what was signed with the header Date %s', async (_, dates) => {
    const { url } = await aGuardedServer();
    expect(await send(url, signedByHand(url, dates))).toMatchObject({ status: 200 });
    const changed = { ...signedByHand(url, dates), date: minutesFromNow(1).toUTCString() };
    expect((await send(url, changed)).body).toEqual(mismatch);
  });

  it('goes by the header Date where there is no other', async () => {
    const { url } = await aGuardedServer();
    const old = signedByHand(url, { date: minutesFromNow(-6).toUTCString() });
    expect((await send(url, old)).body).toEqual(
      framed('InvalidSignatureException', expect.stringMatching(/^Signature expired: /)),
    );
    const unsigned = { ...signedByHand(url, {}), date: new Date().toUTCString() };
    expect((await send(url, unsigned)).body).toEqual(
      framed('InvalidSignatureException', "'date' must be a 'SignedHeader' in the AWS Authorization."),
    );
    expect((await send(url, signedByHand(url, {}))).body).toEqual(
      framed('IncompleteSignatureException', expect.stringContaining("a 'X-Amz-Date' or a 'Date' header")),
    );
  });

  it('answers what was signed with a query', async () => {
    const { url } = await aGuardedServer();
    const query = "b=2&a=%C3%A4%20*&a='";
    const canonical = 'a=%27&a=%C3%A4%20%2A&b=2';
    const headers = signedByHand(url, { 'x-amz-date': basic(new Date()) }, canonical);
    expect((await send(`${url}/?${query}`, headers)).status).toBe(200);
    expect((await send(`${url}/?${query}&c`, headers)).body).toEqual(mismatch);
  });

  it('refuses another secret', async () => {
    const { answerTo } = await aGuardedServer();
    const { status, body } = await answerTo({ secret: 'some other secret' });
    expect([status, body]).toEqual([400, mismatch]);
  });

  it.each([
    ['a body', (headers: object) => headers, '{"MaxResults":1}'],
    [
      'an operation',
      (headers: object) => ({ ...headers, 'x-amz-target': 'RekognitionService.ListFaces' }),
      '{}',
    ],
    [
      'a content type',
      (headers: object) => ({ ...headers, 'content-type': 'application/x-amz-json-1.1; a=b' }),
      '{}',
    ],
  ])('refuses %s that is not the one signed', async (_, change, body) => {
    const { url } = await aGuardedServer();
    const headers = change(await signedAsBoto3(url)) as Record<string, string>;
    expect((await send(url, headers, body)).body).toEqual(mismatch);
  });

  it('refuses a body whose hash is not the one that was signed, or that was left unsigned', async () => {
    const { url } = await aGuardedServer();
    const hashed = await signedAsBoto3(url, { hash: true });
    expect((await send(url, hashed, '{"MaxResults":1}')).body).toEqual(mismatch);
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const unsigned = await signedAsBoto3(url, { headers });
    expect((await send(url, unsigned, '{"MaxResults":1}')).body).toEqual(mismatch);
  });

  it('takes the hash of the body for a header like others when it was sent unsigned', async () => {
    const { answerTo } = await aGuardedServer();
    const { status } = await answerTo({}, (headers) => {
      headers['x-amz-content-sha256'] = createHash('sha256').update('something else').digest('hex');
    });
    expect(status).toBe(200);
  });

  it.each([
    ['host', 'content-type;x-amz-date;x-amz-target'],
    ['x-amz-date', 'content-type;host;x-amz-target'],
    ['x-amz-target', 'content-type;host;x-amz-date'],
  ])('refuses a signature that leaves out %s', async (name, signedHeaders) => {
    const { answerTo } = await aGuardedServer();
    const { body } = await answerTo({}, (headers) => {
      headers.authorization = headers.authorization!.replace(
        /SignedHeaders=[^,]+/,
        `SignedHeaders=${signedHeaders}`,
      );
    });
    expect(body).toEqual(
      framed('InvalidSignatureException', `'${name}' must be a 'SignedHeader' in the AWS Authorization.`),
    );
  });

  it('refuses a request that is more than five minutes old, in the words of AWS', async () => {
    const { answerTo } = await aGuardedServer();
    expect((await answerTo({ date: minutesFromNow(-4.9) })).status).toBe(200);
    expect((await answerTo({ date: minutesFromNow(-5.1) })).body).toEqual(
      framed(
        'InvalidSignatureException',
        expect.stringMatching(
          /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
        ),
      ),
    );
  });

  it('refuses a request from more than five minutes in the future', async () => {
    const { answerTo } = await aGuardedServer();
    expect((await answerTo({ date: minutesFromNow(4.9) })).status).toBe(200);
    expect((await answerTo({ date: minutesFromNow(5.1) })).body).toEqual(
      framed(
        'InvalidSignatureException',
        expect.stringMatching(/^Signature not yet current: \S+ is still later than \S+ \(\S+ \+ 5 min\.\)$/),
      ),
    );
  });

  it('refuses an old request that was given a new date', async () => {
    const { answerTo } = await aGuardedServer();
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const { body } = await answerTo({ date: minutesFromNow(-7) }, (headers) => {
      headers['x-amz-date'] = now;
      headers.authorization = headers.authorization!.replace(/\/\d{8}\//, `/${now.slice(0, 8)}/`);
    });
    expect(body).toEqual(mismatch);
  });

  it('refuses a scope of another day, service or kind', async () => {
    const { answerTo } = await aGuardedServer();
    const scope = (from: RegExp, to: string) =>
      answerTo({}, (headers) => {
        headers.authorization = headers.authorization!.replace(from, to);
      });
    const invalid = (message: string) =>
      framed('InvalidSignatureException', expect.stringContaining(message));
    expect((await scope(/\/\d{8}\//, '/20200101/')).body).toEqual(
      invalid(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101'",
      ),
    );
    expect((await answerTo({ service: 's3' })).body).toEqual(
      invalid("Credential should be scoped to correct service: 'rekognition'."),
    );
    expect((await scope(/aws4_request/, 'aws4_wish')).body).toEqual(
      invalid("Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4_wish'."),
    );
  });

  it('refuses a key that it does not know, and the tokens of sessions', async () => {
    const { answerTo } = await aGuardedServer();
    expect((await answerTo({ keyId: 'AKIDSOMEBODYELSE' })).body).toEqual(unknownKey);
    expect((await answerTo({ headers: { 'x-amz-security-token': 'session' } })).body).toEqual(unknownKey);
  });

  it('refuses a request without a signature', async () => {
    const { url } = await aGuardedServer();
    const { authorization, ...headers } = await signedAsBoto3(url);
    const { status, body } = await send(url, headers);
    expect(status).toBe(400);
    expect(body).toEqual(
      framed('MissingAuthenticationTokenException', 'Request is missing Authentication Token'),
    );
  });

  it.each([
    [
      'Bearer abc',
      /requires 'Credential' parameter\. .*'Signature' parameter\. .*'SignedHeaders' parameter\./,
    ],
    ['Basic dXNlcjpwYXNz', /requires 'Credential' parameter\./],
    ['Own Credential=a/b/c/d/e, SignedHeaders=host, Signature=0', /requires 'Credential' parameter\./],
    ['AWS4-HMAC-SHA256', /requires 'Credential' parameter\./],
    [
      'AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host',
      /^Authorization header requires 'Signature' parameter\.$/,
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0',
      /exactly 5 slash-delimited elements/,
    ],
    ['AWS4-HMAC-SHA1 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0', /Unsupported AWS 'algorithm'/],
    ['AWS4-HMAC-SHA256 __proto__=1, constructor=2', /requires 'Credential' parameter\./],
  ])('refuses half a signature: %s', async (authorization, message) => {
    const { answerTo } = await aGuardedServer();
    const { status, body } = await answerTo({}, (headers) => {
      headers.authorization = authorization;
    });
    expect(status).toBe(400);
    expect(body).toEqual(framed('IncompleteSignatureException', expect.stringMatching(message)));
  });

  it.each(['yesterday', '20260230', '99999999T999999Z', '2026-01-31T23:59:59Z'])(
    'refuses %s for a date',
    async (date) => {
      const { answerTo } = await aGuardedServer();
      const { body } = await answerTo({}, (headers) => {
        headers['x-amz-date'] = date;
      });
      expect(body).toEqual(framed('IncompleteSignatureException', expect.stringContaining("'basic format'")));
    },
  );

  it.each(['', '0', 'f'.repeat(64), 'ä'.repeat(32), 'f'.repeat(5000)])(
    'refuses the signature %j',
    async (signature) => {
      const { answerTo } = await aGuardedServer();
      const { status } = await answerTo({}, (headers) => {
        headers.authorization = Buffer.from(
          headers.authorization!.replace(/Signature=.*/, `Signature=${signature}`),
        ).toString('latin1');
      });
      expect(status).toBe(400);
    },
  );

  it('refuses strangers before their body has arrived', async () => {
    const { server, calls } = await aServer({ credentials });
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) });
    const { status, body } = await toWireAnswer(
      await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'RekognitionService.ListFaces',
        },
        body: endless,
        duplex: 'half',
      } as RequestInit),
    );
    expect([status, body!.__type]).toEqual([400, 'MissingAuthenticationTokenException']);
    expect(calls).toMatchObject([{ operation: 'ListFaces', outcome: 'MissingAuthenticationTokenException' }]);
  });

  it('says whether it is well to anybody', async () => {
    const { url } = await aGuardedServer();
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('a server without credentials', () => {
  it('accepts any signature, old ones too, and none', async () => {
    const { server, post } = await aServer();
    const headers = await signedAsBoto3(server.url, { secret: 'whatever', date: minutesFromNow(-600) });
    expect((await send(server.url, headers)).status).toBe(200);
    expect((await post('ListCollections')).status).toBe(200);
  });
});
