import { setTimeout as wait } from 'node:timers/promises';
import { type CommandClient, FaceCollection, fromBuffer } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import sharp from 'sharp';
import type { Figure } from '../figures.js';
import { medianOf, sideBySide, speedup } from './side-by-side.js';
import type { TestPhotos } from './test-photos.js';

const FACES = 20;
const COLUMNS = 5;
const PORTRAIT = 320;

/** A photo with 20 faces: searched in one pass and by crops, and by a service that takes 100 ms for each call. */
export async function measureSearches(photos: TestPhotos): Promise<Figure[]> {
  const photo = fromBuffer(await groupOf(photos));
  const client = new LocalRekognition({ workers: 2 });
  const onePass = new FaceCollection('people', { client });
  const byCrops = new FaceCollection('people', {
    client: { send: client.send.bind(client) as CommandClient['send'] },
  });
  await onePass.create();
  await onePass.indexFaces(photo);
  const { faces } = await onePass.searchPhoto(photo, { by: 'faces' });
  if (faces.length !== FACES) throw new Error(`${faces.length} of ${FACES} faces were found.`);
  const rounds = await sideBySide(3, {
    onePass: () => onePass.searchPhoto(photo),
    byCrops: () => byCrops.searchPhoto(photo),
  });
  await client.close();

  const service = aService(100);
  const begin = performance.now();
  await new FaceCollection('people', { client: service }).searchPhoto(photo, { concurrency: 10 });
  const ideal = 100 * (1 + Math.ceil((FACES - 1) / 10));
  return [
    {
      name: `a search of ${FACES} faces in one pass, the peer by crops`,
      ours: medianOf(rounds, 'onePass'),
      peer: medianOf(rounds, 'byCrops'),
      unit: 'ms',
      ratio: speedup(rounds, 'onePass', 'byCrops'),
      target: { ratioAtLeast: 6 },
    },
    { name: 'calls of a service for them', ours: service.calls, unit: 'calls', target: { atMost: FACES } },
    {
      name: 'ten at a time, over the ideal rounds',
      ours: (performance.now() - begin) / ideal,
      unit: 'x',
      target: { atMost: 1.15 },
    },
  ];
}

/** Portraits of the people of the first sample photos, side by side. */
async function groupOf({ samples }: TestPhotos): Promise<Buffer> {
  const client = new LocalRekognition({ workers: 2 });
  const any = new FaceCollection('any', { client });
  const portraits: Buffer[] = [];
  for (const sample of samples) {
    const { width = 0, height = 0 } = await sharp(sample).metadata();
    for (const { boundingBox } of await any.detectFaces(fromBuffer(sample))) {
      const side = Math.min(Math.round(2 * boundingBox.height * height), height);
      const middle = (boundingBox.left + boundingBox.width / 2) * width;
      const left = Math.round(Math.min(Math.max(middle - side / 2, 0), width - side));
      const top = Math.round(Math.min(Math.max(boundingBox.top * height - side / 4, 0), height - side));
      const crop = sharp(sample).extract({ left, top, width: side, height: side });
      portraits.push(await crop.resize(PORTRAIT, PORTRAIT).toBuffer());
    }
  }
  await client.close();
  const tiles = portraits.slice(0, FACES).map((input, n) => ({
    input,
    left: (n % COLUMNS) * PORTRAIT,
    top: Math.floor(n / COLUMNS) * PORTRAIT,
  }));
  const size = { width: COLUMNS * PORTRAIT, height: (FACES / COLUMNS) * PORTRAIT };
  return sharp({ create: { ...size, channels: 3, background: 'black' } })
    .composite(tiles)
    .jpeg()
    .toBuffer();
}

/** A service that sees 20 faces in the photo, the face in the middle of every crop, and nobody whom it is like. */
function aService(milliseconds: number): CommandClient & { calls: number } {
  const boxOf = (n: number) => ({
    Left: (n % COLUMNS) / COLUMNS + 0.05,
    Top: Math.floor(n / COLUMNS) / 4 + 0.05,
    Width: 0.1,
    Height: 0.15,
  });
  const outline = (BoundingBox: object) => ({ BoundingBox, Confidence: 99 });
  return {
    calls: 0,
    async send() {
      this.calls += 1;
      const isFirst = this.calls === 1;
      await wait(milliseconds);
      if (!isFirst) {
        const middle = { Left: 0.25, Top: 0.25, Width: 0.5, Height: 0.5 };
        return { SearchedFace: { FaceDetail: outline(middle) }, UserMatches: [] };
      }
      const others = Array.from({ length: FACES - 1 }, (_, n) => ({
        FaceDetails: outline(boxOf(n + 1)),
        Reasons: ['FACE_NOT_LARGEST'],
      }));
      return { SearchedFace: { FaceDetail: outline(boxOf(0)) }, UserMatches: [], UnsearchedFaces: others };
    },
  };
}
