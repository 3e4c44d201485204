import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvalidArgumentError } from 'rekollect';
import { readBuckets } from 'rekollect/local';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { refusedWith } from '../support/declared-collection.js';
import { aServer } from '../support/served.js';

const MESSAGE = 'Unable to get object metadata from S3. Check object key, region and/or access permissions.';
const absent = refusedWith('InvalidS3ObjectException', MESSAGE);

let home: string;
let photos: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rekollect-buckets-'));
  photos = join(home, 'photos');
  await mkdir(join(photos, 'people', 'ada'), { recursive: true });
  await mkdir(join(home, 'photos-of-others'));
  await writeFile(join(photos, 'party.txt'), 'party');
  await writeFile(join(photos, 'people', 'ada', '1 ä%2e.txt'), 'ada');
  await writeFile(join(photos, '..hidden'), 'hidden');
  await writeFile(join(home, 'secret.txt'), 'secret');
  await writeFile(join(home, 'photos-of-others', 'secret.txt'), 'secret');
  await symlink(join(photos, 'party.txt'), join(photos, 'link-inside'));
  await symlink(join(home, 'secret.txt'), join(photos, 'link-outside'));
  await symlink(home, join(photos, 'folder-outside'));
  await symlink(photos, join(home, 'link-to-photos'));
  await writeFile(join(photos, 'large'), '');
  await truncate(join(photos, 'large'), 15 * 1024 * 1024 + 1);
});

afterAll(() => rm(home, { recursive: true }));

const read = async (Name: string, more: { Bucket?: string; Version?: string } = {}) =>
  Buffer.from(await readBuckets({ photos })({ Bucket: 'photos', Name, ...more })).toString();

