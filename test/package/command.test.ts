import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateCollectionCommand,
  DetectFacesCommand,
  ListCollectionsCommand,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { COMMAND, rekollect } from '../support/built-command.js';
import { samplePath } from '../support/sample-photos.js';
import { credentials, postHead, talk } from '../support/served.js';

/** Starts a server on a free port, and waits for the line that it prints then. */
async function started(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}, command = COMMAND) {
  const run = rekollect(['serve', '--port', '0', ...args], env, command);
  const line = await new Promise<string>((resolve, reject) => {
    run.child.stdout.on('data', () => run.stdout.includes('\n') && resolve(run.stdout.split('\n')[0]!));
    run.ended.then(() => reject(new Error(run.stderr)));
  });
  const [, url = ''] = /AWS_ENDPOINT_URL_REKOGNITION=(\S+)$/.exec(line) ?? [];
  const client = new RekognitionClient({ endpoint: url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const detect = async (Bucket: string, Name: string) =>
    client
      .send(new DetectFacesCommand({ Image: { S3Object: { Bucket, Name } } }))
      .catch((error) => error.name);
  return Object.assign(run, { line, url, client, detect });
}

describe('rekollect', () => {
  it('says what it can do, and which version it is', async () => {
    for (const args of [[], ['--help'], ['serve', '--help'], ['backup', '--help']]) {
      const run = rekollect(args);
      expect(await run.ended).toBe(0);
      expect(run.stdout).toMatch(/^Usage: rekollect .*\nExamples:\n {2}rekollect /s);
    }
    const run = rekollect(['--version']);
    expect(await run.ended).toBe(0);
    expect(run.stdout).toBe(`${JSON.parse(await readFile('package.json', 'utf8')).version}\n`);
  });

  it('opens a page on the collections of a directory', async () => {
    const kept = await mkdtemp(join(tmpdir(), 'rekollect-'));
    onTestFinished(() => rm(kept, { recursive: true, force: true }));
    const run = rekollect(['ui', '--port', '0', '--local', join(kept, 'faces'), '--json']);
    await vi.waitUntil(() => run.stdout.includes('\n'), { timeout: 60_000 });
    const { pageUrl, checksSignatures } = JSON.parse(run.stdout);
    expect([new URL(pageUrl).hash, checksSignatures]).toEqual([
      expect.stringMatching(/^#token=[\w-]{32}$/),
      false,
    ]);
    expect(await (await fetch(pageUrl)).text()).toContain('<title>Rekollect</title>');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it.each([
    [['dance'], 'rekollect: There is no command dance. Run rekollect --help.\n'],
    [
      ['backup', '--directory', '.faces'],
      "rekollect: Missing required argument 'path'. Run rekollect backup --help.\n",
    ],
    [['serve', '--nope'], "rekollect: Unknown option '--nope'. Run rekollect serve --help.\n"],
    [
      ['serve', '--host', '0.0.0.0'],
      'rekollect: --host must be a loopback address unless credentials are given, not "0.0.0.0".\n',
    ],
    [
      ['serve', '--bucket', 'photos=./nowhere'],
      'rekollect: --bucket photos must be a folder that exists, not "./nowhere".\n',
    ],
    [
      ['serve', '--host', '203.0.113.1', '--access-key-id', 'a', '--secret-access-key', 'b'],
      /^rekollect: --host is no address of this machine: .*\n$/,
    ],
  ])('refuses %j in one line', async (args, message) => {
    const run = rekollect(args);
    expect(await run.ended).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(typeof message === 'string' ? exactly(message) : message);
  });
});

describe('rekollect serve', () => {
  let folder: string;
  let s3: S3rver;
  let s3Url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rekollect-cli-'));
    await writeFile(join(folder, 'notes.txt'), 'no image');
    const configureBuckets = [{ name: 'photos', configs: [] }];
    const directory = join(folder, 's3');
    s3 = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
    s3Url = `http://127.0.0.1:${(await s3.run()).port}`;
    const client = new S3Client({
      endpoint: s3Url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
      forcePathStyle: true,
    });
    await client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'notes.txt', Body: 'no image' }));
    client.destroy();
  });

  afterAll(async () => {
    await s3.close();
    await rm(folder, { recursive: true });
  });

  it('finds faces, logs its calls, and ends at SIGTERM', async () => {
    const run = await started();
    expect(run.line).toMatch(
      /^Rekollect answers at http:\/\/127\.0\.0\.1:\d+ and takes any signature, as no credentials were given\. /,
    );
    const Image = { Bytes: await readFile(samplePath(1)) };
    expect((await run.client.send(new DetectFacesCommand({ Image }))).FaceDetails).toHaveLength(3);

    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    const [, call, ...more] = run.stdout.trimEnd().split('\n');
    expect(JSON.parse(call!)).toMatchObject({ operation: 'DetectFaces', status: 200, outcome: 'ok' });
    expect(more).toEqual([]);
    expect(run.stderr).toBe('');
  });

  it('does without @vladmandic/human with --no-human', async () => {
    const run = await started(['--no-human', '--workers', '1', '--quiet']);
    const Image = { Bytes: await readFile(samplePath(1)) };
    const detect = new DetectFacesCommand({ Image, Attributes: ['ALL'] });
    const { FaceDetails } = await run.client.send(detect);
    expect(FaceDetails).toHaveLength(3);
    for (const face of FaceDetails!) {
      expect(face.Gender).toBeDefined();
      expect(face.EyesOpen).toBeUndefined();
    }
  });

  it('wants the signatures of the credentials in its environment, on every address that it greets with', async () => {
    const run = await started(['--quiet', '--host', '0.0.0.0'], {
      REKOLLECT_ACCESS_KEY_ID: credentials.accessKeyId,
      REKOLLECT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    expect(run.line).toMatch(
      /^Rekollect answers at http:\/\/127\.0\.0\.1:\d+(, http:\/\/[\d.]+:\d+)*\. Point /,
    );
    expect((await run.client.send(new ListCollectionsCommand({}))).CollectionIds).toEqual([]);
    const unsigned = await fetch(run.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': 'RekognitionService.ListCollections',
      },
      body: '{}',
    });
    expect(unsigned.status).toBe(400);

    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    expect(run.stdout).toBe(`${run.line}\n`);
  });

  it('reads images from folders that stand for buckets, and from S3 as the environment says', async () => {
    const run = await started(['--bucket', `holiday=${folder}`], {
      AWS_ENDPOINT_URL_S3: s3Url,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'eu-west-1',
    });
    // What was read is no image; what was not there could not be read.
    expect(await run.detect('holiday', 'notes.txt')).toBe('InvalidImageFormatException');
    expect(await run.detect('holiday', '../notes.txt')).toBe('InvalidS3ObjectException');
    expect(await run.detect('photos', 'notes.txt')).toBe('InvalidImageFormatException');
    expect(await run.detect('photos', 'nobody.txt')).toBe('InvalidS3ObjectException');
    expect(await run.detect('elsewhere', 'notes.txt')).toBe('InvalidS3ObjectException');
  });

  it('keeps collections in a directory, which is its own as long as it runs', async () => {
    const kept = ['--directory', join(folder, 'kept')];
    const first = await started(kept);
    await first.client.send(new CreateCollectionCommand({ CollectionId: 'team' }));

    const other = rekollect(['serve', '--port', '0', ...kept]);
    expect(await other.ended).toBe(1);
    expect(other.stderr).toMatch(/^rekollect: \S+kept is in use by process \d+\. .*\n$/);

    const backup = rekollect(['backup', ...kept, join(folder, 'copy')]);
    expect(await backup.ended).toBe(0);
    expect(backup.stdout + backup.stderr).toBe('');

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    for (const directory of ['kept', 'copy']) {
      const again = await started(['--directory', join(folder, directory)]);
      expect((await again.client.send(new ListCollectionsCommand({}))).CollectionIds).toEqual(['team']);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'ends at the SIGTERM of npx, which does not pass it on',
    async () => {
      const shell = ['sh', '-c', `"$0" "$@"; exit`, ...COMMAND];
      const run = await started([], { npm_command: 'exec' }, shell);
      run.child.kill('SIGTERM');
      // The pipes close when the last process that holds them is gone.
      await run.ended;
      await expect(fetch(run.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    },
  );

  it('says when its port is taken', async () => {
    const { url } = await started();
    const run = rekollect(['serve', '--port', new URL(url).port]);
    expect(await run.ended).toBe(2);
    expect(run.stderr).toBe(
      'rekollect: The port is in use. Choose another with --port, or 0 for any that is free.\n',
    );
  });

  it('ends though its connections have sent half a request', async () => {
    const run = await started();
    const half = `${postHead('Content-Length: 100')}{`;
    for (const text of ['', 'POST / HTT', half]) {
      const socket = connect(Number(new URL(run.url).port), '127.0.0.1', () => socket.write(text));
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'ready');
    }
    expect((await fetch(`${run.url}/health`)).status).toBe(200);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('ends at once at a second signal', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const run = await started([], {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_REGION: 'eu-west-1',
    });
    const inFlight = run.detect('photos', 'endless.jpg');
    const [socket] = (await once(silent, 'connection')) as [Socket];
    onTestFinished(() => void socket.destroy());

    run.child.kill('SIGTERM');
    const isListening = () => fetch(`${run.url}/health`).catch(() => undefined);
    await vi.waitUntil(async () => !(await isListening()));
    expect(run.child.exitCode).toBeNull();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(128 + 15);
    expect(await inFlight).toMatch(/ECONNRESET|TimeoutError|Error/);
  });

  it('goes on when nobody reads its log any more', async () => {
    const run = await started();
    run.child.stdout.destroy();
    for (let i = 0; i < 3; i++) await run.client.send(new ListCollectionsCommand({}));
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('answers to the names of --allow-host', async () => {
    const run = await started(['--allow-host', 'faces.test']);
    const statusFor = (host: string) =>
      talk(run.url, `${postHead('Content-Length: 2', 'Connection: close').replace('localhost', host)}{}`);
    expect(await statusFor('faces.test')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await statusFor('evil.test')).toMatch(/^HTTP\/1\.1 403 /);
  });
});

const exactly = (message: string) => new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
