import { execFile } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cropFace, FaceCollection } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT } from '../support/program.js';
import { startS3 } from '../support/s3-server.js';
import { sample, samplePath } from '../support/sample-photos.js';

/**
 * people/Wilma Núñez/1.jpg is cut out of the first sample photo; she stands in the third one, too, between two women who
 * are strangers in probes/.
 */
let folder: string;
let portrait: string;
const EXAMPLES_BUILT = join(BUILT, 'examples');
/** The two photos that one woman is on. */
let album: string;
let web: Server;
let s3: Awaited<ReturnType<typeof startS3>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rekollect-examples-'));
  await mkdir(join(folder, 'people', 'Wilma Núñez'), { recursive: true });
  await mkdir(join(folder, 'people', 'nobody'));
  // Once, what tsx would do for each. Inside of the package, whose name leads to what was built.
  await build({ entryPoints: ['examples/*.ts'], outdir: EXAMPLES_BUILT, format: 'esm', platform: 'node' });
  album = join(folder, 'album');
  await mkdir(album);
  await copyFile(samplePath(1), join(album, 'a.jpg'));
  await copyFile(samplePath(3), join(album, 'b.jpg'));
  portrait = join(folder, 'people', 'Wilma Núñez', '1.jpg');
  const client = new LocalRekognition({ workers: 1 });
  const faces = await new FaceCollection('any', { client }).detectFaces(sample(1));
  const [wilma] = faces.sort((a, b) => b.boundingBox.left - a.boundingBox.left);
  await writeFile(portrait, await cropFace(sample(1), wilma!).read());
  await writeFile(join(folder, 'people', 'Wilma Núñez', 'notes.txt'), 'Wilma likes the sea.');
  const inTheThird = await new FaceCollection('any', { client }).detectFaces(sample(3));
  inTheThird.sort((a, b) => a.boundingBox.left - b.boundingBox.left);
  for (const [i, name] of ['one', 'Wilma Núñez', 'another'].entries()) {
    await mkdir(join(folder, 'probes', name), { recursive: true });
    await writeFile(join(folder, 'probes', name, '3.jpg'), await cropFace(sample(3), inTheThird[i]!).read());
  }
  await client.close();
  s3 = await startS3();
  await s3.put('staff/wilma/1.jpg', await readFile(portrait));
  web = createServer((_, response) => createReadStream(samplePath(1)).pipe(response));
  await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
});

afterAll(async () => {
  web.close();
  await s3.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs an example as its reader would, with the package as it was built and without AWS, and answers what it printed. */
async function run(example: string, ...args: string[]): Promise<string> {
  const command = [join(EXAMPLES_BUILT, example.replace(/\.ts$/, '.js')), ...args];
  const { AWS_REGION: _, ...env }: NodeJS.ProcessEnv = {
    ...process.env,
    ...(example === 'enroll-a-bucket.ts' && s3.environment),
  };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  return stdout;
}

const party = samplePath(3);

/** What each example is run with, and what it prints. */
const EXAMPLES: Readonly<Record<string, { args: () => string[]; prints: readonly RegExp[] }>> = {
  'compare-faces-and-users.ts': {
    args: () => [join(folder, 'people'), join(folder, 'probes')],
    prints: [
      /^3 photos, 6 billed calls, 0 seconds or more\n/,
      /\nusers: \d\d\.\d to the same person, .*\n {2}at 80: 100\.0 % \(.*\) named rightly, 0\.0 % \(.*\) of strangers named\n/,
      /\nToo few photos: those of 3 people can show 63 % false names at best\. For 1 in 100 it takes photos of 299 people\./,
    ],
  },
  'demo.ts': {
    args: () => [],
    prints: [/wilma \d\d\.\d %, 5\d % from the left\n/, /unknown, (2|3)\d %/, /unknown, 7\d %/],
  },
  'enroll-a-bucket.ts': {
    args: () => ['people', 'staff', '--go'],
    prints: [
      /^1 people with 1 photos: 2 billed calls, \$0\.002\n/,
      /\n1 photos enrolled, 0 before\. 0 people failed\./,
    ],
  },
  'enroll-a-folder.ts': {
    args: () => [join(folder, 'people'), join(folder, 'faces')],
    prints: [
      /Wilma Núñez has one usable photo\..*left out .*notes\.txt: NO_IMAGE_NAME\n1 photos enrolled, 0 were/s,
    ],
  },
  'group-an-album.ts': {
    args: () => [album, join(folder, 'grouped')],
    prints: [
      /^person-1: 2 faces, 2 enrolled\n4 people were seen once, 0 faces were too poor\n/,
      /b\.jpg: .*person-1/,
    ],
  },
  'https-source.ts': {
    args: () => [`http://127.0.0.1:${(web.address() as AddressInfo).port}/photo.jpg`],
    prints: [/^(Female .*\n){3}$/],
  },
  'move-from-local-to-aws.ts': {
    args: () => [join(folder, 'people')],
    prints: [
      /^1 of 1 faces can be moved: 2 billed calls, \$0\.002\n.+ is now .+\n1 faces moved, 0 before, 0 left behind\.\n$/s,
    ],
  },
  'plain-sdk-against-the-server.ts': { args: () => [portrait, party], prints: [/\nada 9\d\.\d+\n$/] },
  'test-your-service.ts': { args: () => [], prints: [/# pass 2\n# fail 0\n/] },
  'trace-calls.ts': {
    args: () => [portrait, party],
    prints: [
      /'Rekognition\.IndexFaces'.*billedCalls: 1.*'Rekognition\.SearchEveryFace'.*'who is at the party'/s,
    ],
  },
  'who-is-in-this-photo.ts': {
    args: () => [portrait, party],
    prints: [/^ada, 5\d % from the left\n(somebody else, \d\d % from the left\n){2}$/],
  },
};

describe('the example', () => {
  it.each(Object.entries(EXAMPLES))('%s does what it says', async (example, { args, prints }) => {
    const printed = await run(example, ...args());
    for (const text of prints) expect(printed).toMatch(text);
  });
});

describe('the demo', () => {
  const people = () => join(folder, 'people');

  it('takes folders of people and a photo, and says what it could not use', async () => {
    const printed = await run('demo.ts', people(), party);
    expect(printed).toMatch(/Wilma Núñez: 1 of 1 images enrolled\n/);
    expect(printed).toMatch(/not .*notes\.txt: NO_IMAGE_NAME/);
    expect(printed).toContain('nobody: 0 of 0 images enrolled');
    expect(existsSync(resolve('demo-output', 'who-is-in-this-photo.jpg'))).toBe(true);
  });

  it.each([
    ['a missing photo', () => [people(), 'nowhere.jpg'], 'nowhere.jpg: there is no such file.'],
    ['a photo without people', () => [party], 'npm run demo -- people/ photo.jpg'],
    ['a folder without folders', () => [join(people(), 'Wilma Núñez'), party], 'Make one for each person.'],
  ])('says in a sentence what is wrong with %s', async (_, args, sentence) => {
    const { stderr } = await run('demo.ts', ...args()).catch((error) => error);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe('every example', () => {
  it('is run by these tests', async () => {
    // The one for Lambda by lambda.test.ts, as a function is deployed.
    const all = [...Object.keys(EXAMPLES), 'search-uploads-in-lambda.ts'];
    expect((await readdir('examples')).sort()).toEqual(all.sort());
  });
});
