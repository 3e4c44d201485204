import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError, UnreadableImageError } from '../../src/errors.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { fromFile } from '../../src/images/from-file.js';
import { fromS3, type S3ClientLike } from '../../src/images/from-s3.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { prepareImage } from '../../src/images/prepare.js';

const PHOTO = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';

let photo: Buffer;
let s3: S3Client;
let server: S3rver;
let endpoint: string;
let directory: string;

beforeAll(async () => {
  photo = await readFile(PHOTO);
  directory = await mkdtemp(join(tmpdir(), 'rekollect-s3-'));
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'photos', configs: [] }],
  });
  endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  await s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'ada/1.jpg', Body: photo }));
});

afterAll(async () => {
  s3.destroy();
  await server.close();
  await rm(directory, { recursive: true });
});

const sources: Record<string, () => ImageSource> = {
  'a path': () => fromFile(PHOTO),
  'a file URL': () => fromFile(pathToFileURL(PHOTO)),
  'a buffer': () => fromBuffer(photo),
  'an ArrayBuffer': () => fromBuffer(new Uint8Array(photo).buffer),
  'an S3 object': () => fromS3({ bucket: 'photos', key: 'ada/1.jpg' }, { client: s3 }),
  'a source of your own': () => ({ name: 'https://example.com/1.jpg', read: async () => photo }),
};

describe.each(Object.entries(sources))('an image from %s', (_, open) => {
  it('has a name', () => {
    expect(open().name).toMatch(/.+/);
  });

  it('gives the bytes of the image, again and again', async () => {
    const source = open();
    expect(Buffer.from(await source.read()).equals(photo)).toBe(true);
    expect(Buffer.from(await source.read()).equals(photo)).toBe(true);
  });

  it('is ready for the service as it is', async () => {
    const prepared = await prepareImage(open());
    expect(Buffer.from(prepared.bytes).equals(photo)).toBe(true);
  });

  it('is not read for a call that was given up', async () => {
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(prepareImage(open(), { signal })).rejects.toBe(reason);
  });
});

