import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { fromS3 } from 'rekollect';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadFromS3 } from '../../src/images/s3-download.js';
import { readFromS3 } from '../../src/local/photos/s3-object.js';
import { refusedWith } from '../support/declared-collection.js';

const MB = 1024 * 1024;
const object = { bucket: 'photos', key: 'ada.jpg' };

/** What S3 answers next, and how it went with the last answer. */
let answer: (response: ServerResponse) => void;
let response: ServerResponse;
let sent = 0;
const server = createServer((_, given) => {
  response = given;
  answer(response);
});
let s3: S3Client;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
  });
});

afterAll(() => {
  s3.destroy();
  server.closeAllConnections();
  server.close();
});

/** Bytes without end, whose number nobody says beforehand. */
const endless = (given: ServerResponse) => {
  sent = 0;
  const piece = Buffer.alloc(256 * 1024);
  const source = new Readable({
    read() {
      sent += piece.length;
      this.push(piece);
    },
  });
  given.on('close', () => source.destroy());
  source.pipe(given);
};

/** A head, one byte, and no more. */
const silent = (given: ServerResponse) => void given.writeHead(200).write('x');

/** A byte now and then, which is not silence. */
const trickling = (given: ServerResponse) => {
  const timer = setInterval(() => given.write('x'), 5);
  given.on('close', () => clearInterval(timer));
};

/** Until the connection of the last answer was let go of. */
const closed = async () => {
  if (!response.closed) await once(response, 'close');
};

describe('a download from S3', () => {
  it('stops at the limit though nobody said how long it is, and lets go of the connection', async () => {
    answer = endless;
    await expect(readFromS3(async () => s3)({ Bucket: 'photos', Name: 'ada.jpg' })).rejects.toEqual(
      refusedWith('ImageTooLargeException'),
    );
    await closed();
    expect(sent).toBeLessThan(40 * MB);
  });

  it('does not begin when it says that it is too long', async () => {
    answer = (given) => void given.writeHead(200, { 'Content-Length': 3 * 1024 * MB }).write('x');
    await expect(fromS3(object, { client: s3 }).read()).rejects.toMatchObject({
      problem: 'TOO_MANY_BYTES',
      message: expect.stringMatching(/^s3:\/\/photos\/ada\.jpg: it has 3221225472 bytes/),
    });
    await closed();
  });

  it.each([
    ['goes silent', silent],
    ['brings a byte now and then', trickling],
    ['never begins', () => {}],
  ])('is given up when it %s', async (_, behaviour) => {
    answer = behaviour;
    const pace = { bytes: 1000, milliseconds: 100 };
    await expect(downloadFromS3(object, { client: s3, pace })).rejects.toMatchObject({
      code: 'UNREADABLE_IMAGE',
      problem: 'TOO_SLOW',
    });
    await closed();
  });

  it('may take longer than that as long as it comes along', async () => {
    answer = (given) => {
      let left = 12;
      const timer = setInterval(() => {
        given.write(Buffer.alloc(1000));
        if (--left > 0) return;
        clearInterval(timer);
        given.end();
      }, 100);
    };
    const pace = { bytes: 100, milliseconds: 600 };
    expect(await downloadFromS3(object, { client: s3, pace })).toHaveLength(12_000);
  });

  it('rejects with the reason of the signal in the middle of it', async () => {
    const giveUp = new AbortController();
    const reason = new Error('too late');
    answer = (given) => {
      silent(given);
      setImmediate(() => giveUp.abort(reason));
    };
    await expect(downloadFromS3(object, { client: s3, signal: giveUp.signal })).rejects.toBe(reason);
  });

  it('is to the local engine an object that cannot be read, when it goes silent', async () => {
    const pace = { bytes: 1000, milliseconds: 100 };
    answer = silent;
    const slow = await downloadFromS3(object, { client: s3, pace }).catch((error) => error);
    const engine = readFromS3(async () => ({ send: () => Promise.reject(slow) }));
    await expect(engine({ Bucket: 'photos', Name: 'ada.jpg' })).rejects.toEqual(
      refusedWith('InvalidS3ObjectException'),
    );
  });
});
