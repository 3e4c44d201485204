import { expect, it } from 'vitest';
import { fromBuffer } from '../../src/images/from-buffer.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { bytesImage, toServiceImage } from '../../src/images/service-image.js';
import { quarters, withOrientation } from './test-pictures.js';

const unread = (s3Object: ImageSource['s3Object']): ImageSource => ({
  name: 's3',
  read: () => Promise.reject(new Error('it was downloaded')),
  ...(s3Object && { s3Object }),
});

it('names what lies in S3, and does not download it', async () => {
  expect(await toServiceImage(unread({ bucket: 'photos', key: 'a/b.jpg' }))).toEqual({
    S3Object: { Bucket: 'photos', Name: 'a/b.jpg' },
  });
});

it('names the version too', async () => {
  expect(await toServiceImage(unread({ bucket: 'photos', key: 'a.jpg', version: 'v7' }))).toEqual({
    S3Object: { Bucket: 'photos', Name: 'a.jpg', Version: 'v7' },
  });
});

it('sends anything else along, as it is when it is ready', async () => {
  const bytes = await quarters();
  expect(await toServiceImage(fromBuffer(bytes))).toEqual(bytesImage(bytes));
});

it('makes ready what is not', async () => {
  const { Bytes } = await toServiceImage(fromBuffer(await withOrientation(await quarters(), 6)));
  expect(Buffer.from(Bytes!.subarray(0, 3)).toString('hex')).toBe('ffd8ff');
});
