import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DetectFacesCommand, type Image } from '@aws-sdk/client-rekognition';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalRekognitionOptions } from 'rekollect/local';
import S3rver from 's3rver';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegOfScans } from '../support/bombs.js';
import { anEngine, refusedWith } from '../support/declared-collection.js';

const MB = 1024 * 1024;
const bothOrNeither = refusedWith(
  'InvalidParameterException',
  'Requested image should either contain bytes or s3 object.',
);
const noImage = refusedWith('InvalidImageFormatException', 'Request has invalid image format');
const tooSmall = refusedWith('InvalidParameterException', 'Request has invalid parameters');
const tooLarge = refusedWith('ImageTooLargeException', 'Image size is too large.');

/** Sends an image to an engine that sees one face in `photo`. */
async function detecting(options?: LocalRekognitionOptions) {
  const { send, vision } = anEngine(options);
  const photo = await vision.photo([{}]);
  const detect = async (image: Image) =>
    (await send(new DetectFacesCommand({ Image: image }))).FaceDetails!.length;
  return { detect, photo };
}

describe('an image sent as bytes', () => {
  it('may be a PNG, a JPEG, or any view of their bytes', async () => {
    const { detect, photo } = await detecting();
    const around = Buffer.concat([Buffer.from('before'), photo, Buffer.from('after')]);
    expect(await detect({ Bytes: photo })).toBe(1);
    expect(await detect({ Bytes: await sharp(photo).jpeg({ quality: 95 }).toBuffer() })).toBe(1);
    expect(await detect({ Bytes: around.subarray(6, 6 + photo.length) })).toBe(1);
  });

  it('is refused in every other format', async () => {
    const { detect, photo } = await detecting();
    for (const format of ['webp', 'gif', 'tiff', 'avif'] as const)
      await expect(detect({ Bytes: await sharp(photo).toFormat(format).toBuffer() })).rejects.toEqual(
        noImage,
      );
  });

  it.each([
    ['one byte', Buffer.from([0xff])],
    ['noise', Buffer.alloc(5000, 'noise')],
    ['the beginning of a PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ['the beginning of a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0])],
    ['base64 given as text', '/9j/4AAQSkZJRgABAQ' as unknown as Uint8Array],
  ])('is refused when it is %s', async (_, Bytes) => {
    const { detect } = await detecting();
    await expect(detect({ Bytes })).rejects.toEqual(noImage);
  });

  it('is refused when it is cut short', async () => {
    const { detect, photo } = await detecting();
    await expect(detect({ Bytes: photo.subarray(0, photo.length - 200) })).rejects.toEqual(noImage);
  });

  it('is refused as too large when it is made to take long', async () => {
    const { detect } = await detecting();
    await expect(detect({ Bytes: jpegOfScans(200, 101) })).rejects.toEqual(tooLarge);
    await expect(detect({ Bytes: jpegOfScans(200, 100) })).resolves.toBe(0);
  });

  it('is refused under 80 pixels on either side', async () => {
    const { detect, photo } = await detecting();
    const size = async (width: number, height: number) => ({
      Bytes: await sharp(photo).resize(width, height, { fit: 'fill' }).png().toBuffer(),
    });
    await expect(detect(await size(79, 200))).rejects.toEqual(tooSmall);
    await expect(detect(await size(200, 79))).rejects.toEqual(tooSmall);
    await expect(detect(await size(80, 80))).resolves.toBe(1);
  });

  it('is refused when it is empty or above 5 MB, with the length and never the bytes', async () => {
    const { detect } = await detecting();
    await expect(detect({ Bytes: new Uint8Array() })).rejects.toEqual(
      refusedWith(
        'ValidationException',
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes' failed to " +
          'satisfy constraint: Member must have length greater than or equal to 1',
      ),
    );
    await expect(detect({ Bytes: new Uint8Array(5 * MB + 1) })).rejects.toEqual(
      refusedWith(
        'ValidationException',
        "Value 'java.nio.HeapByteBuffer[pos=0 lim=5242881 cap=5242881]' at 'image.bytes' failed to satisfy " +
          'constraint: Member must have length less than or equal to 5242880',
      ),
    );
  });

  it('is turned upright before boxes are measured', async () => {
    const { send, vision } = anEngine();
    const photo = await vision.photo([{ box: { left: 0.1, top: 0.2, width: 0.3, height: 0.4 } }]);
    const turned = await sharp(photo)
      .rotate(90)
      .jpeg({ quality: 95 })
      .withMetadata({ orientation: 8 })
      .toBuffer();
    const { FaceDetails } = await send(new DetectFacesCommand({ Image: { Bytes: turned } }));
    expect(FaceDetails![0]!.BoundingBox!.Left).toBeCloseTo(0.1, 2);
    expect(FaceDetails![0]!.BoundingBox!.Top).toBeCloseTo(0.2, 2);
  });

  it('comes with no S3 object, and one of the two must come', async () => {
    const { detect, photo } = await detecting();
    const S3Object = { Bucket: 'photos', Name: 'ada.png' };
    await expect(detect({})).rejects.toEqual(bothOrNeither);
    await expect(detect({ Bytes: photo, S3Object })).rejects.toEqual(bothOrNeither);
  });
});

