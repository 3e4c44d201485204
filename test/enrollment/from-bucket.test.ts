import type { S3Client } from '@aws-sdk/client-s3';
import {
  FaceCollection,
  fromBucket,
  type ImageSource,
  type LeftOutFile,
  type Person,
  type S3ClientLike,
} from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../support/s3-server.js';

let server: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.stop());

/** The client of the server, which lists three keys a page. */
function inPages(s3: S3Client): S3ClientLike & { pages: number } {
  return {
    pages: 0,
    send(command, options) {
      if ('Prefix' in command.input) {
        this.pages += 1;
        command.input.MaxKeys = 3;
      }
      return s3.send(command, options);
    },
  };
}

/** A client that answers these pages. */
function aClient(pages: readonly object[]): S3ClientLike & { tokens: unknown[] } {
  const left = [...pages];
  return {
    tokens: [],
    async send(command) {
      this.tokens.push(command.input.ContinuationToken);
      return left.shift();
    },
  };
}

async function entriesOf(people: AsyncIterable<Person | LeftOutFile>) {
  const entries: unknown[] = [];
  for await (const entry of people) {
    if ('leftOut' in entry) entries.push([entry.leftOut, entry.reason]);
    else entries.push({ [entry.userId]: imagesOf(entry).map(({ photoName }) => photoName) });
  }
  return entries;
}

const imagesOf = ({ images }: Person) => [...(images as Iterable<ImageSource>)];

