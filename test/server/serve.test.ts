import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ListCollectionsCommand } from '@aws-sdk/client-rekognition';
import { InvalidArgumentError } from 'rekollect';
import { type ServeOptions, serve } from 'rekollect/server';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aServer, aSlowClient, credentials, postHead, talk } from '../support/served.js';

describe('a server', () => {
  it('answers on a port that was free, on this machine only', async () => {
    const { server } = await aServer();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(new URL(server.url).port).not.toBe('0');
  });

  it('brings an engine of its own when it is given none', async () => {
    const server = await serve({ port: 0 });
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'RekognitionService.ListCollections',
      },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({ CollectionIds: [] });
    await server.close();
  });

  it('says that it is well', async () => {
    const { server, calls } = await aServer();
    const response = await fetch(`${server.url}/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(calls).toEqual([]);
  });

  it('keeps connections for the next request', async () => {
    const { server } = await aServer();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const get = () => {
      socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    };
    expect(await get()).toContain('{"status":"ok"}');
    expect(await get()).toContain('{"status":"ok"}');
  });

  it('answers requests in the order in which they came over a connection', async () => {
    const client = aSlowClient();
    const { server } = await aServer({ client });
    const last = postHead('Content-Length: 4', 'Connection: close');
    const answers = talk(server.url, `${postHead('Content-Length: 2')}{}`, `${last}null`);
    await vi.waitUntil(() => client.waiting.length > 0);
    client.waiting[0]!();
    expect(await answers).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 400 .*"SerializationException"/s);
  });

  it('listens beyond this machine with credentials, and tells each address that it has there', async () => {
    const { server, sdk } = await aServer({ host: '0.0.0.0', credentials });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(server.urls[0]).toBe(server.url);
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const known = addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
    expect(server.urls.map((url) => new URL(url).hostname).sort()).toEqual(known.sort());
    for (const endpoint of server.urls)
      expect((await sdk({ endpoint }).send(new ListCollectionsCommand({}))).CollectionIds).toEqual([]);
  });

  it.each([
    [{ port: -1 }, 'options.port'],
    [{ port: 65_536 }, 'options.port'],
    [{ port: 1.5 }, 'options.port'],
    [{ port: '80' as unknown as number }, 'options.port'],
    [{ requestTimeout: 0 }, 'options.requestTimeout'],
    [{ host: '' }, 'options.host'],
    [{ directory: '.faces' }, 'options.directory'],
    [{ client: {} }, 'options.client'],
    [{ cors: 'yes' }, 'options.cors'],
    [{ log: true }, 'options.log'],
    [{ credentials: { accessKeyID: 'x', secretAccessKey: 'x' } }, 'options.credentials.accessKeyId'],
    [{ host: '0.0.0.0' }, 'options.host'],
    [{ host: '::' }, 'options.host'],
    [{ host: '192.168.0.1' }, 'options.host'],
    [{ host: '127.evil.example' }, 'options.host'],
    [{ host: 'localhost.evil.example' }, 'options.host'],
    [{ bytesInFlight: 16 * 1024 * 1024 - 1 }, 'options.bytesInFlight'],
    [{ closeTimeout: -1 }, 'options.closeTimeout'],
    [{ allowedHosts: 'rekognition' as unknown as string[] }, 'options.allowedHosts'],
    [{ allowedHosts: ['http://rekognition'] }, 'options.allowedHosts'],
    [{ allowedHosts: ['rekognition:5800'] }, 'options.allowedHosts'],
    [{ credentials: null }, 'options.credentials.accessKeyId'],
    [{ credentials: { accessKeyId: '', secretAccessKey: 'x' } }, 'options.credentials.accessKeyId'],
    [{ credentials: { accessKeyId: 'x', secretAccessKey: '' } }, 'options.credentials.secretAccessKey'],
    [{ credentials: { accessKeyId: 'x', secretAccessKey: ' \n' } }, 'options.credentials.secretAccessKey'],
  ] as unknown as [ServeOptions, string][])('refuses to start with %j', async (options, argument) => {
    const error = await serve(options).catch((error) => error);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error).toMatchObject({ argument });
  });

  it('says what the system says when the port is taken', async () => {
    const { server } = await aServer();
    const port = Number(new URL(server.url).port);
    await expect(serve({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the log', () => {
  it('has a line for each call, with nothing of images and collections', async () => {
    const { post, vision, calls } = await aServer();
    const Bytes = (await vision.photo([{}])).toString('base64');
    await post('CreateCollection', { CollectionId: 'secret-collection' });
    const { headers } = await post('IndexFaces', { CollectionId: 'secret-collection', Image: { Bytes } });
    await post('DescribeCollection', { CollectionId: 'elsewhere' });
    await post('DetectLies');
    await post('\tinjected');

    expect(calls.map(({ operation, status, outcome }) => [operation, status, outcome])).toEqual([
      ['CreateCollection', 200, 'ok'],
      ['IndexFaces', 200, 'ok'],
      ['DescribeCollection', 400, 'ResourceNotFoundException'],
      ['DetectLies', 400, 'UnknownOperationException'],
      [undefined, 400, 'UnknownOperationException'],
    ]);
    expect(calls[1]).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      operation: 'IndexFaces',
      requestId: headers.get('x-amzn-RequestId'),
      milliseconds: expect.any(Number),
      status: 200,
      outcome: 'ok',
    });
    expect(JSON.stringify(calls)).not.toMatch(/secret|elsewhere|injected/);
  });

  it('costs nobody an answer when it fails', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));
    const log = () => {
      throw new Error('the disk is full');
    };
    const { post } = await aServer({ log });
    for (let i = 0; i < 2; i++) expect((await post('ListCollections')).status).toBe(200);
    await vi.waitUntil(() => warnings.some(({ message }) => message === 'the disk is full'));
  });
});

describe('web pages', () => {
  const Origin = 'http://localhost:3000';

  it('are answered with the option cors', async () => {
    const { server, post } = await aServer({ cors: true });
    const question = await fetch(server.url, {
      method: 'OPTIONS',
      headers: {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type,x-amz-target,authorization',
      },
    });
    expect(question.status).toBe(204);
    expect(question.headers.get('access-control-allow-origin')).toBe('*');
    expect(question.headers.get('access-control-allow-methods')).toBe('POST');
    expect(question.headers.get('access-control-allow-headers')).toBe(
      'content-type,x-amz-target,authorization',
    );

    const { status, headers } = await post('ListCollections', {}, { Origin });
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')).toBe('x-amzn-RequestId');
  });

  it('can read what they are refused', async () => {
    const { post } = await aServer({ cors: true });
    const { status, headers } = await post('DescribeCollection', { CollectionId: 'nobody' }, { Origin });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, '*']);
  });
});
