import { once } from 'node:events';
import { connect } from 'node:net';
import { ListCollectionsCommand } from '@aws-sdk/client-rekognition';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aServer, aSlowClient, postHead, talk } from '../support/served.js';

/** A connection that sent this and waits, and all that has come back. */
async function aConnection(url: string, text = '') {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (text) await new Promise((resolve) => socket.write(text, resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  return { socket, ended };
}

/** For machines that are busy with something else. */
const until = (condition: () => boolean, interval = 20) =>
  vi.waitUntil(condition, { interval, timeout: 30_000 });

/** Waits until a count that grows has stopped to. */
async function standstill(count: () => number): Promise<void> {
  let last = 0;
  const hasStopped = () => {
    const before = last;
    last = count();
    return last > 0 && last === before;
  };
  await until(hasStopped, 300);
}

const list = (more = '') => `${postHead('Content-Length: 2', more)}{}`;

describe('closing', () => {
  it('answers what came before, and takes nothing more', async () => {
    const client = aSlowClient();
    const { server, post } = await aServer({ client });
    const inFlight = [post('ListCollections'), post('ListCollections')];
    await until(() => client.waiting.length === 2);

    const closed = server.close();
    await expect(post('ListCollections')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    for (const answer of client.waiting) answer();
    for (const { status, headers } of await Promise.all(inFlight)) {
      expect(status).toBe(200);
      expect(headers.get('connection')).toBe('close');
    }
    await closed;
  });

  it('does not wait for connections that idle', async () => {
    const { server, sdk } = await aServer();
    await sdk().send(new ListCollectionsCommand({}));
    await server.close();
  });

  it.each([
    ['nothing', ''],
    ['half a head', 'POST / HTTP/1.1\r\nHost: localhost\r\nX-'],
    ['half of a second head', `${list()}POST / HTT`],
    ['a body that nobody wants', `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{`],
  ])('ends connections that sent %s at once', async (_, text) => {
    const { server, calls } = await aServer({ closeTimeout: 3_600_000 });
    const connections = await Promise.all([1, 2, 3].map(() => aConnection(server.url, text)));
    if (text.includes('\r\n\r\n')) await until(() => calls.length === 3);
    const start = performance.now();
    await server.close();
    expect(performance.now() - start).toBeLessThan(1_500);
    for (const { socket, ended } of connections) {
      socket.resume();
      await ended;
    }
  });

  it('waits for half a body for a moment', async () => {
    const { server } = await aServer({ closeTimeout: 3_600_000 });
    const head = postHead('Content-Length: 100');
    const stalled = await aConnection(server.url, `${head}{`);
    const arriving = await aConnection(server.url, `${head}{`);
    stalled.socket.resume();
    let answer = '';
    arriving.socket.on('data', (data) => {
      answer += data;
    });
    // A round trip, after which both have been read.
    await fetch(`${server.url}/health`);
    const closed = server.close();
    arriving.socket.write(`}${' '.repeat(98)}`);
    await Promise.all([closed, stalled.ended, arriving.ended]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*Connection: close/s);
  });

  it('answers all that a connection brought, and ends it with the last', async () => {
    const client = aSlowClient();
    const { server } = await aServer({ client });
    const answers = talk(server.url, list().repeat(3));
    await until(() => client.waiting.length === 1);
    const closed = server.close();
    for (const turn of [0, 1, 2]) {
      await until(() => client.waiting.length > turn);
      client.waiting[turn]!();
    }
    await closed;
    expect(await answers).toMatch(/^(HTTP\/1\.1 200 .*){3}$/s);
    expect((await answers).match(/Connection: close/g)).toHaveLength(1);
  });

  it('waits until answers were read', async () => {
    const answer = { NextToken: 'x'.repeat(20_000_000) };
    const { server } = await aServer({ client: { answer: async () => answer } });
    const { socket, ended } = await aConnection(server.url, list());
    await once(socket, 'readable');
    const closed = server.close();
    let read = 0;
    socket.on('data', (data) => {
      read += data.length;
    });
    await Promise.all([closed, ended]);
    expect(read).toBeGreaterThan(20_000_000);
  });

  it('gives up what takes longer than it may', async () => {
    const client = aSlowClient();
    const { server, calls } = await aServer({ client, closeTimeout: 100 });
    const connections = [
      await aConnection(server.url, list()),
      await aConnection(server.url, list().repeat(10)),
      await aConnection(server.url, `${postHead('Content-Length: 100')}{`),
    ];
    await until(() => client.waiting.length === 2);
    await server.close();
    for (const { socket, ended } of connections) {
      socket.resume();
      await ended;
    }
    await until(() => calls.length >= 2);
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(['RequestAbortedException']));
  });

  it('can be asked for again', async () => {
    const { server } = await aServer();
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });

  it('leaves the client that it was given open', async () => {
    const { server, local } = await aServer();
    await server.close();
    expect(await local.answer('ListCollections', {})).toMatchObject({ CollectionIds: [] });
  });
});

describe('one connection', () => {
  it('gets one answer after another, and others get theirs in between', async () => {
    const client = aSlowClient();
    const { server, post, calls } = await aServer({ client });
    const answers = talk(server.url, list().repeat(49), list('Connection: close'));
    await until(() => client.waiting.length > 0);
    const other = post('ListCollections');
    await until(() => client.waiting.length > 1);
    // The other one is being answered; of the fifty still only the first.
    expect(client.waiting).toHaveLength(2);
    client.waiting[1]!();
    expect((await other).status).toBe(200);

    for (let answered = 0; answered < 50; answered++) {
      await until(() => client.waiting.length > (answered === 0 ? 0 : answered + 1), 1);
      client.waiting[answered === 0 ? 0 : answered + 1]!();
    }
    expect((await answers).match(/HTTP\/1\.1 200/g)).toHaveLength(50);
    expect(calls).toHaveLength(51);
  });

  it('is not read any further while it waits, and goes on afterwards', async () => {
    const client = aSlowClient();
    const { server } = await aServer({ client, closeTimeout: 0 });
    const { socket } = await aConnection(server.url);
    const many = list().repeat(100);
    let sent = 0;
    const push = () => {
      while (sent < 2000 && socket.write(many)) sent += 1;
      socket.once('drain', push);
    };
    push();
    // 200,000 requests are 32 MB: the machine holds some of them, and the server no more than it read at once.
    await standstill(() => sent);
    expect(sent).toBeLessThan(2000);
    expect(client.waiting).toHaveLength(1);
  });

  it('gets no more answers than it reads', async () => {
    const answer = { NextToken: 'x'.repeat(1_000_000) };
    const { server, calls } = await aServer({ client: { answer: async () => answer } });
    const { socket } = await aConnection(server.url, list().repeat(40));
    await standstill(() => calls.length);
    expect(calls.length).toBeLessThan(30);

    let read = 0;
    socket.on('data', (data) => {
      read += data.length;
    });
    await until(() => calls.length === 40 && read > 40_000_000);
  });

  it('ends when its answer is not read in time', async () => {
    const answer = { NextToken: 'x'.repeat(20_000_000) };
    const { server } = await aServer({ client: { answer: async () => answer }, requestTimeout: 300 });
    const { socket, ended } = await aConnection(server.url, list());
    await once(socket, 'readable');
    await server.close();
    socket.resume();
    await ended;
  });

  it('is answered what it asked before it sent rubbish', async () => {
    const client = aSlowClient();
    const { server } = await aServer({ client });
    const answers = talk(server.url, list(), list(), 'rubbish\r\n\r\n', 'more of it');
    for (const turn of [0, 1]) {
      await until(() => client.waiting.length > turn);
      client.waiting[turn]!();
    }
    expect(await answers).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 200 .*HTTP\/1\.1 400 .*not valid HTTP/s);
  });

  it('that brings half a request behind a whole one is answered both', async () => {
    const client = aSlowClient();
    const { server } = await aServer({ client, requestTimeout: 200 });
    const answers = talk(server.url, list(), `${postHead('Content-Length: 100')}{"Max`);
    await until(() => client.waiting.length > 0);
    client.waiting[0]!();
    expect(await answers).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 408 /s);
  });
});

