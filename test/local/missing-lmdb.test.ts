import { execFile } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { aDirectory } from '../support/stores.js';

it('says which package to install when the database is missing, and makes nothing', async () => {
  // Away from the project's node_modules, where no package can be found.
  const elsewhere = await aDirectory();
  await cp('src', join(elsewhere, 'src'), { recursive: true });
  await writeFile(join(elsewhere, 'package.json'), '{ "type": "module" }');
  const script = join(elsewhere, 'script.mts');
  await writeFile(
    script,
    `import { openDiskStore } from './src/local/store/disk.ts';
     const { code, packageName, install } = await openDiskStore('faces').catch((error) => error);
     process.stdout.write(JSON.stringify({ code, packageName, install }));`,
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), script],
    { cwd: elsewhere },
  );
  expect(JSON.parse(stdout)).toEqual({
    code: 'MISSING_PACKAGE',
    packageName: 'lmdb',
    install: 'npm install lmdb',
  });
  expect(await readdir(elsewhere)).not.toContain('faces');
});