describe.each(Object.entries(sources).slice(0, 5))('a built-in image from %s', (_, open) => {
  it('rejects with the reason of the signal', async () => {
    const reason = new Error('too late');
    await expect(open().read({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('a source of your own', () => {
  const from = (read: () => unknown) => ({ name: 'mine', read }) as ImageSource;

  it('is given up with the call, though it does not heed the signal', async () => {
    const giveUp = new AbortController();
    const reason = new Error('too late');
    const preparing = prepareImage(
      from(() => new Promise(() => {})),
      { signal: giveUp.signal },
    );
    giveUp.abort(reason);
    await expect(preparing).rejects.toBe(reason);
  });

  it.each([
    ['nothing', undefined],
    ['text', 'iVBORw0KGgo='],
    ['an ArrayBuffer', new ArrayBuffer(8)],
  ])('that gives %s is told what to give, and its text is not repeated', async (_, given) => {
    const error = await prepareImage(from(() => given)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(error.message).toMatch(/^image\.read\(\) must be a Uint8Array for mine, not /);
    expect(error.message).not.toContain('iVBOR');
  });
});

describe('fromFile', () => {
  it('names the image by its path', () => {
    expect(fromFile('people/ada.jpg').name).toBe('people/ada.jpg');
  });

  it('says that a file is missing when it is read, and why', async () => {
    const error = await fromFile('no/such/photo.jpg')
      .read()
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(UnreadableImageError);
    expect(error).toMatchObject({
      code: 'UNREADABLE_IMAGE',
      problem: 'NOT_FOUND',
      image: 'no/such/photo.jpg',
      message: 'no/such/photo.jpg: there is no such file.',
      cause: { code: 'ENOENT' },
    });
  });

  it('says that a folder is no image', async () => {
    await expect(fromFile('test').read()).rejects.toMatchObject({
      problem: 'NOT_FOUND',
      message: 'test: this is a folder, not a file.',
    });
  });

  it('gives up in the middle of reading', async () => {
    const reason = new Error('too late');
    const controller = new AbortController();
    const reading = fromFile(PHOTO).read({ signal: controller.signal });
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe, nor read a device', async () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const refused = (problem: string) => ({ problem: 'NOT_FOUND', message: expect.stringMatching(problem) });
    // The pool has four threads: four that wait for a pipe would hold up every file of the process.
    for (let i = 0; i < 8; i++)
      await expect(fromFile(pipe).read()).rejects.toMatchObject(refused('a pipe, not a file'));
    await expect(fromFile('/dev/zero').read()).rejects.toMatchObject(refused('a device, not a file'));
    await expect(fromFile('/dev/null').read()).rejects.toMatchObject(refused('a device, not a file'));

    const socket = join(directory, 'socket');
    const listening = createServer().listen(socket);
    await once(listening, 'listening');
    await expect(fromFile(socket).read()).rejects.toMatchObject(refused('not a file'));
    listening.close();
  });

  it('refuses a file that no image fills, without reading it', async () => {
    const path = join(directory, 'huge.jpg');
    await writeFile(path, photo);
    await truncate(path, 3 * 2 ** 30);
    await expect(fromFile(path).read()).rejects.toMatchObject({
      problem: 'TOO_MANY_BYTES',
      message: expect.stringContaining('it has 3221225472 bytes'),
    });
  });

  it('takes a file: URL as text, too', async () => {
    expect((await fromFile(pathToFileURL(PHOTO).href).read()).length).toBe(photo.length);
  });

  it.each([
    ['a data URL', () => `data:image/jpeg;base64,${photo.toString('base64')}`, 'fromBuffer(Buffer.from('],
    ['a JPEG in base64', () => photo.toString('base64'), 'fromBuffer(Buffer.from('],
    ['one of another alphabet', () => photo.toString('base64url'), 'fromBuffer(Buffer.from('],
    ['text that is no path', () => 'x'.repeat(1_000_000), 'the path of a file'],
    ['an address', () => 'https://user:secret@example.com/1.jpg', 'give its bytes to fromBuffer'],
    ['an URL', () => new URL('https://user:secret@example.com/1.jpg'), 'give its bytes to fromBuffer'],
    ['an address in S3', () => 's3://photos/ada/1.jpg', 'fromS3({ bucket, key })'],
  ])('says of %s what to use instead, and does not repeat it', (_, path, hint) => {
    const refuse = () => fromFile(path());
    expect(refuse).toThrow(InvalidArgumentError);
    expect(refuse).toThrow(hint);
    expect(refuse).not.toThrow(/.{400}|secret/s);
  });

  it.each(['/9j/photos/ada.jpg', 'data/1.jpg', 'https/1.jpg'])('takes %s for the path that it is', (path) => {
    expect(fromFile(path).name).toBe(path);
  });

  it.each([undefined, '', 'a\0b', 7, {}, 'file://elsewhere/1.jpg', new URL('file:///a%00b')])(
    'refuses %s as a path',
    (path) => {
      expect(() => fromFile(path as string)).toThrow(InvalidArgumentError);
    },
  );
});

describe('fromBuffer', () => {
  it('takes the name that it is given', () => {
    expect(fromBuffer(photo, { name: 'upload' }).name).toBe('upload');
  });

  it('is called by the number of its bytes otherwise', () => {
    expect(fromBuffer(new Uint8Array(12)).name).toBe('buffer (12 bytes)');
  });

  it('sends a string back with what to do, and without what was in it', () => {
    const base64 = photo.toString('base64');
    const refuse = () => fromBuffer(base64 as unknown as Uint8Array);
    expect(refuse).toThrow(InvalidArgumentError);
    expect(refuse).toThrow('Buffer.from(text, "base64")');
    expect(refuse).not.toThrow(base64.slice(0, 16));
  });

  it.each([undefined, null, 7, {}, [1, 2]])('refuses %j', (bytes) => {
    expect(() => fromBuffer(bytes as unknown as Uint8Array)).toThrow(InvalidArgumentError);
  });
});

describe('an image that is text', () => {
  it.each([
    ['base64', (bytes: Buffer) => bytes.toString('base64')],
    ['a data URL', (bytes: Buffer) => `data:image/jpeg;base64,${bytes.toString('base64')}`],
  ])('is told to be decoded: %s', async (_, encode) => {
    const text = fromBuffer(Buffer.from(encode(photo)), { name: 'upload' });
    await expect(prepareImage(text)).rejects.toMatchObject({
      problem: 'NOT_AN_IMAGE',
      message: 'upload: it is text, an image in base64. Decode it first: Buffer.from(text, "base64").',
    });
  });

  it('is not repeated where it is the name of a source', async () => {
    const name = `data:image/jpeg;base64,${photo.toString('base64')}`;
    const error = await prepareImage({ name, read: async () => Buffer.from('none') }).catch(
      (thrown) => thrown,
    );
    expect(error.message.length).toBeLessThan(500);
  });
});

describe('fromS3', () => {
  it('makes a client of its own from the settings of the environment', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
    const bytes = await fromS3({ bucket: 'photos', key: 'ada/1.jpg' }).read();
    expect(Buffer.from(bytes).equals(photo)).toBe(true);
    vi.unstubAllEnvs();
  });

  it('is named by its address', () => {
    expect(fromS3({ bucket: 'photos', key: 'ada/1.jpg' }).name).toBe('s3://photos/ada/1.jpg');
  });

  it('lets the errors of S3 through as they are', async () => {
    const missing = fromS3({ bucket: 'photos', key: 'nobody.jpg' }, { client: s3 });
    await expect(missing.read()).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('asks for the version that was named', async () => {
    const asked: unknown[] = [];
    const client = {
      async send(command: { input: unknown }) {
        asked.push(command.input);
        return { Body: { transformToByteArray: async () => photo } };
      },
    };
    await fromS3({ bucket: 'photos', key: 'ada.jpg', version: 'v7' }, { client }).read();
    expect(asked).toEqual([{ Bucket: 'photos', Key: 'ada.jpg', VersionId: 'v7' }]);
  });

  it('gives up while the object is on its way', async () => {
    const reason = new Error('too late');
    const controller = new AbortController();
    const client: S3ClientLike = {
      async send(command) {
        const answer = await s3.send(command);
        controller.abort(reason);
        return answer;
      },
    };
    const source = fromS3({ bucket: 'photos', key: 'ada/1.jpg' }, { client });
    await expect(source.read({ signal: controller.signal })).rejects.toBe(reason);
  });

  it.each([
    ['object.bucket', { bucket: 'ab', key: 'x' }],
    ['object.bucket', { bucket: 'a/b/c', key: 'x' }],
    ['object.bucket', { bucket: 'b'.repeat(256), key: 'x' }],
    ['object.key', { bucket: 'photos', key: '' }],
    ['object.key', { bucket: 'photos', key: 'k'.repeat(1025) }],
    ['object.version', { bucket: 'photos', key: 'x', version: '' }],
    ['object', undefined],
    ['object', 's3://photos/ada/1.jpg'],
  ])('refuses a %s that S3 does not know: %j', (argument, object) => {
    expect(() => fromS3(object as { bucket: string; key: string })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
    );
  });
});
