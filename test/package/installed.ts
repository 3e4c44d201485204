import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect } from 'vitest';
import { pack } from '../../tools/pack.js';
import { samplePath } from '../support/sample-photos.js';

export const run = promisify(execFile);

/** What every user has: the package, and what npm brings along. */
export const NEEDED = ['@aws-sdk/client-rekognition', 'sharp'];
export const LOCAL = ['@vladmandic/face-api', 'onnxruntime-node'];

/** Folders as users have them, with the archive that would be published. */
export class Installed {
  readonly #home: string;
  readonly archive: string;

  private constructor(home: string, archive: string) {
    this.#home = home;
    this.archive = archive;
  }

  /** Packs what was built, for the tests of a file. */
  static async packed(): Promise<Installed> {
    const home = await mkdtemp(join(tmpdir(), 'rekollect-'));
    afterAll(() => rm(home, { recursive: true }));
    return new Installed(home, await pack(home));
  }

  /** A folder without any package, in which none is found either. */
  async emptyFolder(name: string): Promise<string> {
    const folder = join(this.#home, 'folders', name);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /**
   * A folder with the package and others.
   *
   * @param packages those of this repository; or a name, and what is installed under it
   */
  async folder(name: string, packages: readonly (string | readonly [string, string])[]): Promise<string> {
    const folder = await this.emptyFolder(name);
    const own = join(folder, 'node_modules', 'rekollect');
    await mkdir(own, { recursive: true });
    await run('tar', ['-xzf', this.archive, '-C', own, '--strip-components=1']);
    await link(folder, packages);
    return folder;
  }
}

/** Makes packages of this repository be found in a folder. */
export async function link(
  folder: string,
  packages: readonly (string | readonly [string, string])[],
): Promise<void> {
  for (const each of packages) {
    const [name, from] = typeof each === 'string' ? [each, each] : each;
    const path = join(folder, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(resolve('node_modules', from), path, 'junction');
  }
}

/** Runs a script that writes JSON, and nothing on stderr. */
export async function runScript(file: string, environment: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const { stdout, stderr } = await run(process.execPath, ['--no-deprecation', file], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

export async function evaluate(folder: string, extension: 'mjs' | 'cjs', script: string): Promise<unknown> {
  const file = join(folder, `script.${extension}`);
  await writeFile(file, script);
  return runScript(file);
}

const NAMES = {
  rekollect: '{ annotate, FaceCollection, fromBuffer, fromFile, UnreadableImageError }',
  'rekollect/local': '{ LocalRekognition }',
  'rekollect/server': '{ serve }',
  'rekollect/testing': '{ declaredFaces, ScriptedClient, throttle }',
  'rekollect/evaluation': '{ recommendThreshold }',
};
const loading = (write: (names: string, from: string) => string) =>
  Object.entries(NAMES)
    .map(([from, names]) => write(names, `'${from}'`))
    .join(' ');

export const IMPORTING = loading((names, from) => `import ${names} from ${from};`);
export const REQUIRING = loading((names, from) => `const ${names} = require(${from});`);

/** The photo that `whoIsThere` searches. */
const PHOTO = JSON.stringify(samplePath(1));

/** Finds faces with the local engine and draws on them: in JavaScript, and in TypeScript just as well. */
export const WHO_IS_THERE = `
  async function whoIsThere() {
    const client = new LocalRekognition();
    const team = new FaceCollection('team', { client });
    const photo = fromFile(${PHOTO});
    await team.create();
    const found = await team.searchPhoto(photo);
    const picture = await annotate(photo, found);
    // Not closed: a process that forgets it exits all the same.
    const broken = await team.detectFaces(fromBuffer(Buffer.from('x'))).catch((error) => error);
    return JSON.stringify({
      faces: found.faces.length,
      jpeg: picture[0] === 0xff && picture[1] === 0xd8,
      oneErrorClass: broken instanceof UnreadableImageError,
    });
  }`;

export const SAY_WHO_IS_THERE = `${WHO_IS_THERE}
  whoIsThere().then((answer) => console.log(answer));`;

/** What it answers. */
export const THREE_FACES = { faces: 3, jpeg: true, oneErrorClass: true };
