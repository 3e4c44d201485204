import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { cropFace, FaceCollection } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sample, samplePath } from '../support/sample-photos.js';

/** Made by `npm run check:types`, which comes before. */
const SNIPPETS = resolve('test/docs/snippets');

let photos: string;

beforeAll(async () => {
  photos = await mkdtemp(join(tmpdir(), 'rekollect-snippets-'));
  await writeFile(join(photos, 'tsconfig.json'), '{}');
  const client = new LocalRekognition({ workers: 1 });
  const [ada] = await new FaceCollection('any', { client }).detectFaces(sample(1));
  for (const name of ['ada-1.jpg', 'ada-2.jpg'])
    await writeFile(join(photos, name), await cropFace(sample(1), ada!).read());
  await copyFile(samplePath(3), join(photos, 'party.jpg'));
  await client.close();
});

afterAll(() => rm(photos, { recursive: true, force: true }));

describe('the snippets of the documentation', () => {
  it('run', async () => {
    const pages = readdirSync(SNIPPETS);
    for (const page of pages) {
      const folder = join(photos, page);
      await mkdir(join(folder, 'people', 'ada'), { recursive: true });
      await mkdir(join(folder, 'backups'));
      await mkdir(join(folder, 'photos'));
      await mkdir(join(folder, 'party'));
      await mkdir(join(folder, 'probes', 'ada'), { recursive: true });
      for (const name of ['ada-1.jpg', 'ada-2.jpg', 'party.jpg'])
        await copyFile(join(photos, name), join(folder, name));
      await copyFile(join(photos, 'ada-1.jpg'), join(folder, 'people', 'ada', '1.jpg'));
      await copyFile(join(photos, 'ada-2.jpg'), join(folder, 'probes', 'ada', '1.jpg'));
      await copyFile(join(photos, 'party.jpg'), join(folder, 'party', '1.jpg'));
    }
    const command = ['--import', import.meta.resolve('tsx'), resolve('test/docs/run-snippets.ts')];
    const { AWS_REGION: _, ...env }: NodeJS.ProcessEnv = process.env;
    const options = { env: { ...env, TSX_TSCONFIG_PATH: join(photos, 'tsconfig.json') } };
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [...command, SNIPPETS, photos],
      options,
    );
    expect(stderr).not.toMatch(/error/i);
    for (const page of pages)
      for (const file of readdirSync(join(SNIPPETS, page)))
        expect(stdout.includes(`running ${page} ${file}`)).toBe(!file.includes('.not-run.'));
  });
});
