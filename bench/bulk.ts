/*
 * Measures how fast many people are enrolled: beside the loop of one call after the other that samples show, against a
 * service that takes 100 ms and allows 50 calls a second of each operation; how much memory it takes; and with the
 * local engine, beside finding the same faces without keeping them.
 *
 *     npm run bench -- bulk
 */
import { DetectFacesCommand, IndexFacesCommand } from '@aws-sdk/client-rekognition';
import pLimit from 'p-limit';
import { FaceCollection, fromBuffer, type ImageSource, type Person } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import sharp from 'sharp';
import { aService } from './bulk/a-service.js';
import { oneAfterTheOther } from './bulk/one-after-the-other.js';
import { type Figure, holds, median, toTable } from './figures.js';
import { makeTestPhotos } from './photos/test-photos.js';

const QUOTA = 50;
const PACE = {
  IndexFaces: QUOTA,
  ListFaces: QUOTA,
  SearchFaces: QUOTA,
  CreateUser: QUOTA,
  AssociateFaces: QUOTA,
} as const;
const MB = 1_000_000;
const ROUNDS = 3;

/** Photos that lie in S3, so that none is read. */
function* people(users: number, photos: number): Generator<Person> {
  for (let user = 0; user < users; user++) {
    const images = Array.from({ length: photos }, (_, photo): ImageSource => {
      const key = `user-${user}/${photo}.jpg`;
      const s3Object = { bucket: 'people', key };
      return {
        name: key,
        photoName: `${photo}.jpg`,
        etag: key,
        s3Object,
        read: async () => new Uint8Array(),
      };
    });
    yield { userId: `user-${user}`, images };
  }
}

async function atTheQuota(): Promise<Figure[]> {
  const service = aService({ milliseconds: 100, callsPerSecond: QUOTA });
  const collection = new FaceCollection('people', { client: service });
  const report = await collection.enrollMany(people(200, 5), { pace: PACE });
  if (report.associated !== 1000) throw new Error(`${report.associated} of 1000 photos were enrolled.`);
  const seconds = report.milliseconds / 1000;
  const allowed = Math.max(...Object.values(report.calls).map(({ calls }) => calls)) / QUOTA;

  const some = 20;
  const begin = performance.now();
  await oneAfterTheOther(aService({ milliseconds: 100, callsPerSecond: QUOTA }), people(some, 5));
  const sequential = ((performance.now() - begin) / 1000) * (200 / some);
  const throttled = Object.values(report.calls).reduce((sum, call) => sum + call.throttled, 0);
  return [
    {
      name: '200 people x 5 photos',
      ours: seconds,
      peer: sequential,
      unit: 's',
      ratio: sequential / seconds,
    },
    { name: 'over what the quota allows', ours: seconds / allowed, unit: 'x', target: { atMost: 1.1 } },
    { name: 'throttled calls', ours: throttled, unit: 'calls' },
  ];
}

async function memory(): Promise<Figure[]> {
  const heap = () => {
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return (heapUsed + external + arrayBuffers) / MB;
  };
  const collection = new FaceCollection('people', { client: aService({}) });
  let first = 0;
  let most = 0;
  await collection.enrollMany(people(20_000, 5), {
    onProgress: ({ photos }) => {
      if (photos === 1000) first = heap();
      if (photos % 10_000 === 0) most = Math.max(most, heap());
    },
  });
  return [
    { name: 'memory, 1,000 to 100,000 photos', ours: most - first, unit: 'MB', target: { atMost: 30 } },
  ];
}

/**
 * How many photos a second are enrolled with two workers, beside DetectFaces alone, which makes no vectors, and beside
 * IndexFaces alone, in turns.
 */
async function withTheLocalEngine(): Promise<Figure[]> {
  const client = new LocalRekognition({ workers: 2 });
  const collection = new FaceCollection('people', { client });
  await collection.create();
  const portrait = await makePortrait();
  const enrolled: number[] = [];
  const detected: number[] = [];
  const indexed: number[] = [];
  const rateOf = async (photos: readonly Buffer[], call: (bytes: Buffer) => Promise<unknown>) => {
    const limit = pLimit(16);
    const begin = performance.now();
    await Promise.all(photos.map((bytes) => limit(() => call(bytes))));
    return (1000 * photos.length) / (performance.now() - begin);
  };
  for (let round = 0; round <= ROUNDS; round++) {
    const photos = Array.from({ length: 100 }, (_, n) => Buffer.concat([portrait, Buffer.from([round, n])]));
    const detection = await rateOf(photos, (Bytes) =>
      client.send(new DetectFacesCommand({ Image: { Bytes } })),
    );
    const indexing = await rateOf(photos, (Bytes) =>
      client.send(new IndexFacesCommand({ CollectionId: collection.collectionId, Image: { Bytes } })),
    );
    const users = Array.from({ length: 20 }, (_, user) => ({
      userId: `user-${round}-${user}`,
      images: photos.slice(5 * user, 5 * user + 5).map((photo) => fromBuffer(photo)),
    }));
    const report = await collection.enrollMany(users);
    if (report.associated !== photos.length) throw new Error(`${report.associated} photos were enrolled.`);
    // The first round loads the models.
    if (round === 0) continue;
    detected.push(detection);
    indexed.push(indexing);
    enrolled.push((1000 * photos.length) / report.milliseconds);
  }
  await client.close();
  const beside = (peer: string, rates: readonly number[]): Figure => ({
    name: `photos a second, local engine, beside ${peer}`,
    ours: median(enrolled),
    peer: median(rates),
    unit: '/s',
    ratio: median(enrolled.map((rate, round) => rate / rates[round]!)),
    target: { ratioAtLeast: 0.9 },
  });
  return [beside('DetectFaces', detected), beside('IndexFaces', indexed)];
}

/** One of the two faces of the last sample, 640 x 800 pixels. */
async function makePortrait(): Promise<Uint8Array> {
  const { two } = await makeTestPhotos();
  return sharp(two).extract({ left: 0, top: 0, width: 640, height: 800 }).jpeg().toBuffer();
}

const figures = [...(await atTheQuota()), ...(await memory()), ...(await withTheLocalEngine())];
console.log(`Where nothing else is said, the peer makes one call after the other.\n\n${toTable(figures)}`);
process.exitCode = figures.some((figure) => holds(figure) === false) ? 1 : 0;