describe('an image in S3', () => {
  let s3: S3Client;
  let server: S3rver;
  let directory: string;
  const put = (Key: string, Body: Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body }));

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rekollect-s3-'));
    const configureBuckets = [{ name: 'photos', configs: [] }];
    server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
    s3 = new S3Client({
      endpoint: `http://127.0.0.1:${(await server.run()).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  });

  afterAll(async () => {
    s3.destroy();
    await server.close();
    await rm(directory, { recursive: true });
  });

  it('is read with the client that was given', async () => {
    const { detect, photo } = await detecting({ s3 });
    await put('people/ada 1.png', photo);
    expect(await detect({ S3Object: { Bucket: 'photos', Name: 'people/ada 1.png' } })).toBe(1);
  });

  it('is refused when object or bucket do not exist', async () => {
    const { detect } = await detecting({ s3 });
    const message =
      'Unable to get object metadata from S3. Check object key, region and/or access permissions.';
    for (const S3Object of [
      { Bucket: 'photos', Name: 'nobody.png' },
      { Bucket: 'elsewhere', Name: 'ada.png' },
    ])
      await expect(detect({ S3Object })).rejects.toEqual(refusedWith('InvalidS3ObjectException', message));
  });

  it('is refused above 15 MB', async () => {
    const { detect, photo } = await detecting({ s3 });
    await put('huge.png', Buffer.concat([photo, Buffer.alloc(15 * MB)]));
    await expect(detect({ S3Object: { Bucket: 'photos', Name: 'huge.png' } })).rejects.toEqual(tooLarge);
  });

  it('may be larger than bytes that are sent', async () => {
    const { detect, photo } = await detecting({ s3 });
    await put('large.png', Buffer.concat([photo, Buffer.alloc(6 * MB)]));
    expect(await detect({ S3Object: { Bucket: 'photos', Name: 'large.png' } })).toBe(1);
  });

  it('is refused when it is no image', async () => {
    const { detect } = await detecting({ s3 });
    await put('notes.txt', Buffer.from('no image'));
    await expect(detect({ S3Object: { Bucket: 'photos', Name: 'notes.txt' } })).rejects.toEqual(noImage);
  });

  it('needs a bucket and a name', async () => {
    const { detect } = await detecting({ s3 });
    await expect(detect({ S3Object: { Bucket: 'photos' } })).rejects.toEqual(tooSmall);
    await expect(detect({ S3Object: { Bucket: 'no/slash', Name: 'a' } })).rejects.toEqual(
      refusedWith(
        'ValidationException',
        "Value 'no/slash' at 'image.s3Object.bucket' failed to satisfy constraint",
      ),
    );
  });

  it('can be read from somewhere else instead', async () => {
    const asked: object[] = [];
    const { detect, photo } = await detecting({
      readS3Object: async (object) => {
        asked.push(object);
        return photo;
      },
    });
    const S3Object = { Bucket: 'any', Name: 'ada.png', Version: '3' };
    expect(await detect({ S3Object })).toBe(1);
    expect(asked).toEqual([S3Object]);
  });

  it('is refused above 15 MB wherever it comes from', async () => {
    const { detect } = await detecting({ readS3Object: async () => new Uint8Array(15 * MB + 1) });
    await expect(detect({ S3Object: { Bucket: 'any', Name: 'huge.png' } })).rejects.toEqual(tooLarge);
  });

  it('waits unread behind eight others, as a few bytes can ask for 15 MB', async () => {
    let [reading, most] = [0, 0];
    const { detect, photo } = await detecting({
      readS3Object: async () => {
        most = Math.max(most, ++reading);
        await new Promise((resolve) => setImmediate(resolve));
        reading--;
        return photo;
      },
    });
    const S3Object = { Bucket: 'any', Name: 'ada.png' };
    const found = await Promise.all(Array.from({ length: 50 }, () => detect({ S3Object })));
    expect(found).toEqual(found.map(() => 1));
    expect(most).toBe(8);
  });

  it("lets S3's own failures through", async () => {
    const failure = new Error('connect ECONNREFUSED');
    const { detect } = await detecting({ s3: { send: () => Promise.reject(failure) } });
    await expect(detect({ S3Object: { Bucket: 'photos', Name: 'ada.png' } })).rejects.toBe(failure);
  });
});
