import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromBuffer } from 'rekollect';
import type { RekognitionServer, ServeOptions } from 'rekollect/server';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aServer, credentials, talk } from '../support/served.js';

/** The AWS SDK as a page of this origin has it, signing with the token that the page was opened with. */
function inPage(server: RekognitionServer, { origin = server.url, token = tokenOf(server) } = {}) {
  const client = new RekognitionClient({
    endpoint: server.url,
    region: 'local',
    credentials: { accessKeyId: 'page', secretAccessKey: token },
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers.origin = origin;
      return next(args);
    },
    { step: 'build' },
  );
  onTestFinished(() => client.destroy());
  return client;
}

function tokenOf({ pageUrl }: RekognitionServer): string {
  return new URL(pageUrl!).hash.replace('#token=', '');
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rekollect-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const collectionsFor = (client: RekognitionClient) => FaceCollection.list({ client }).pages().next();

describe('the page of a server', () => {
  it('is served with a policy under which it loads and asks nothing from elsewhere', async () => {
    const { server } = await aServer({ ui: true });
    const answer = await fetch(server.url);
    const html = await answer.text();
    expect(html).toContain('<title>Rekollect</title>');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    const [script] = /assets\/[^"]+\.js/.exec(html)!;
    const loaded = await fetch(`${server.url}/${script}`);
    expect([loaded.status, loaded.headers.get('cache-control')]).toEqual([
      200,
      'max-age=31536000, immutable',
    ]);
    expect(await (await fetch(`${server.url}/settings.json`)).json()).toEqual({
      thumbnails: false,
      report: false,
    });
  });

  it('asks by the operations that everybody does, signed with the token of its address', async () => {
    const { server } = await aServer({ ui: true });
    await expect(collectionsFor(inPage(server))).resolves.toMatchObject({ done: false });
  });

  it('comes compressed, for those who read that', async () => {
    const { server } = await aServer({ ui: true });
    const encodingFor = async (accepted: string) => {
      const answer = await fetch(server.url, { headers: { 'Accept-Encoding': accepted } });
      expect(await answer.text()).toContain('<title>Rekollect</title>');
      return answer.headers.get('content-encoding');
    };
    expect([await encodingFor('gzip, br'), await encodingFor('identity')]).toEqual(['gzip', null]);
  });

  it('is asked for by HEAD, too', async () => {
    const { server } = await aServer({ ui: true });
    const answer = await fetch(server.url, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it.each([
    ['without credentials', undefined],
    ['with credentials', credentials],
  ])('lets nobody else ask in its name, %s', async (_, own) => {
    const { server, post } = await aServer({ ui: true, credentials: own });
    const refused = (status: number, __type: string) =>
      expect.objectContaining({ status, body: expect.objectContaining({ __type }) });
    expect(await post('ListCollections', {}, { Origin: server.url })).toEqual(
      refused(400, 'MissingAuthenticationTokenException'),
    );
    expect(await post('ListCollections', {}, { Origin: 'https://elsewhere.example' })).toEqual(
      refused(403, 'AccessDeniedException'),
    );
    for (const Origin of ['null', '', 'http://', server.url.replace('127.0.0.1', 'localhost')])
      expect(await post('ListCollections', {}, { Origin })).toEqual(refused(403, 'AccessDeniedException'));
    await expect(collectionsFor(inPage(server, { token: 'guessed' }))).rejects.toThrow(/signature/);
    await expect(
      collectionsFor(inPage(server, { origin: 'https://elsewhere.example' })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('has a key that no other client may sign with', async () => {
    const { server, sdk } = await aServer({ ui: true, credentials });
    const page = { accessKeyId: 'page', secretAccessKey: tokenOf(server) };
    await expect(collectionsFor(sdk({ credentials: page }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(collectionsFor(sdk())).resolves.toBeDefined();
  });

  it('has another key at each start', async () => {
    const [one, another] = [await aServer({ ui: true }), await aServer({ ui: true })];
    expect(tokenOf(one.server)).toMatch(/^[\w-]{32}$/);
    expect(tokenOf(one.server)).not.toBe(tokenOf(another.server));
  });

  it('is not shown by a name that another site brought along', async () => {
    const { server } = await aServer({ ui: true });
    const request = ['GET / HTTP/1.1', 'Host: rebound.example', 'Connection: close', '', ''].join('\r\n');
    expect(await talk(server.url, request)).toMatch(/^HTTP\/1.1 403 /);
  });

  it.each([
    '/index.html',
    '/assets/',
    '/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '//settings.json',
    '/files/',
  ])('is all that is served: not %s', async (path) => {
    const { server } = await aServer({ ui: true });
    const request = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', '', ''].join('\r\n');
    expect(await talk(server.url, request)).toMatch(/^HTTP\/1.1 40[04] /);
  });

  it('is not there unless asked for', async () => {
    for (const options of [{}, { ui: false }]) {
      const { server, post } = await aServer(options);
      expect(server.pageUrl).toBeUndefined();
      expect((await fetch(server.url)).status).toBe(404);
      expect((await fetch(`${server.url}/settings.json`)).status).toBe(404);
      expect((await post('ListCollections', {}, { Origin: server.url })).status).toBe(403);
    }
  });

  it.each(['yes', 1, null, { thumbnails: '' }, { report: 7 }, { folder: 'x' }])(
    'refuses %j as what it is',
    async (ui) => {
      await expect(aServer({ ui } as unknown as ServeOptions)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('ui'),
      });
    },
  );
});

describe('the private files of a page', () => {
  it('are the report that was named, under a policy of its own, for those who have the token', async () => {
    const report = join(await aFolder(), 'report.html');
    await writeFile(report, '<h1>Measured</h1>');
    const { server } = await aServer({ ui: { report } });
    expect(await (await fetch(`${server.url}/settings.json`)).json()).toEqual({
      thumbnails: false,
      report: true,
    });
    const answer = await fetch(fileUrl(server, 'report.html'));
    expect(await answer.text()).toBe('<h1>Measured</h1>');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    );
    expect((await fetch(`${server.url}/files/${'0'.repeat(64)}/report.html`)).status).toBe(404);
    await rm(report);
    expect((await fetch(fileUrl(server, 'report.html'))).status).toBe(404);
  });

  it('are a small picture of each face, until the face is deleted', async () => {
    const thumbnails = join(await aFolder(), 'made', 'by', 'it');
    const { server, vision } = await aServer({ ui: { thumbnails } });
    const team = new FaceCollection('..', { client: inPage(server) });
    await team.create();
    const { faces } = await team.indexFaces(fromBuffer(await vision.photo(['ada', 'bob'])));
    const urls = faces.map(({ faceId }) => fileUrl(server, `thumbnails/...faces/${faceId}.jpg`));
    for (const url of urls) {
      const picture = await fetch(url);
      expect(picture.headers.get('cache-control')).toBe('no-store');
      const { format, width, height, exif } = await sharp(await picture.arrayBuffer()).metadata();
      expect({ format, width, height, exif }).toEqual({
        format: 'jpeg',
        width: 192,
        height: 192,
        exif: undefined,
      });
    }
    const [folder] = await readdir(thumbnails);
    expect(folder).toBe('...faces');
    const files = await readdir(join(thumbnails, folder!));
    expect((await stat(join(thumbnails, folder!, files[0]!))).mode & 0o777).toBe(0o600);

    await team.deleteFaces([faces[0]!.faceId]);
    expect((await fetch(urls[0]!)).status).toBe(404);
    expect((await fetch(urls[1]!)).status).toBe(200);
    await team.delete();
    expect(await readdir(thumbnails)).toEqual([]);
  });

  it('are gone with the next start where faces were deleted meanwhile', async () => {
    const thumbnails = await aFolder();
    const first = await aServer({ ui: { thumbnails } });
    const client = inPage(first.server);
    const photo = fromBuffer(await first.vision.photo(['ada', 'bob']));
    for (const collectionId of ['team', 'guests']) {
      const collection = new FaceCollection(collectionId, { client });
      await collection.create();
      await collection.indexFaces(photo);
    }
    const [face] = await new FaceCollection('team', { client: first.local })
      .listFaces()
      .pages()
      .next()
      .then(({ value }) => value as { faceId: string }[]);
    await new FaceCollection('team', { client: first.local }).deleteFaces([face!.faceId]);
    await new FaceCollection('guests', { client: first.local }).delete();
    await aServer({ client: first.local, ui: { thumbnails } });
    expect(await readdir(join(thumbnails, 'team.faces'))).not.toContain(`${face!.faceId}.jpg`);
    expect(await readdir(join(thumbnails, 'team.faces'))).toHaveLength(1);
    expect(await readdir(join(thumbnails, 'guests.faces')).catch(() => [])).toEqual([]);
  });

  it('fail no call that they cannot be kept for', async () => {
    const thumbnails = await aFolder();
    const { server, vision } = await aServer({ ui: { thumbnails } });
    await writeFile(join(thumbnails, 'team.faces'), 'a file where a folder should be');
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    const team = new FaceCollection('team', { client: inPage(server) });
    await team.create();
    expect((await team.indexFaces(fromBuffer(await vision.photo(['ada'])))).faces).toHaveLength(1);
    expect((await warned).message).toContain('picture of a face');
    expect(await readFile(join(thumbnails, 'team.faces'), 'utf8')).toContain('a file');
  });
});

/** Where the page finds a file, as it makes the address of its token. */
function fileUrl(server: RekognitionServer, path: string): string {
  const key = createHash('sha256')
    .update(`files:${tokenOf(server)}`)
    .digest('hex');
  return `${server.url}/files/${key}/${path}`;
}
