import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pack } from '../../tools/pack.js';
import { samplePath } from '../support/sample-photos.js';
import {
  evaluate,
  IMPORTING,
  Installed,
  LOCAL,
  NEEDED,
  REQUIRING,
  run,
  SAY_WHO_IS_THERE,
  THREE_FACES,
} from './installed.js';

const installed = await Installed.packed();

describe('the built package', () => {
  it('finds faces with the WebAssembly runtime where the native one is not installed', async () => {
    const folder = await installed.folder('wasm', [...NEEDED, '@vladmandic/face-api', 'onnxruntime-web']);
    expect(await evaluate(folder, 'mjs', IMPORTING + SAY_WHO_IS_THERE)).toEqual(THREE_FACES);
  });

  it('says to take the WebAssembly runtime where the native one is installed and cannot be loaded', async () => {
    const folder = await installed.folder('no-build', [...NEEDED, '@vladmandic/face-api']);
    const runtime = join(folder, 'node_modules', 'onnxruntime-node');
    await mkdir(runtime);
    await writeFile(join(runtime, 'package.json'), '{ "main": "index.js" }');
    await writeFile(join(runtime, 'index.js'), "require('./bin/another-platform.node');");
    const script = `${IMPORTING}
      new FaceCollection('team', { client: new LocalRekognition() }).detectFaces(fromFile(${JSON.stringify(samplePath(1))}))
        .catch(({ code, packageName, install }) => console.log(JSON.stringify({ code, packageName, install })));`;
    expect(await evaluate(folder, 'mjs', script)).toEqual({
      code: 'MISSING_PACKAGE',
      packageName: 'onnxruntime-web',
      install: 'npm install onnxruntime-web',
    });
  });

  it('works with the oldest SDK that is allowed', async () => {
    const floor = ['@aws-sdk/client-rekognition', 'aws-sdk-floor'] as const;
    const folder = await installed.folder('floor', [floor, 'sharp', ...LOCAL]);
    const script = `${IMPORTING}
      import { RekognitionClient } from '@aws-sdk/client-rekognition';
      const server = await serve({ client: new LocalRekognition(), port: 0 });
      const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
      const client = new RekognitionClient({ endpoint: server.url, region: 'eu-central-1', credentials });
      const team = new FaceCollection('team', { client });
      await team.create();
      const photo = fromFile(${JSON.stringify(samplePath(1))});
      const { associated } = await team.enrollUser('ada', [photo], { severalFaces: 'largest' });
      const { faces } = await team.searchPhoto(photo);
      const refused = await team.associate('grace', [associated[0].faceId]).catch(({ name }) => name);
      await server.close();
      console.log(JSON.stringify({ associated: associated.length, found: faces.map(({ status }) => status), refused }));`;
    expect(await evaluate(folder, 'mjs', script)).toEqual({
      associated: 1,
      found: expect.arrayContaining(['matched', 'unmatched']),
      refused: 'ResourceNotFoundException',
    });
  });

  it('needs none of the optional packages for AWS, and names those that are missing otherwise', async () => {
    const folder = await installed.folder('aws', NEEDED);
    const script = `
      import { FaceCollection, fromFile, fromS3 } from 'rekollect';
      import { LocalRekognition } from 'rekollect/local';
      const aws = { send: async () => ({ FaceDetails: [{ Confidence: 99 }] }) };
      const photo = fromFile(${JSON.stringify(samplePath(1))});
      const codeOf = (error) => [error.code, error.packageName, error.message];
      const faces = await new FaceCollection('team', { client: aws }).detectFaces(photo);
      const client = new LocalRekognition({ human: true });
      const local = await new FaceCollection('team', { client }).detectFaces(photo).catch(codeOf);
      const s3 = await fromS3({ bucket: 'party', key: '1.jpg' }).read().catch(codeOf);
      console.log(JSON.stringify({ faces: faces.length, local, s3 }));`;
    expect(await evaluate(folder, 'mjs', script)).toEqual({
      faces: 1,
      local: [
        'MISSING_PACKAGE',
        'onnxruntime-node',
        expect.stringMatching(
          /onnxruntime-node or onnxruntime-web, and neither is .* Run: npm install onnxruntime-node @vladmandic\/face-api @vladmandic\/human --ignore-scripts$/,
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
      const folder = await installed.folder(`images-${extension}`, NEEDED);
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

  it('loads what decodes images when there is one, and not before', async () => {
    const folder = await installed.folder('no-images', NEEDED);
    const script = `
      const { FaceCollection, fromFile } = require('rekollect');
      const isLoaded = () => Object.keys(require.cache).some((file) => file.includes('sharp'));
      const loaded = [isLoaded()];
      const client = { send: async () => ({ FaceDetails: [] }) };
      new FaceCollection('team', { client }).detectFaces(fromFile(${JSON.stringify(samplePath(1))}))
        .then(() => console.log(JSON.stringify([...loaded, isLoaded()])));`;
    expect(await evaluate(folder, 'cjs', script)).toEqual([false, true]);
  });

  it('says so where what decodes images is missing, or is not for this platform, and takes no photo for damaged', async () => {
    const folder = await installed.folder('no-sharp', ['@aws-sdk/client-rekognition']);
    const script = `
      import { readFile } from 'node:fs/promises';
      import { DetectFacesCommand } from '@aws-sdk/client-rekognition';
      import { FaceCollection, fromFile } from 'rekollect';
      import { LocalRekognition } from 'rekollect/local';
      const photo = ${JSON.stringify(samplePath(1))};
      const aws = { send: async () => ({ Faces: [], FaceRecords: [] }) };
      const local = new LocalRekognition({ vision: { analyze: async () => [] } });
      const codeOf = ({ code, packageName, install }) => ({ code, packageName, install });
      const all = await Promise.all([
        new FaceCollection('team', { client: aws }).enrollUser('ada', [fromFile(photo)]).catch(codeOf),
        local.send(new DetectFacesCommand({ Image: { Bytes: await readFile(photo) } })).catch(codeOf),
      ]);
      console.log(JSON.stringify(all));`;
    const missing = { code: 'MISSING_PACKAGE', packageName: 'sharp', install: 'npm install sharp' };
    expect(await evaluate(folder, 'mjs', script)).toEqual([missing, missing]);

    const sharp = join(folder, 'node_modules', 'sharp');
    await mkdir(sharp);
    await writeFile(join(sharp, 'package.json'), '{ "main": "index.js" }');
    await writeFile(join(sharp, 'index.js'), "throw new Error('Could not load the sharp module');");
    const packageName = `@img/sharp-${process.platform}-${process.arch}`;
    const broken = { code: 'MISSING_PACKAGE', packageName, install: 'npm install --include=optional sharp' };
    expect(await evaluate(folder, 'mjs', script)).toEqual([broken, broken]);
  });

  it('reads photos for code that is no file', async () => {
    const folder = await installed.folder('no-file', [...NEEDED, ...LOCAL]);
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
    ['ESM', 'mjs', IMPORTING],
    ['CJS', 'cjs', REQUIRING],
  ] as const)('serves, and tests code, without any model from %s', async (_, extension, loading) => {
    const folder = await installed.folder(`no-models-${extension}`, NEEDED);
    const script = `${loading}
      (async () => {
        const vision = declaredFaces();
        const photo = await vision.photo([{ person: 'ada' }, { person: 'grace' }]);
        const client = new LocalRekognition({ vision });
        const team = new FaceCollection('team', { client });
        await team.create();
        const server = await serve({ client, port: 0, ui: true });
        const page = await fetch(server.pageUrl);
        const headers = {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': 'RekognitionService.ListCollections',
        };
        const response = await fetch(server.url, { method: 'POST', headers, body: '{}' });
        const faces = await team.detectFaces(fromBuffer(photo));
        console.log(JSON.stringify({ ids: (await response.json()).CollectionIds, faces: faces.length, page: page.status }));
        await server.close();
      })();`;
    expect(await evaluate(folder, extension, script)).toEqual({ ids: ['team'], faces: 2, page: 200 });
  });

  it('has a command, which names the packages that it misses, all at once', async () => {
    const folder = await installed.folder('command', NEEDED);
    const command = join(folder, 'node_modules', 'rekollect', 'dist', 'cli.js');
    const { stdout } = await run(process.execPath, [command, '--version']);
    expect(stdout.trim()).toBe(JSON.parse(await readFile('package.json', 'utf8')).version);
    const serve = [command, 'serve', '--port', '0', '--directory', join(folder, 'kept'), '--human'];
    const missing = await run(process.execPath, serve).catch((error) => error);
    expect(missing).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'rekollect: The server needs the package onnxruntime-node or onnxruntime-web, and neither is installed. ' +
        'Run: npm install onnxruntime-node @vladmandic/face-api @vladmandic/human lmdb --ignore-scripts\n',
    });
  });

  it('serves without @vladmandic/human, unless it is asked for', async () => {
    const folder = await installed.folder('without-human', [...NEEDED, ...LOCAL]);
    const command = join(folder, 'node_modules', 'rekollect', 'dist', 'cli.js');
    const serving = spawn(process.execPath, [command, 'serve', '--port', '0']);
    const [greeting] = await once(serving.stdout, 'data');
    serving.kill('SIGKILL');
    expect(String(greeting)).toMatch(/^Rekollect answers at /);
    const missing = await run(process.execPath, [command, 'serve', '--port', '0', '--human']).catch(
      (error) => error,
    );
    expect(missing).toMatchObject({
      code: 1,
      stderr:
        'rekollect: The server needs the package @vladmandic/human, which is not installed. ' +
        'Run: npm install @vladmandic/human\n',
    });
  });
});

describe('packing', () => {
  it('refuses what was not built, and packs nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rekollect-'));
    await expect(pack(folder, join(folder, 'dist'))).rejects.toThrow(
      /There is no dist, .*Run: npm run build$/,
    );
    await rm(folder, { recursive: true });
  });

  it('is the only way to something that can be published', async () => {
    // Nobody listens there: npm refuses before it asks anybody.
    const nowhere = [
      '--fetch-retries=0',
      '--registry',
      'http://127.0.0.1:9/',
      '--//127.0.0.1:9/:_authToken=none',
    ];
    const refused = await run('npm', ['publish', ...nowhere]).catch((error) => error);
    expect(refused).toMatchObject({ stderr: expect.stringContaining('EPRIVATE') });
    const folder = await installed.folder('published', []);
    const manifest = JSON.parse(await readFile(join(folder, 'node_modules/rekollect/package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['sharp']);
    for (const part of ['private', 'scripts', 'devDependencies']) expect(manifest).not.toHaveProperty(part);
  });

  it('holds a page that is loaded in no time', async () => {
    const folder = await installed.folder('page', []);
    const page = join(folder, 'node_modules/rekollect/dist/ui');
    const files = (await readdir(page, { recursive: true })).filter((file) =>
      /\.(html|js|css|svg)$/.test(file),
    );
    const sizes = await Promise.all(
      files.map(async (file) => gzipSync(await readFile(join(page, file))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(120_000);
  });

  it('holds what runs, its types and what it reads, and little enough', async () => {
    const { stdout } = await run('tar', ['--list', '--gzip', '--file', installed.archive]);
    const files = stdout.trimEnd().split('\n');
    const others = files.filter(
      (file) => !/^package\/(dist|src\/annotate\/font|src\/local\/vision\/weights)\//.test(file),
    );
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
    // Of which the weights of the nets are the most.
    expect((await stat(installed.archive)).size).toBeLessThan(5_200_000);
  });

  it('starts threads in no way for which Next.js would take its types for modules', async () => {
    const folder = join(await installed.folder('threads', []), 'node_modules/rekollect/dist');
    const scripts = (await readdir(folder)).filter((name) => /\.c?js$/.test(name));
    const texts = await Promise.all(scripts.map((name) => readFile(join(folder, name), 'utf8')));
    expect(texts.filter((text) => /extends (\w+\.)?Worker\b/.test(text))).not.toEqual([]);
    expect(scripts.filter((_, i) => /new (\w+\.)?Worker\(/.test(texts[i]!))).toEqual([]);
  });

  it('has the licences of what became part of it', async () => {
    const folder = await installed.folder('licences', []);
    const licences = await readFile(join(folder, 'node_modules/rekollect/dist/LICENSES.txt'), 'utf8');
    expect(licences).toMatch(/^p-limit 7.*MIT License.*^yocto-queue \d.*MIT License/ms);
  });
});