describe('a folder that stands for a bucket', () => {
  it('has its files for objects', async () => {
    expect(await read('party.txt')).toBe('party');
    expect(await read('people/ada/1 ä%2e.txt')).toBe('ada');
    expect(await read('..hidden')).toBe('hidden');
    expect(await read('link-inside')).toBe('party');
  });

  it('may be named by a link', async () => {
    const bytes = await readBuckets({ photos: join(home, 'link-to-photos') })({
      Bucket: 'photos',
      Name: 'party.txt',
    });
    expect(Buffer.from(bytes).toString()).toBe('party');
  });

  it.each([
    '../secret.txt',
    'people/../../secret.txt',
    'people/../party.txt',
    './party.txt',
    'people//ada',
    '/party.txt',
    '..',
    '.',
    '/',
    '..\\secret.txt',
    '%2e%2e/secret.txt',
    '..%2fsecret.txt',
    '../photos-of-others/secret.txt',
    'party.txt\0.png',
    'link-outside',
    'folder-outside/secret.txt',
    'folder-outside/photos/../secret.txt',
    'people',
    'people/ada/',
    'nobody.txt',
    'party.txt/more',
    'x'.repeat(1024),
  ])('has no object %j', async (name) => {
    await expect(read(name)).rejects.toEqual(absent);
  });

  it('has no way to files by their full path', async () => {
    await expect(read(join(home, 'secret.txt'))).rejects.toEqual(absent);
  });

  it('has no pipes and devices for objects, and does not wait for them', async () => {
    await promisify(execFile)('mkfifo', [join(photos, 'pipe')]);
    await symlink('/dev/zero', join(photos, 'zeros'));
    for (const name of ['pipe', 'zeros']) await expect(read(name)).rejects.toEqual(absent);
  });

  it('has no secrets for whoever puts a link in the place of a folder while it is read', async () => {
    const folder = join(photos, 'changing');
    await mkdir(folder);
    await writeFile(join(folder, 'secret.txt'), 'no secret');
    const swap = `
      const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
      const [folder, elsewhere] = process.argv.slice(1);
      for (;;) {
        renameSync(folder, folder + '-aside');
        symlinkSync(elsewhere, folder);
        unlinkSync(folder);
        renameSync(folder + '-aside', folder);
      }`;
    const swapping = spawn(process.execPath, ['-e', swap, folder, home]);
    onTestFinished(() => void swapping.kill('SIGKILL'));
    const found = new Set<string>();
    for (let round = 0; round < 500 || found.size < 2; round++) {
      const reads = Array.from({ length: 8 }, () => read('changing/secret.txt').catch(() => 'absent'));
      for (const text of await Promise.all(reads)) found.add(text);
    }
    expect(found).toEqual(new Set(['no secret', 'absent']));
  });

  it('may have empty objects', async () => {
    await writeFile(join(photos, 'empty'), '');
    expect(await read('empty')).toBe('');
  });

  it('keeps no versions', async () => {
    await expect(read('party.txt', { Version: '1' })).rejects.toEqual(absent);
  });

  it('refuses files above 15 MB', async () => {
    await expect(read('large')).rejects.toEqual(
      refusedWith('ImageTooLargeException', 'Image size is too large.'),
    );
  });

  it('must exist', () => {
    for (const folder of [join(home, 'nowhere'), join(photos, 'party.txt'), ''])
      expect(() => readBuckets({ photos: folder })).toThrow(InvalidArgumentError);
  });

  it('is not read for a call that was given up', async () => {
    const reason = new Error('too late');
    const given = readBuckets({ photos })({ Bucket: 'photos', Name: 'party.txt' }, AbortSignal.abort(reason));
    await expect(given).rejects.toBe(reason);
  });

  it('serves photos to requests that name them', async () => {
    const { vision, post, calls } = await aServer({ engine: { readS3Object: readBuckets({ photos }) } });
    await writeFile(join(photos, 'declared.png'), await vision.photo([{}, {}]));
    const detect = (Name: string) => post('DetectFaces', { Image: { S3Object: { Bucket: 'photos', Name } } });

    expect((await detect('declared.png')).body!.FaceDetails).toHaveLength(2);
    expect((await detect('nobody.png')).body).toEqual({
      __type: 'InvalidS3ObjectException',
      Code: 'InvalidS3ObjectException',
      Logref: expect.any(String),
      Message: MESSAGE,
    });
    expect(calls.at(-1)).toMatchObject({
      outcome: 'InvalidS3ObjectException',
      detail: expect.stringContaining('ENOENT'),
    });
  });
});

describe('any other bucket', () => {
  const object = { Bucket: 'elsewhere', Name: 'ada.jpg' };

  it('is read from S3', async () => {
    const send = vi.fn(async () => ({ Body: { transformToByteArray: async () => Buffer.from('ada') } }));
    const bytes = await readBuckets({ photos }, { s3: { send } })(object);
    expect(Buffer.from(bytes).toString()).toBe('ada');
    expect(send).toHaveBeenCalledWith(
      expect.objectContaining({ input: expect.objectContaining({ Bucket: 'elsewhere', Key: 'ada.jpg' }) }),
      { abortSignal: expect.any(AbortSignal) },
    );
  });

  it.each(['constructor', '__proto__', 'Photos'])('may be called %s', async (Bucket) => {
    const s3 = {
      send: () => Promise.reject(Object.assign(new Error('no'), { $metadata: { httpStatusCode: 404 } })),
    };
    await expect(readBuckets({ photos }, { s3 })({ Bucket, Name: 'party.txt' })).rejects.toEqual(absent);
  });

  it.each([
    [
      'nobody said who asks',
      Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' }),
    ],
    ['nobody said where', new Error('Region is missing')],
  ])('does not exist as long as %s', async (_, failure) => {
    const s3 = { send: () => Promise.reject(failure) };
    await expect(readBuckets({}, { s3 })(object)).rejects.toEqual(absent);
  });

  it("passes S3's own failures on", async () => {
    const failure = new Error('connect ECONNREFUSED');
    const s3 = { send: () => Promise.reject(failure) };
    await expect(readBuckets({}, { s3 })(object)).rejects.toBe(failure);
  });
});
