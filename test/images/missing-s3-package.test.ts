import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

let elsewhere: string;

// Away from the project's node_modules, where no package can be found.
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'rekollect-alone-'));
  await cp('src', join(elsewhere, 'src'), { recursive: true });
  await writeFile(join(elsewhere, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rm(elsewhere, { recursive: true }));

it('says which package to install when the S3 client is missing', async () => {
  const script = join(elsewhere, 'script.mts');
  await writeFile(
    script,
    `import { fromS3 } from './src/images/from-s3.ts';
     const { code, packageName, install } = await fromS3({ bucket: 'photos', key: 'a.jpg' }).read().catch((error) => error);
     process.stdout.write(JSON.stringify({ code, packageName, install }));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    import.meta.resolve('tsx'),
    script,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    code: 'MISSING_PACKAGE',
    packageName: '@aws-sdk/client-s3',
    install: 'npm install @aws-sdk/client-s3',
  });
});
