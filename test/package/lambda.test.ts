import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FaceCollection } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { serve } from 'rekollect/server';
import { expect, it, onTestFinished } from 'vitest';
import { startS3 } from '../support/s3-server.js';
import { sample, samplePath } from '../support/sample-photos.js';
import { Installed, link, NEEDED, run, runScript } from './installed.js';

const EXAMPLE = 'search-uploads-in-lambda.ts';

const installed = await Installed.packed();

it('runs as a function that was built as the documentation says, beside sharp alone', async () => {
  const folder = await installed.folder('lambda', [...NEEDED, '@aws-sdk/client-s3']);
  await copyFile(join('examples', EXAMPLE), join(folder, EXAMPLE));
  const [, command] = /^npx esbuild (.+)$/m.exec(await readFile('docs/running.md', 'utf8')) ?? [];
  await run(process.execPath, [resolve('node_modules/esbuild/bin/esbuild'), ...command!.split(' ')], {
    cwd: folder,
  });
  const bundle = join(folder, 'function', 'index.js');
  // The page has it as 0.64 MB.
  expect((await stat(bundle)).size).toBeLessThan(700_000);
  const deployed = await installed.emptyFolder('deployed');
  await copyFile(bundle, join(deployed, 'index.js'));
  await link(deployed, ['sharp']);

  const s3 = await startS3();
  onTestFinished(() => s3.stop());
  await s3.put('Bei der Feier/ä+b.jpg', await readFile(samplePath(1)));
  const engine = new LocalRekognition({ workers: 1, s3: s3.s3 });
  onTestFinished(() => engine.close());
  const team = new FaceCollection('team', { client: engine });
  await team.create();
  await team.enrollUser('ada', [sample(1)], { severalFaces: 'largest' });
  const server = await serve({ client: engine, port: 0 });
  onTestFinished(() => server.close());

  const uploaded = { s3: { bucket: { name: 'people' }, object: { key: 'Bei+der+Feier/%C3%A4%2Bb.jpg' } } };
  const script = join(deployed, 'invoke.cjs');
  await writeFile(
    script,
    `require('./index.js').handler({ Records: [${JSON.stringify(uploaded)}] }, { getRemainingTimeInMillis: () => 60_000 });`,
  );
  const environment = {
    ...s3.environment,
    AWS_ENDPOINT_URL_REKOGNITION: server.url,
    AWS_REGION: 'us-east-1',
    COLLECTION_ID: 'team',
  };
  expect(await runScript(script, environment)).toEqual({
    photo: 's3://people/Bei der Feier/ä+b.jpg',
    faces: 3,
    people: ['ada'],
  });
});
