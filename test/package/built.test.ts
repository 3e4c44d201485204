import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePath } from '../support/sample-photos.js';

const run = promisify(execFile);
const NEEDED = ['@aws-sdk/client-rekognition', 'p-limit', 'sharp'];
const LOCAL = ['@vladmandic/face-api', 'onnxruntime-node'];
/** What of the package is not built. */
const DATA = ['src/fonts', 'src/local/vision/weights', 'package.json'];

/** A folder as a user's: the built package, and the packages that they installed. */
let home: string;

async function install(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(home, name);
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'rekollect'), { recursive: true });
  for (const part of ['dist', ...DATA]) {
    await cp(join(home, 'built', part), join(modules, 'rekollect', part), { recursive: true });
  }
  for (const dependency of packages) {
    await mkdir(dirname(join(modules, dependency)), { recursive: true });
    await symlink(resolve('node_modules', dependency), join(modules, dependency), 'junction');
  }
  return folder;
}

async function evaluate(folder: string, extension: 'mjs' | 'cjs', script: string): Promise<unknown> {
  const file = join(folder, `script.${extension}`);
  await writeFile(file, script);
  const { stdout, stderr } = await run(process.execPath, ['--no-deprecation', file], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rekollect-'));
  const built = join(home, 'built');
  await run(resolve('node_modules/.bin/tsup'), ['--no-dts', '--silent', '--out-dir', join(built, 'dist')]);
  for (const part of DATA) await cp(part, join(built, part), { recursive: true });
}, 120_000);

afterAll(() => rm(home, { recursive: true, force: true }));

const whoIsThere = `
  const client = new LocalRekognition();
  const team = new FaceCollection('team', { client });
  const photo = fromFile(${JSON.stringify(samplePath(1))});
  await team.create();
  const found = await team.searchPhoto(photo);
  const picture = await annotate(photo, found);
  // Not closed: a process that forgets it exits all the same.
  const broken = await team.detectFaces(fromBuffer(Buffer.from('x'))).catch((error) => error);
  console.log(JSON.stringify({
    faces: found.faces.length,
    jpeg: picture[0] === 0xff && picture[1] === 0xd8,
    oneErrorClass: broken instanceof UnreadableImageError,
  }));`;
const names = 'annotate, FaceCollection, fromBuffer, fromFile, UnreadableImageError';

