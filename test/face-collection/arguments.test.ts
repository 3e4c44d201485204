import { createReadStream } from 'node:fs';
import {
  annotate,
  cropFace,
  FaceCollection,
  type FaceCollectionOptions,
  fromBuffer,
  fromFile,
  fromS3,
  InvalidArgumentError,
} from 'rekollect';
import { describe, expect, it } from 'vitest';
import { aPicture, faceId } from '../support/aws-answers.js';
import { samplePath } from '../support/sample-photos.js';

/** Nothing may be sent when an argument is wrong, so a call is a failure of the test. */
const client: FaceCollectionOptions['client'] = {
  send: async (command: object) => {
    throw new Error(`${command.constructor.name} was sent`);
  },
};
const team = new FaceCollection('team', { client });
const photo = await aPicture(1);
const boundingBox = { left: 0, top: 0, width: 0.5, height: 0.5 };
/** Stands for what a caller from JavaScript may pass. */
const wrong = <Value>(value: unknown) => value as Value;

describe('an argument that the service would refuse', () => {
  it.each<[argument: string, call: () => unknown]>([
    ['collectionId', () => new FaceCollection('my team', { client })],
    ['collectionId', () => new FaceCollection('', { client })],
    ['collectionId', () => new FaceCollection('a:b', { client })],
    ['collectionId', () => new FaceCollection('x'.repeat(256), { client })],
    ['options.client', () => new FaceCollection('team', wrong(undefined))],
    ['options.client', () => new FaceCollection('team', { client: wrong({}) })],
    ['options.client', () => FaceCollection.list({ client: wrong('aws') })],
    ['options.tags', () => team.create({ tags: { 'aws:mine': 'x' } })],
    ['options.tags', () => team.create({ tags: wrong({ a: 1 }) })],
    ['options.tags', () => team.create({ tags: wrong('blue') })],
    ['userId', () => team.createUser('ada lovelace')],
    ['userId', () => team.createUser('x'.repeat(129))],
    ['userId', () => team.createUser('ada\n')],
    ['userId', () => team.deleteUser(wrong(null))],
    ['userId', () => team.eraseUser('')],
    ['userId', () => team.waitForUser('é')],
    ['options.interval', () => team.waitForUser('ada', { interval: 0 })],
    ['options.userId', () => team.listFaces({ userId: 'no/slash' })],
    ['options.faceIds', () => team.listFaces({ faceIds: Array(4097).fill(faceId(1)) })],
    ['faceIds', () => team.deleteFaces([])],
    ['faceIds', () => team.deleteFaces(wrong(faceId(1)))],
    ['faceIds[1]', () => team.deleteFaces([faceId(1), faceId(10).toUpperCase()])],
    ['faceIds', () => team.associate('ada', [])],
    ['faceIds[0]', () => team.associate('ada', ['face'])],
    ['options.threshold', () => team.associate('ada', [faceId(1)], { threshold: 101 })],
    ['faceIds', () => team.disassociate('ada', wrong({}))],
    ['image', () => team.indexFaces(wrong('photo.jpg'))],
    ['image', () => team.indexFaces(wrong(undefined))],
    ['options.externalImageId', () => team.indexFaces(photo, { externalImageId: 'holiday (1).jpg' })],
    ['options.maxFaces', () => team.indexFaces(photo, { maxFaces: 0 })],
    ['options.qualityFilter', () => team.indexFaces(photo, { qualityFilter: wrong('GOOD') })],
    ['options.attributes[1]', () => team.detectFaces(photo, { attributes: wrong(['ALL', 'HAIR']) })],
    ['options.attributes', () => team.detectFaces(photo, { attributes: wrong('ALL') })],
    ['options', () => team.describe(wrong(null))],
    ['options', () => team.listFaces(wrong('ada'))],
    ['options', () => team.searchPhoto(photo, wrong(99))],
    ['options', () => team.describe(wrong(AbortSignal.timeout(1000)))],
    ['options', () => team.searchPhoto(photo, wrong(['threshold']))],
    ['options.treshold', () => team.searchPhoto(photo, wrong({ treshold: 90 }))],
    ['options.externalImageID', () => team.indexFaces(photo, wrong({ externalImageID: 'a' }))],
    ['options.limitInputPixel', () => new FaceCollection('team', wrong({ client, limitInputPixel: 1 }))],
    ['options.collectionId', () => FaceCollection.list(wrong({ client, collectionId: 'team' }))],
    ['options.tag', () => team.create(wrong({ tag: {} }))],
    ['options.timeout', () => team.waitForUser('ada', wrong({ timeout: 1000 }))],
    ['options.force', () => team.deleteFaces([faceId(1)], wrong({ force: true }))],
    ['options.evenIfAssociated', () => team.deleteFaces([faceId(1)], { evenIfAssociated: wrong('no') })],
    ['options.onProgress', () => team.enrollUser('ada', [photo], { onProgress: wrong(5) })],
    ['options.threshold', () => team.auditUsers({ threshold: 0.8 })],
    ['options.duplicateThreshold', () => team.auditUsers({ duplicateThreshold: 101 })],
    ['options.repeatThreshold', () => team.auditUsers({ repeatThreshold: wrong('same') })],
    ['options.minFaces', () => team.auditUsers({ minFaces: 0 })],
    ['options.pace', () => team.auditUsers({ pace: wrong('slow') })],
    ['options.onProgress', async () => team.auditEach({ onProgress: wrong(true) })],
    ['options.pricePerCall', () => team.planAudit({ pricePerCall: -1 })],
    ['options.threshold', () => team.mergeUsers('ada', 'bob', { threshold: 0.9 })],
    ['into', () => team.mergeUsers('ada', wrong(undefined))],
    ['options.photoName', async () => fromFile('1.jpg', { photoName: wrong(1) })],
    ['options.suggestionThreshold', () => team.searchPhoto(photo, { suggestionThreshold: 0.7 })],
    ['options.suggestionThreshold', () => team.searchUsers(photo, { suggestionThreshold: 80 })],
    [
      'options.suggestionThreshold',
      () => team.searchFaces(photo, { threshold: 90, suggestionThreshold: 95 }),
    ],
    ['options.margin', () => team.searchPhoto(photo, { margin: -1 })],
    ['options.margin', () => team.searchUsers(photo, { margin: wrong('1') })],
    ['options.margin', () => team.searchUsers({ userId: 'ada' }, { margin: 1 })],
    ['options.uniqueUsers', () => team.searchPhoto(photo, { uniqueUsers: wrong('yes') })],
    ['options.uniqueUsers', () => team.searchUsers(photo, wrong({ uniqueUsers: true }))],
    ['options.best', () => team.searchUsers(photo, { best: wrong(1) })],
    ['options.keepRejected', () => team.enrollUser('ada', [photo], { keepRejected: wrong('yes') })],
    ['options.threshold', () => team.enrollUser('ada', [photo], { threshold: 0.75 })],
    ['options.threshold', () => team.associate('ada', [faceId(1)], { threshold: 0.5 })],
    ['options.threshold', () => team.compareFaces(photo, photo, { threshold: 0.8 })],
    ['options.threshold', () => team.searchPhoto(photo, { threshold: 1 })],
    ['options.threshold', () => team.searchUsers({ userId: 'ada' }, { threshold: 0.001 })],
    ['options.qualityFilter', () => team.searchFaces({ faceId: faceId(1) }, { qualityFilter: 'HIGH' })],
    ['options.qualityFilter', () => team.searchUsers({ userId: 'ada' }, { qualityFilter: 'HIGH' })],
    ['options.lable', () => annotate(photo, [], wrong({ lable: () => 'x' }))],
    ['options.label', () => annotate(photo, [], { label: wrong('x') })],
    ['options.limitInputPixels', () => annotate(photo, [], { limitInputPixels: wrong('all') })],
    ['photo', () => annotate(wrong('party.jpg'), [])],
    ['options.margins', () => cropFace(photo, { boundingBox }, wrong({ margins: 1 }))],
    ['options.margin', () => cropFace(photo, { boundingBox }, { margin: -1 })],
    ['options.filename', () => fromBuffer(new Uint8Array(9), wrong({ filename: 'a.jpg' }))],
    ['options.name', () => fromBuffer(new Uint8Array(9), { name: wrong(5) })],
    ['options.region', () => fromS3({ bucket: 'photos', key: 'a' }, wrong({ region: 'eu-west-1' }))],
    ['object.versionId', () => fromS3(wrong({ bucket: 'photos', key: 'a', versionId: '1' }))],
    ['options.signal', () => team.listUsers({ signal: wrong(new AbortController()) })],
    ['options.signal', () => team.enrollUser('ada', [photo], { signal: wrong(null) })],
    ['options.limitInputPixels', () => new FaceCollection('team', { client, limitInputPixels: 0 })],
    ['image', () => team.detectFaces(wrong(createReadStream(samplePath(1))))],
    ['target', () => team.compareFaces(photo, wrong(Buffer.from('x')))],
    ['options.threshold', () => team.compareFaces(photo, photo, { threshold: -1 })],
    ['options.threshold', () => team.searchFaces(photo, { threshold: Number.NaN })],
    ['options.threshold', () => team.searchFaces(photo, { threshold: wrong('80') })],
    ['options.limit', () => team.searchFaces(photo, { limit: 4097 })],
    ['options.limit', () => team.searchUsers(photo, { limit: 501 })],
    ['options.limit', () => team.searchUsers(photo, { limit: 1.5 })],
    ['faceId', () => team.searchFaces({ faceId: 'x' })],
    ['faceId', () => team.searchUsers({ faceId: wrong(undefined) })],
    ['userId', () => team.searchUsers({ userId: '' })],
    ['image', () => team.searchUsers(wrong('ada'))],
    ['photo', () => team.searchPhoto(wrong(['photo.jpg']))],
    ['options.by', () => team.searchPhoto(photo, { by: wrong('people') })],
    ['options.concurrency', () => team.searchPhoto(photo, { concurrency: 0 })],
    ['options.limit', () => team.searchPhoto(photo, { by: 'users', limit: 501 })],
    ['images', () => team.enrollUser('ada', [])],
    ['images', () => team.enrollUser('ada', wrong(photo))],
    ['images[1]', () => team.enrollUser('ada', [photo, wrong('ada.jpg')])],
    ['options.severalFaces', () => team.enrollUser('ada', [photo], { severalFaces: wrong('smallest') })],
    ['options.concurrency', () => team.enrollUser('ada', [photo], { concurrency: Number.POSITIVE_INFINITY })],
  ])('names %s, and nothing is sent', async (argument, call) => {
    const refused = Promise.resolve().then(call);
    await expect(refused).rejects.toThrow(InvalidArgumentError);
    await expect(refused).rejects.toThrow(`${argument} must be `);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', argument });
  });

  it('says what is allowed, and never prints the bytes of an image', async () => {
    const bytes = Buffer.from('a photo of somebody');
    const error = await team.searchUsers(wrong(bytes)).catch((thrown) => thrown);
    expect(error.message).toBe(
      "image must be an image source, such as fromFile('photo.jpg'), fromBuffer(bytes) or fromS3({ bucket, key }), " +
        'not a Buffer.',
    );
  });

  it.each([
    [0.9, 90],
    [0.29, 29],
    [0.995, 99.5],
    [1, 100],
  ])('asks of a threshold of %d whether %d was meant', async (threshold, meant) => {
    await expect(team.searchPhoto(photo, { threshold })).rejects.toThrow(
      `options.threshold must be a number from 0 to 100, not ${threshold}. Did you mean ${meant}?`,
    );
  });

  it.each<[slip: string, call: () => unknown, hint: string]>([
    [
      'a client as the options',
      () => new FaceCollection('team', wrong(client)),
      'Give it as an option: { client }.',
    ],
    ['one image where several go', () => team.enrollUser('ada', wrong(photo)), 'Put it into an array.'],
    ['a promise of an image', () => team.searchPhoto(wrong(Promise.resolve(photo))), 'Await it first.'],
    ['a promise of bytes', async () => fromBuffer(wrong(Promise.resolve())), 'Await it first.'],
    ['a promise of an answer', () => annotate(photo, wrong<[]>(Promise.resolve())), 'Await it first.'],
    [
      'an uploaded file',
      () => fromBuffer(wrong(new Blob(['x']))),
      'Give what its arrayBuffer() resolves to.',
    ],
    ['a response', () => fromBuffer(wrong(new Response('x'))), 'Give what its arrayBuffer() resolves to.'],
    ['an upload in memory', () => fromBuffer(wrong({ buffer: Buffer.from('x') })), 'Give its buffer.'],
    [
      'a stream',
      () => fromBuffer(wrong(createReadStream(samplePath(1)))),
      'Read it first: await buffer(stream), of node:stream/consumers.',
    ],
    [
      'an S3 object in the words of AWS',
      () => fromS3(wrong({ Bucket: 'people', Name: 'ada/1.jpg' })),
      "AWS's Bucket and Key, or Name, are bucket and key here.",
    ],
    [
      'a search in place of its face',
      () => cropFace(photo, wrong({ face: { boundingBox } })),
      'Give its face.',
    ],
    [
      'a face in place of a search',
      () => annotate(photo, wrong<[]>([{ boundingBox }])),
      "Of a face of detectFaces, give { status: 'unmatched', face }.",
    ],
    ['a face in place of its id', () => team.deleteFaces(wrong([{ faceId: faceId(1) }])), 'Give its faceId.'],
    [
      'a controller in place of its signal',
      () => team.describe({ signal: wrong(new AbortController()) }),
      'Give its signal.',
    ],
  ])('says what to do with %s', async (_, call, hint) => {
    const refused = Promise.resolve().then(call);
    await expect(refused).rejects.toThrow(InvalidArgumentError);
    await expect(refused).rejects.toThrow(`. ${hint}`);
  });

  it('says which options there are in place of one that is unknown, and not its value', async () => {
    const given = wrong<object>({ sessionToken: 'secret' });
    const error = await team.waitForUser('ada', given).catch((thrown) => thrown);
    expect(error.message).toBe(
      'options.sessionToken must be one of the options signal, interval, not "sessionToken".',
    );
  });

  it('takes an option that is there and undefined as left out', async () => {
    const maybe: { signal: AbortSignal | undefined; threshold: number | undefined } = {
      signal: undefined,
      threshold: undefined,
    };
    const calm = new FaceCollection('team', {
      client: { send: async () => ({}) },
      limitInputPixels: undefined,
    });
    await calm.describe(maybe);
    await calm.searchPhoto(photo, { ...maybe, by: undefined, limit: undefined, concurrency: undefined });
    await calm.enrollUser('ada', [photo], { ...maybe, severalFaces: undefined, onProgress: undefined });
  });

  it('takes every id that the service takes', async () => {
    const fitting = new FaceCollection('a.B_c-9', { client: { send: async () => ({}) } });
    await fitting.createUser('arn:user_1.a-b');
    await fitting.create({ tags: { 'Straße 1/a': 'ü' } });
  });

  it('names a photo that is no image, before it is sent', async () => {
    const garbage = fromBuffer(Buffer.from('not a photo'), { name: 'holiday.jpg' });
    await expect(team.searchUsers(garbage)).rejects.toMatchObject({
      code: 'UNREADABLE_IMAGE',
      image: 'holiday.jpg',
    });
  });

  it('sends nothing once the caller has given up', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(team.describe({ signal })).rejects.toThrow('enough');
    await expect(team.searchPhoto(photo, { signal })).rejects.toThrow('enough');
    await expect(team.listFaces({ signal }).all()).rejects.toThrow('enough');
    await expect(team.enrollUser('ada', [photo], { signal })).rejects.toThrow('enough');
  });
});

describe('a client that answers nothing', () => {
  it('is named, with the command: a mock was not told what to answer', async () => {
    const mute = new FaceCollection('team', { client: { send: async () => undefined } });
    await expect(mute.describe()).rejects.toThrow(
      'The client answered DescribeCollectionCommand with undefined',
    );
  });
});