describe('fromBucket', () => {
  it('takes what lies under a prefix for people, page by page, whatever the keys are', async () => {
    const keys = [
      'staff/ada/1.jpg',
      'staff/ada/2020/a + b.jpg',
      'staff/ada/50%20.jpg',
      'staff/ada/😀.jpg',
      'staff/José Núñez/1.jpg',
      'staff/bob/1.jpg',
      'staffing/eve/1.jpg',
    ];
    for (const key of keys) await server.put(key, 'x');
    await server.put('staff/', '');
    await server.put('staff/bob/', '');
    const client = inPages(server.s3);
    const people = [
      { 'Jos:e9.20:N:fa.f1:ez': ['1.jpg'] },
      { ada: ['1.jpg', '2020/a + b.jpg', '50%20.jpg', '😀.jpg'] },
      { bob: ['1.jpg'] },
    ];
    expect(await entriesOf(fromBucket({ bucket: 'people', prefix: 'staff', client }))).toEqual(people);
    expect(client.pages).toBe(3);
    expect(await entriesOf(fromBucket({ bucket: 'people', prefix: 'staff/', client }))).toEqual(people);
  });

  it('reads the very object that a key names', async () => {
    for (const key of ['keys/a/+.jpg', 'keys/a/ .jpg', 'keys/a/%2B.jpg', 'keys/a/%20.jpg', 'keys/a/é.jpg']) {
      await server.put(key, key);
    }
    for await (const person of fromBucket({ bucket: 'people', prefix: 'keys', client: server.s3 })) {
      for (const image of imagesOf(person as Person)) {
        expect(Buffer.from(await image.read()).toString()).toBe(`keys/a/${image.photoName}`);
      }
    }
  });

  it('names every object that is nobody’s photo, and why', async () => {
    const contents = [
      { Key: '.hidden/1.jpg', Size: 1 },
      { Key: '/1.jpg', Size: 1 },
      { Key: 'ada/.DS_Store', Size: 1 },
      { Key: 'ada/1.jpg', Size: 1 },
      { Key: 'ada/2.jpg', Size: 0 },
      { Key: 'ada/3.jpg', Size: 1, StorageClass: 'DEEP_ARCHIVE' },
      { Key: 'ada/list.csv', Size: 1 },
      { Key: 'group.jpg', Size: 1 },
      { Key: `${'z'.repeat(129)}/1.jpg`, Size: 1 },
    ];
    const client = aClient([{ Contents: contents }]);
    expect(await entriesOf(fromBucket({ bucket: 'people', client }))).toEqual([
      ['s3://people/.hidden/1.jpg', 'HIDDEN'],
      ['s3://people//1.jpg', 'IN_NO_FOLDER'],
      ['s3://people/ada/.DS_Store', 'HIDDEN'],
      ['s3://people/ada/2.jpg', 'EMPTY'],
      ['s3://people/ada/3.jpg', 'ARCHIVED'],
      ['s3://people/ada/list.csv', 'NO_IMAGE_NAME'],
      ['s3://people/group.jpg', 'IN_NO_FOLDER'],
      [`s3://people/${'z'.repeat(129)}/1.jpg`, 'NO_USER_ID'],
      { ada: ['1.jpg'] },
    ]);
  });

  it('does not take an empty page for the last one, and a token that comes again for no end', async () => {
    const page = (n: number) => ({
      Contents: [{ Key: `u${n}/1.jpg`, Size: 1 }],
      NextContinuationToken: `after ${n}`,
    });
    const client = aClient([page(1), { NextContinuationToken: 'empty' }, page(2), {}]);
    expect(await entriesOf(fromBucket({ bucket: 'people', client }))).toEqual([
      { u1: ['1.jpg'] },
      { u2: ['1.jpg'] },
    ]);
    expect(client.tokens).toEqual([undefined, 'after 1', 'empty', 'after 2']);
    await expect(
      entriesOf(fromBucket({ bucket: 'people', client: aClient([page(1), page(1), page(1)]) })),
    ).rejects.toThrow(TypeError);
  });

  it('lets Rekognition read what it takes, and sends it the rest', async () => {
    const contents = [
      { Key: 'ada/1.jpg', Size: 15 * 1024 * 1024, ETag: '"1"' },
      { Key: 'ada/2.jpg', Size: 15 * 1024 * 1024 + 1, ETag: '"2"' },
      { Key: 'ada/3.heic', Size: 1 },
      { Key: 'ada/4', Size: 1 },
    ];
    const people = fromBucket({ bucket: 'people', client: aClient([{ Contents: contents }]) });
    const { value: ada } = await people[Symbol.asyncIterator]().next();
    expect(imagesOf(ada as Person).map(({ s3Object }) => s3Object?.key)).toEqual([
      'ada/1.jpg',
      undefined,
      undefined,
      undefined,
    ]);
    expect(imagesOf(ada as Person).map(({ etag }) => etag)).toEqual(['"1"', '"2"', undefined, undefined]);
  });

  it('is enrolled once without being downloaded again, and anew where an object changed', async () => {
    const vision = declaredFaces();
    const photo = (person: string) => vision.photo([{ person }]);
    await server.put('team/ada/1.png', await photo('ada'));
    await server.put('team/bob/1.png', await photo('bob'));
    let downloads = 0;
    const client: S3ClientLike = {
      send(command, options) {
        if ('Key' in command.input) downloads += 1;
        return server.s3.send(command, options);
      },
    };
    const team = new FaceCollection('team', { client: new LocalRekognition({ vision, s3: client }) });
    await team.create();
    const people = fromBucket({ bucket: 'people', prefix: 'team', client });
    expect(await team.enrollMany(people)).toMatchObject({ associated: 2 });
    expect(downloads).toBe(2);
    expect(await team.enrollMany(people)).toMatchObject({ associated: 0, known: 2 });
    expect(downloads).toBe(2);
    await server.put('team/bob/1.png', await photo('bob'));
    expect(await team.enrollMany(people)).toMatchObject({
      associated: 1,
      known: 1,
      former: [{ userId: 'bob', photo: '1.png', status: 'changed', deleted: true }],
    });
    expect(await team.listFaces().all()).toHaveLength(2);
  });

  it('passes on what S3 says, and refuses names that it does not know', async () => {
    await expect(entriesOf(fromBucket({ bucket: 'nowhere', client: server.s3 }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    for (const options of [
      { bucket: 'a' },
      { bucket: 's3://people' },
      { bucket: 'people', prefix: 7 },
      { bucket: 'people', key: 'a' },
    ]) {
      expect(() => fromBucket(options as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
    }
  });
});
