import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  IMPORTING,
  Installed,
  LOCAL,
  NEEDED,
  REQUIRING,
  run,
  THREE_FACES,
  WHO_IS_THERE,
} from './installed.js';

const TEST = `${WHO_IS_THERE}
  test('finds faces', async () => {
    const answer = await whoIsThere();
    if (answer !== '${JSON.stringify(THREE_FACES)}') throw new Error(answer);
  }, 60_000);
  test('scripts what goes wrong', async () => {
    const engine = new LocalRekognition({ vision: declaredFaces() });
    const client = new ScriptedClient(engine, [throttle('CreateCollection')]);
    const error = await new FaceCollection('team', { client }).create().catch((error) => error);
    if (error.name !== 'ProvisionedThroughputExceededException') throw error;
    client.assertCalled('CreateCollection', { times: 1, input: { CollectionId: 'team' } });
    client.assertScriptDone();
    const fake = { send: async () => ({ FaceDetails: [] }) };
    await new FaceCollection('team', { client: fake }).describe();
  }, 60_000);`;

const binary = (name: string) => resolve('node_modules', name);

const JEST = [binary('jest/bin/jest.js'), '--testRegex', String.raw`who\.test`];
const DECLARED = `
  declare const test: (name: string, body: () => Promise<void>, timeout: number) => void;`;

/** TypeScript as ts-jest takes it where nobody said otherwise: CommonJS, packages looked for as Node 10 did. */
const TS_JEST = {
  module: 'commonjs',
  moduleResolution: 'node10',
  ignoreDeprecations: '6.0',
  esModuleInterop: true,
  strict: true,
  target: 'es2022',
  types: ['node'],
};

/** Who runs tests, the file they are in, what its first lines are, and how it is called. */
const RUNNERS = [
  ['Jest, CJS', 'who.test.js', REQUIRING, JEST],
  ['Jest, ESM', 'who.test.mjs', IMPORTING, ['--experimental-vm-modules', ...JEST]],
  ['ts-jest with the types of Node 10', 'who.test.ts', IMPORTING + DECLARED, JEST],
  [
    'Vitest',
    'who.test.mjs',
    `import { test } from 'vitest'; ${IMPORTING}`,
    [binary('vitest/vitest.mjs'), 'run', '--root', '.'],
  ],
  [
    'node:test, ESM',
    'who.test.mjs',
    `import { test as it } from 'node:test'; ${IMPORTING} const test = (name, body) => it(name, body);`,
    ['--test'],
  ],
  [
    'node:test, CJS',
    'who.test.cjs',
    `const { test: it } = require('node:test'); ${REQUIRING} const test = (name, body) => it(name, body);`,
    ['--test'],
  ],
] as const;

const installed = await Installed.packed();

describe('test runners', () => {
  it.each(RUNNERS)('can load the package: %s', async (name, file, loading, args) => {
    const folder = await installed.folder(name.replace(/\W+/g, '-'), [
      // The oldest SDK that is allowed, for its types count too.
      ...(file.endsWith('.ts')
        ? ([['@aws-sdk/client-rekognition', 'aws-sdk-floor'], 'sharp'] as const)
        : NEEDED),
      ...LOCAL,
      '@types/node',
      'vitest',
    ]);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), loading + TEST);
    const transform = { '[.]ts$': [binary('ts-jest'), { tsconfig: TS_JEST }] };
    const jest = { testEnvironment: 'node', moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts'], transform };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, jest }));
    const { stdout, stderr } = await run(process.execPath, [...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, NO_COLOR: '1', CI: 'true' },
    }).catch((error) => error);
    expect(stdout + stderr).toMatch(/2 passed|^# pass 2$/m);
  });
});
