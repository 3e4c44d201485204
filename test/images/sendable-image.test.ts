import { expect, it } from 'vitest';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { fromS3 } from '../../src/images/from-s3.js';
import { toSendableImage } from '../../src/images/prepare.js';
import { quarters, withOrientation } from './test-pictures.js';

it('names what lies in S3, and does not download it', async () => {
  const s3Object = { bucket: 'photos', key: 'a/b.jpg', version: 'v7' };
  const client = { send: () => Promise.reject(new Error('it was downloaded')) };
  expect(await toSendableImage(fromS3(s3Object, { client }))).toEqual({ s3Object });
});

it('sends anything else along, as it is when it is ready', async () => {
  const bytes = await quarters();
  expect(await toSendableImage(fromBuffer(bytes))).toEqual({ bytes });
});

it('makes ready what is not', async () => {
  const image = await toSendableImage(fromBuffer(await withOrientation(await quarters(), 6)));
  if (!('bytes' in image)) throw new Error('Nothing is to be sent.');
  expect(Buffer.from(image.bytes.subarray(0, 3)).toString('hex')).toBe('ffd8ff');
});
