import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const SERVER = `
  import S3rver from 's3rver';
  const directory = process.argv[1];
  const configureBuckets = [{ name: 'people', configs: [] }];
  const { port } = await new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets }).run();
  process.stdout.write(String(port));
`;

/** A real S3 server with the bucket `people`, in a process of its own: its tokens need a cipher that OpenSSL 3 hides. */
export async function startS3() {
  const directory = await mkdtemp(join(tmpdir(), 'rekollect-s3-'));
  const args = ['--openssl-legacy-provider', '--input-type=module', '-e', SERVER, directory];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(server.stdout, 'data');
  await writeFile(join(directory, 'config'), '[default]\nregion = us-east-1\n');
  const endpoint = `http://127.0.0.1:${port}`;
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    s3,
    /** What tells other processes where it is. */
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_CONFIG_FILE: join(directory, 'config'),
    },
    put: (key: string, body: Uint8Array | string) =>
      s3.send(new PutObjectCommand({ Bucket: 'people', Key: key, Body: body })),
    async stop() {
      s3.destroy();
      server.kill();
      await once(server, 'exit');
      await rm(directory, { recursive: true });
    },
  };
}
