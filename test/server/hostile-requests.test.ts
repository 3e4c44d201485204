import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { REQUEST_SHAPES } from '../../src/local/protocol/request-shapes.js';
import { aServer, credentials, framed, postHead, talk, toWireAnswer } from '../support/served.js';

const MB = 1024 * 1024;
const refusedAs = (type: string) => framed(type, expect.any(String));

/** An endless body, which tells how much of it was asked for. */
function endlessBody() {
  const asked = { bytes: 0 };
  const piece = new Uint8Array(MB).fill(0x20);
  const body = new ReadableStream({
    pull(controller) {
      asked.bytes += piece.length;
      controller.enqueue(piece);
    },
  });
  return { body, asked };
}

describe('a body', () => {
  it.each([
    ['nothing', ''],
    ['half of JSON', '{"CollectionId":'],
    ['JSON and more', '{} {}'],
    ['no JSON', 'CollectionId=team'],
    ['a list', '[]'],
    ['a text', '"team"'],
    ['a number', '1'],
    ['null', 'null'],
    ['a mark of byte order', '\uFEFF{}'],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['zeros', new Uint8Array(1000)],
    ['a text without end', '{"NextToken":"\\\\\\"'],
  ])('of %s is refused', async (_, body) => {
    const { post } = await aServer();
    const { status, body: envelope } = await post('ListCollections', body);
    expect([status, envelope]).toEqual([400, refusedAs('SerializationException')]);
  });

  it.each([
    ['a number for a text', 'DescribeCollection', '{"CollectionId":5}'],
    ['a structure for a text', 'DescribeCollection', '{"CollectionId":{"a":1}}'],
    ['a text for a number', 'ListCollections', '{"MaxResults":"5"}'],
    ['half a number', 'ListCollections', '{"MaxResults":1.5}'],
    ['a number past all numbers', 'ListCollections', '{"MaxResults":1e999}'],
    ['true for a number', 'ListCollections', '{"MaxResults":true}'],
    ['a text for a list', 'DetectFaces', '{"Image":{"Bytes":"AAAA"},"Attributes":"ALL"}'],
    ['a list for a structure', 'DetectFaces', '{"Image":[]}'],
    ['a text for a structure', 'DetectFaces', '{"Image":"AAAA"}'],
    ['a number for bytes', 'DetectFaces', '{"Image":{"Bytes":5}}'],
    ['a list for bytes', 'DetectFaces', '{"Image":{"Bytes":[255,216]}}'],
    ['a buffer for bytes', 'DetectFaces', '{"Image":{"Bytes":{"type":"Buffer","data":[255]}}}'],
    ['letters that are no base64', 'DetectFaces', '{"Image":{"Bytes":"@@@@"}}'],
    ['base64 for URLs', 'DetectFaces', '{"Image":{"Bytes":"_-_-"}}'],
    ['base64 that is cut short', 'DetectFaces', '{"Image":{"Bytes":"AAA"}}'],
    ['a data URL', 'DetectFaces', '{"Image":{"Bytes":"data:image/png;base64,AAAA"}}'],
  ])('with %s is refused', async (_, operation, body) => {
    const { post } = await aServer();
    const { status, body: envelope } = await post(operation, body);
    expect([status, envelope]).toEqual([400, refusedAs('SerializationException')]);
  });

  it('may have members that nobody knows, and the last of several of a name counts', async () => {
    const { post } = await aServer();
    const { status } = await post(
      'CreateCollection',
      '{"CollectionId":"first","__proto__":{"Tags":5},"constructor":1,"Nonsense":[[]],"CollectionId":"last"}',
    );
    expect(status).toBe(200);
    expect((await post('ListCollections')).body!.CollectionIds).toEqual(['last']);
  });

  it('cannot change what all objects have', async () => {
    const { post } = await aServer();
    for (const body of [
      '{"__proto__":{"CollectionId":"sneaked"}}',
      '{"CollectionId":"team","Tags":{"__proto__":"x"}}',
      '{"Image":{"__proto__":{"Bytes":"AAAA"}}}',
      '{"constructor":{"prototype":{"CollectionId":"sneaked"}}}',
    ])
      for (const operation of ['DescribeCollection', 'CreateCollection', 'DetectFaces'])
        expect((await post(operation, body)).status).toBeLessThan(500);
    expect(({} as Record<string, unknown>).CollectionId).toBeUndefined();
    expect((await post('DescribeCollection', '{}')).body).toEqual(refusedAs('ValidationException'));
  });

  it.each([
    ['deep', `{"CollectionId":${'['.repeat(5e6)}${']'.repeat(5e6)}}`],
    ['wide', `{"FaceIds":[${'0,'.repeat(5e6)}0]}`],
    ['full of names', `{${Array.from({ length: 300_000 }, (_, i) => `"a${i}":0`).join()}}`],
  ])('is refused unparsed when it is too %s', async (_, body) => {
    const { post } = await aServer();
    const { status, body: envelope } = await post('DeleteFaces', body);
    expect(status).toBe(400);
    expect(envelope).toEqual(
      framed('SerializationException', 'The body of the request has more parts than any valid one.'),
    );
  });

  it('of any JSON whatever gets an answer or an envelope', async () => {
    const { post } = await aServer();
    const operations = fc.constantFrom(...Object.keys(REQUEST_SHAPES));
    await fc.assert(
      fc.asyncProperty(operations, fc.json(), async (operation, json) => {
        const { status, body } = await post(operation, json);
        expect([200, 400]).toContain(status);
        if (status === 400) expect(body!.__type).toMatch(/^(Validation|Serialization)Exception$/);
      }),
      { numRuns: 200 },
    );
  });

  it('may have brackets, quotes and backslashes in its texts', async () => {
    const { post } = await aServer();
    const NextToken = `${'[{",:'.repeat(60_000)}\\"\\\\`;
    expect((await post('ListCollections', { NextToken })).body).toEqual(refusedAs('ValidationException'));
  });

  it('may come in chunks', async () => {
    const { server } = await aServer();
    const head = postHead('Transfer-Encoding: chunked', 'Connection: close');
    const answer = await talk(server.url, head, '1\r\n{\r\n', '1\r\n}\r\n0\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*\{"CollectionIds":\[\]/s);
  });

  it('is refused when it is compressed', async () => {
    const { post } = await aServer();
    const { status, body } = await post('ListCollections', gzipSync('{}'), { 'Content-Encoding': 'gzip' });
    expect([status, body]).toEqual([400, refusedAs('SerializationException')]);
  });

  it('that nobody reads, because its request was refused, is in the way of no other', async () => {
    const { server } = await aServer();
    const image = `{"Image":{"Bytes":"${'A'.repeat(7 * MB)}"}}`;
    const refused = postHead(`Content-Length: ${image.length}`).replace('ListCollections', 'DetectLabels');
    const next = postHead('Content-Length: 2', 'Connection: close');
    const answers = await talk(server.url, refused, image, `${next}{}`);
    expect(answers).toMatch(
      /^HTTP\/1\.1 400 .*"UnknownOperationException".*HTTP\/1\.1 200 .*"CollectionIds"/s,
    );
  });

  it('that nobody wants is no reason to lose the answer, though the connection ends with it', async () => {
    const { server } = await aServer({ credentials });
    const body = 'x'.repeat(15 * MB);
    const head = postHead(`Content-Length: ${body.length}`, 'Connection: close');
    expect(await talk(server.url, head, body)).toMatch(/^HTTP\/1\.1 400 .*MissingAuthenticationToken/s);
  });

  it('is refused when it says that it is too long, before any of it came', async () => {
    const { server } = await aServer();
    expect(await talk(server.url, postHead(`Content-Length: ${160 * MB}`))).toMatch(
      /^HTTP\/1\.1 413 .*"__type":"RequestEntityTooLargeException"/s,
    );
  });

  it('is refused when it turns out too long, and not read any further', async () => {
    const { server } = await aServer();
    const { body, asked } = endlessBody();
    const { status, body: envelope } = await toWireAnswer(
      await fetch(server.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': 'RekognitionService.CompareFaces',
        },
        body,
        duplex: 'half',
      } as RequestInit),
    );
    expect([status, envelope]).toEqual([413, refusedAs('RequestEntityTooLargeException')]);
    expect(asked.bytes).toBeLessThan(160 * MB);
  });
});