describe('memory', () => {
  const MB = 1024 * 1024;

  it('is bounded: what comes beyond is throttled as at AWS, and taken when there is room again', async () => {
    const client = aSlowClient();
    const { post } = await aServer({ client, bytesInFlight: 16 * MB });
    const body = JSON.stringify({ NextToken: 'x'.repeat(7 * MB) });
    const inFlight = [post('ListCollections', body), post('ListCollections', body)];
    await until(() => client.waiting.length === 2);
    expect((await post('ListCollections', body)).body).toEqual({
      __type: 'ThrottlingException',
      Code: 'ThrottlingException',
      Logref: expect.any(String),
      Message: 'Slow down; sudden increase in rate of requests.',
    });
    // Small ones still find room.
    const small = post('ListCollections');
    await until(() => client.waiting.length === 3);
    for (const answer of client.waiting) answer();
    for (const { status } of await Promise.all([...inFlight, small])) expect(status).toBe(200);

    const later = post('ListCollections', body);
    await until(() => client.waiting.length === 4);
    client.waiting[3]!();
    expect((await later).status).toBe(200);
  });

  it('is given back by a client that hangs up, is refused, or does not read its answer', async () => {
    const answer = { NextToken: 'x'.repeat(10 * MB) };
    const { server, post, calls } = await aServer({
      client: { answer: async () => answer },
      bytesInFlight: 16 * MB,
    });
    for (let i = 0; i < 3; i++) {
      const half = await aConnection(server.url, postHead(`Content-Length: ${15 * MB}`) + ' '.repeat(5 * MB));
      half.socket.destroy();
      await half.ended;
      const unread = await aConnection(server.url, list());
      await once(unread.socket, 'readable');
      unread.socket.destroy();
      await unread.ended;
      expect((await post('ListCollections', '['.repeat(5 * MB))).status).toBe(400);
    }
    await until(() => calls.length === 9);
    expect((await post('ListCollections', { NextToken: 'x'.repeat(15 * MB) })).status).toBe(200);
    const throttled = calls.filter(({ outcome }) => outcome === 'ThrottlingException');
    expect(throttled.length).toBeLessThan(9);
  });
});

