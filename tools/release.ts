import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack, readManifest } from './pack.js';

/*
 * Packs what was built, installs the archive from npm's registry in an empty folder as the README says, and uses it
 * there as ESM and as CommonJS, and checks the types of both. Leaves the archive, which can then be published.
 */

const run = promisify(execFile);

const PACKAGES = ['@aws-sdk/client-rekognition', 'onnxruntime-node', '@vladmandic/face-api'];

const ENTRIES = {
  rekollect: ['annotate', 'FaceCollection', 'fromBuffer', 'fromFile'],
  'rekollect/local': ['LocalRekognition'],
  'rekollect/server': ['serve'],
  'rekollect/testing': ['declaredFaces'],
  'rekollect/evaluation': ['evaluate'],
};

const USE = `
async function use() {
  const client = new LocalRekognition();
  const server = await serve({ client, port: 0 });
  const team = new FaceCollection('team', { client });
  await team.create();
  const photo = fromFile('node_modules/@vladmandic/face-api/demo/sample1.jpg');
  const { associated } = await team.enrollUser('ada', [photo], { severalFaces: 'largest' });
  const found = await team.searchPhoto(photo);
  const picture = await annotate(photo, found);
  const { searches } = await evaluate(team, [{ userId: 'ada', images: [photo] }]);
  await server.close();
  await client.close();
  const declared = await declaredFaces().photo([{ person: 'ada' }]);
  const [first] = found.faces;
  if (associated.length !== 1 || searches.length !== 0 || first?.status !== 'matched' || picture.length < 10_000 || !fromBuffer(declared).read)
    throw new Error(JSON.stringify(found));
}
use();
`;

const importing = Object.entries(ENTRIES).map(
  ([from, names]) => `import { ${names.join(', ')} } from '${from}';`,
);
const requiring = Object.entries(ENTRIES).map(
  ([from, names]) => `const { ${names.join(', ')} } = require('${from}');`,
);

const { devDependencies } = await readManifest();
const archive = await pack('.');
const folder = await mkdtemp(join(tmpdir(), 'rekollect-'));
try {
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const types = ['typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  await inFolder('npm', ['install', archive, ...PACKAGES, ...types, '--ignore-scripts', '--prefer-offline']);

  await write('use.mjs', [...importing, USE]);
  await write('use.cjs', [...requiring, USE]);
  for (const [kind, type, options] of [
    ['esm', 'module', ['--module', 'nodenext']],
    ['cjs', 'commonjs', ['--module', 'nodenext']],
    [
      'node10',
      'commonjs',
      ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'],
    ],
  ] as const) {
    await mkdir(join(folder, kind));
    await write(`${kind}/package.json`, [`{ "type": "${type}" }`]);
    await write(`${kind}/use.ts`, [...importing, USE]);
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck'];
    await inFolder('npx', ['tsc', ...strict, ...options, `${kind}/use.ts`]);
  }
  for (const script of ['use.mjs', 'use.cjs']) await inFolder(process.execPath, [script]);
} finally {
  await rm(folder, { recursive: true });
}
process.stdout.write(`Works as ESM, CommonJS and TypeScript. To publish it: npm publish ${archive}\n`);

async function inFolder(command: string, args: readonly string[]): Promise<void> {
  await run(command, args, { cwd: folder }).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`);
  });
}

async function write(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, file), lines.join('\n'));
}