describe('the built package', () => {
  it.each([
    [
      'ESM',
      'mjs',
      `import { ${names} } from 'rekollect'; import { LocalRekognition } from 'rekollect/local';${whoIsThere}`,
    ],
    [
      'CJS',
      'cjs',
      `const { ${names} } = require('rekollect'); const { LocalRekognition } = require('rekollect/local');
      (async () => {${whoIsThere}})();`,
    ],
  ] as const)('finds faces and draws on them from %s', async (_, extension, script) => {
    const folder = await install(`local-${extension}`, [...NEEDED, ...LOCAL]);
    expect(await evaluate(folder, extension, script)).toEqual({ faces: 3, jpeg: true, oneErrorClass: true });
  });

  it('finds faces with the WebAssembly runtime where the native one is not installed', async () => {
    const folder = await install('wasm', [...NEEDED, '@vladmandic/face-api', 'onnxruntime-web']);
    const script = `import { ${names} } from 'rekollect'; import { LocalRekognition } from 'rekollect/local';`;
    expect(await evaluate(folder, 'mjs', script + whoIsThere)).toEqual({
      faces: 3,
      jpeg: true,
      oneErrorClass: true,
    });
  });

  it('needs none of the optional packages for AWS, and names the one that is missing otherwise', async () => {
    const folder = await install('aws', NEEDED);
    const script = `
      import { FaceCollection, fromFile, fromS3 } from 'rekollect';
      import { LocalRekognition } from 'rekollect/local';
      const aws = { send: async () => ({ FaceDetails: [{ Confidence: 99 }] }) };
      const photo = fromFile(${JSON.stringify(samplePath(1))});
      const told = (error) => [error.code, error.packageName, error.message];
      const faces = await new FaceCollection('team', { client: aws }).detectFaces(photo);
      const local = await new FaceCollection('team', { client: new LocalRekognition() }).detectFaces(photo).catch(told);
      const s3 = await fromS3({ bucket: 'party', key: '1.jpg' }).read().catch(told);
      console.log(JSON.stringify({ faces: faces.length, local, s3 }));`;
    expect(await evaluate(folder, 'mjs', script)).toEqual({
      faces: 1,
      local: [
        'MISSING_PACKAGE',
        'onnxruntime-node',
        expect.stringMatching(
          /onnxruntime-node or onnxruntime-web, and neither is .* Run: npm install onnxruntime-node /,
        ),
      ],
      s3: [
        'MISSING_PACKAGE',
        '@aws-sdk/client-s3',
        expect.stringMatching(/Run: npm install @aws-sdk\/client-s3$/),
      ],
    });
  });

  it.each([
    ['ESM', 'mjs', "import { annotate, fromFile } from 'rekollect';"],
    ['CJS', 'cjs', "const { annotate, fromFile } = require('rekollect');"],
  ] as const)(
    'decodes in a process of its own, and names the package for HEIC, from %s',
    async (_, extension, importing) => {
      const folder = await install(`images-${extension}`, NEEDED);
      const avif = join(folder, 'photo.avif');
      await sharp(samplePath(1)).resize(100).avif({ effort: 0 }).toFile(avif);
      const script = `${importing}
      const read = (path) => annotate(fromFile(path), []).then(() => 'read', (error) => error.message);
      Promise.all([${JSON.stringify(avif)}, ${JSON.stringify(resolve('test/images/quarters.heic'))}].map(read))
        .then((all) => console.log(JSON.stringify(all)));`;
      expect(await evaluate(folder, extension, script)).toEqual([
        'read',
        expect.stringMatching(/HEIC images need the package heic-decode.*Run: npm install heic-decode\./),
      ]);
    },
  );

  it('reads photos for code that is no file', async () => {
    const folder = await install('no-file', [...NEEDED, ...LOCAL]);
    const script = `
      import { readFile } from 'node:fs/promises';
      import { FaceModels } from 'rekollect/local';
      const photo = await readFile(${JSON.stringify(samplePath(1))});
      console.log((await new FaceModels().analyze(photo, { attributes: false })).length);`;
    const options = ['--no-deprecation', '--input-type=module', '--eval', script];
    const { stdout } = await run(process.execPath, options, { cwd: folder });
    expect(stdout.trim()).toBe('3');
  });

  it.each([
    ['ESM', 'mjs', "import { serve } from 'rekollect/server';"],
    ['CJS', 'cjs', "const { serve } = require('rekollect/server');"],
  ] as const)('serves from %s', async (_, extension, importing) => {
    const folder = await install(`server-${extension}`, NEEDED);
    const script = `${importing}
      serve({ port: 0 }).then(async (server) => {
        const headers = {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': 'RekognitionService.ListCollections',
        };
        const response = await fetch(server.url, { method: 'POST', headers, body: '{}' });
        console.log(JSON.stringify((await response.json()).CollectionIds));
        await server.close();
      });`;
    expect(await evaluate(folder, extension, script)).toEqual([]);
  });

  it.each([
    [
      'ESM',
      'mjs',
      "import { declaredFaces } from 'rekollect/testing'; import { LocalRekognition } from 'rekollect/local'; import { FaceCollection, fromBuffer } from 'rekollect';",
    ],
    [
      'CJS',
      'cjs',
      "const { declaredFaces } = require('rekollect/testing'); const { LocalRekognition } = require('rekollect/local'); const { FaceCollection, fromBuffer } = require('rekollect');",
    ],
  ] as const)('tests code without any model from %s', async (_, extension, importing) => {
    const folder = await install(`testing-${extension}`, NEEDED);
    const script = `${importing}
      const vision = declaredFaces();
      vision.photo([{ person: 'ada' }, { person: 'grace' }]).then(async (photo) => {
        const team = new FaceCollection('team', { client: new LocalRekognition({ vision }) });
        console.log(JSON.stringify((await team.detectFaces(fromBuffer(photo))).length));
      });`;
    expect(await evaluate(folder, extension, script)).toBe(2);
  });

  it('has a command, which names the package that it misses', async () => {
    const folder = await install('command', NEEDED);
    const command = join(folder, 'node_modules', 'rekollect', 'dist', 'cli.js');
    const { stdout } = await run(process.execPath, [command, '--version']);
    expect(stdout.trim()).toBe(JSON.parse(await readFile('package.json', 'utf8')).version);
    const missing = await run(process.execPath, [command, 'serve', '--port', '0']).catch((error) => error);
    expect(missing).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'rekollect: The server needs the package onnxruntime-node or onnxruntime-web, and neither is installed. ' +
        'Run: npm install onnxruntime-node\n',
    });
  });

  it('serves without @vladmandic/human, unless it is told to use it', async () => {
    const folder = await install('without-human', [...NEEDED, ...LOCAL]);
    const command = join(folder, 'node_modules', 'rekollect', 'dist', 'cli.js');
    const serving = spawn(process.execPath, [command, 'serve', '--port', '0']);
    const [greeting] = await once(serving.stdout, 'data');
    serving.kill('SIGKILL');
    expect(String(greeting)).toMatch(/^Rekollect answers at /);
    const told = await run(process.execPath, [command, 'serve', '--port', '0', '--human']).catch(
      (error) => error,
    );
    expect(told).toMatchObject({
      code: 1,
      stderr:
        'rekollect: The server needs the package @vladmandic/human, which is not installed. ' +
        'Run: npm install @vladmandic/human\n',
    });
  });
});