describe('the host that a request names', () => {
  const statusFor = async (host: string, options: Parameters<typeof aServer>[0] = {}) => {
    const { server } = await aServer(options);
    const answer = await talk(server.url, list('Connection: close').replace('localhost', host));
    return Number(answer.split(' ')[1]);
  };

  it.each(['localhost', 'LocalHost:1', '127.0.0.1', '127.1.2.3:5800', '[::1]', '[::1]:5800'])(
    'may be %s',
    async (host) => {
      expect(await statusFor(host)).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example:5800', '127.0.0.1.evil.example', '10.0.0.1', '[::2]'])(
    'may not be %s, which a web page can make mean this machine',
    async (host) => {
      expect(await statusFor(host)).toBe(403);
      expect(await statusFor(host, { allowedHosts: ['else.example'] })).toBe(403);
    },
  );

  it.each(['', 'a b<c>', 'localhost:80:80', 'user@localhost', '[localhost]', '::1', 'localhost/'])(
    'cannot be %j',
    async (host) => {
      expect(await statusFor(host)).toBe(400);
    },
  );

  it('may be any of the option allowedHosts', async () => {
    const allowedHosts = ['Faces.example', '::2'];
    for (const host of ['faces.EXAMPLE:80', '[::2]', 'localhost'])
      expect(await statusFor(host, { allowedHosts })).toBe(200);
  });

  it('may be any where requests are signed for it, unless some are named', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    // Past the host, on to the signature that is missing.
    expect(await statusFor('faces.example', { credentials })).toBe(400);
    expect(await statusFor('faces.example', { credentials, allowedHosts: [] })).toBe(403);
  });
});