describe('a request', () => {
  it.each([
    ['an operation that nobody knows', { 'X-Amz-Target': 'RekognitionService.DetectLies' }],
    ['an operation of another service', { 'X-Amz-Target': 'DynamoDB_20120810.ListTables' }],
    ['a target without an operation', { 'X-Amz-Target': 'RekognitionService.' }],
    ['a target in small letters', { 'X-Amz-Target': 'rekognitionservice.listcollections' }],
    ['a name that all objects have', { 'X-Amz-Target': 'RekognitionService.constructor' }],
    ['no target', { 'X-Amz-Target': '' }],
  ])('for %s is refused', async (_, headers) => {
    const { post } = await aServer();
    const { status, body } = await post('ListCollections', {}, headers);
    expect([status, body]).toEqual([400, refusedAs('UnknownOperationException')]);
  });

  it.each([
    ['GET', '/'],
    ['PUT', '/'],
    ['DELETE', '/'],
    ['OPTIONS', '/'],
    ['POST', '/elsewhere'],
    ['POST', '//'],
    ['POST', '/..%2f'],
    ['POST', '/health'],
    ['GET', '/health/../x'],
  ])('to %s %s is refused', async (method, path) => {
    const { server } = await aServer();
    const { status, headers, body } = await toWireAnswer(
      await fetch(`${server.url}${path}`, {
        method,
        headers: { 'Content-Type': 'application/x-amz-json-1.1' },
      }),
    );
    expect([status, body]).toEqual([404, refusedAs('UnknownOperationException')]);
    expect(headers.get('x-amzn-RequestId')).toBeTruthy();
  });

  it.each([
    'application/json',
    'text/plain',
    'application/x-amz-json-1.0',
    'application/x-amz-json-1.11',
    '',
  ])('with the content type %j is refused', async (type) => {
    const { post } = await aServer();
    const { status, body } = await post('ListCollections', {}, { 'Content-Type': type });
    expect([status, body]).toEqual([404, refusedAs('UnknownOperationException')]);
  });

  it('may say more about its content type', async () => {
    const { post } = await aServer();
    const headers = { 'Content-Type': 'application/x-amz-json-1.1; charset=utf-8' };
    expect((await post('ListCollections', {}, headers)).status).toBe(200);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
    ['two lengths', postHead('Content-Length: 2\r\nContent-Length: 3')],
    ['a length and chunks', postHead('Content-Length: 2', 'Transfer-Encoding: chunked')],
    ['a negative length', postHead('Content-Length: -2')],
    ['chunks that are none', `${postHead('Transfer-Encoding: chunked')}zz\r\n{}\r\n`],
    ['to no host', 'POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
  ])('that is %s is refused, and the connection closed', async (_, text) => {
    const { server, post } = await aServer();
    expect(await talk(server.url, text)).toMatch(
      /^HTTP\/1\.1 4\d\d .*x-amzn-RequestId: \S{36}\r\n.*\r\n\r\n\{"__type":"\w+","message"/is,
    );
    expect((await post('ListCollections')).status).toBe(200);
  });

  it('to a host that cannot be is refused in an envelope', async () => {
    const { server } = await aServer();
    const answer = await talk(
      server.url,
      'POST / HTTP/1.1\r\nHost: a b<c>\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 400 .*x-amzn-RequestId: \S{36}\r\n.*"__type":"SerializationException"/is,
    );
  });

  it('of HTTP/1.0 needs to name no host', async () => {
    const { server } = await aServer();
    const oldPost = postHead('Content-Length: 2').replace('HTTP/1.1\r\nHost: localhost', 'HTTP/1.0');
    expect(await talk(server.url, `${oldPost}{}`)).toMatch(/^HTTP\/1\.1 200 .*\{"CollectionIds":\[\]/s);
    expect(await talk(server.url, 'GET /health HTTP/1.0\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 .*\{"status":"ok"\}/s,
    );
  });

  it.each([
    ['head', 'POST / HTTP/1.1\r\nHost: localhost\r\nX-'],
    ['body', `${postHead('Content-Length: 100')}{"Coll`],
  ])('that is too slow with its %s is refused, and the connection closed', async (_, text) => {
    const { server } = await aServer({ requestTimeout: 50 });
    expect(await talk(server.url, text)).toMatch(
      /^HTTP\/1\.1 408 .*Connection: close.*"__type":"RequestTimeoutException"/s,
    );
  });

  it('whose client hangs up is given up', async () => {
    const client = {
      answer: (_: string, __: unknown, signal?: AbortSignal) => {
        socket.destroy();
        return new Promise<object>((_, reject) =>
          signal!.addEventListener('abort', () => reject(signal!.reason)),
        );
      },
    };
    const { server, calls } = await aServer({ client });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`${postHead('Content-Length: 2')}{}`);
    await vi.waitUntil(() => calls.length > 0);
    expect(calls).toMatchObject([{ operation: 'ListCollections', outcome: 'RequestAbortedException' }]);
  });

  it('of a web page is refused, and so is its question whether it may', async () => {
    const { server, post } = await aServer();
    const headers = { Origin: 'https://somewhere.example' };
    const { status, headers: answered, body } = await post('ListCollections', {}, headers);
    expect([status, body]).toEqual([403, refusedAs('AccessDeniedException')]);
    expect(answered.get('access-control-allow-origin')).toBeNull();
    const question = await fetch(server.url, { method: 'OPTIONS', headers });
    expect(question.status).toBe(403);
    expect(question.headers.get('access-control-allow-origin')).toBeNull();
  });
});
