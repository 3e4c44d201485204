import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { samplePath } from '../support/sample-photos.js';
import {
  IMPORTING,
  type Installed,
  LOCAL,
  link,
  NEEDED,
  runScript,
  SAY_WHO_IS_THERE,
  THREE_FACES,
} from './installed.js';

const FORMATS: [Format, string][] = [
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
];

/** The part for AWS, with a client that finds one face, and why nothing could be drawn, if so. */
const AWS = `
  import { createHash } from 'node:crypto';
  import { annotate, FaceCollection, fromFile } from 'rekollect';
  const box = { Left: 0.1, Top: 0.2, Width: 0.1, Height: 0.2 };
  const client = { send: async () => ({ FaceDetails: [{ Confidence: 99, BoundingBox: box }] }) };
  async function look() {
    const photo = fromFile(${JSON.stringify(samplePath(1))});
    const faces = await new FaceCollection('team', { client }).detectFaces(photo);
    const found = faces.map((face) => ({ status: 'unmatched', face }));
    const drawn = await annotate(photo, found).then(
      (picture) => ({ picture: createHash('sha256').update(picture).digest('hex') }),
      ({ code, packageName, message }) => ({ code, packageName, message }),
    );
    console.log(JSON.stringify({ faces: faces.length, ...drawn }));
  }
  look();`;

/** Bundles a script as a user does, all but what is native code. */
async function bundle(folder: string, script: string, format: Format, extension: string) {
  const outfile = join(folder, `bundle.${extension}`);
  const { metafile, warnings } = await build({
    stdin: { contents: script, resolveDir: folder },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external: ['sharp', 'onnxruntime-node', 'onnxruntime-web', 'lmdb', '@aws-sdk/client-s3'],
    metafile: true,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const own = parts.filter(([path]) => path.includes('node_modules/rekollect/'));
  return { outfile, ownBytes: own.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) };
}

export function testBundles(installed: () => Installed): void {
  describe('bundles', () => {
    it.each(FORMATS)(
      'has the part for AWS in little code and draws the same letters on every machine: %s',
      async (format, extension) => {
        const folder = await installed().folder(`bundled-aws-${format}`, NEEDED);
        const { outfile, ownBytes } = await bundle(folder, AWS, format, extension);
        expect(ownBytes).toBeLessThan(110_000);
        const drawn = await runScript(outfile);
        expect(drawn).toEqual({ faces: 1, picture: expect.any(String) });
        const noFonts = join(folder, 'no-fonts.conf');
        await writeFile(noFonts, '<?xml version="1.0"?><fontconfig></fontconfig>');
        expect(await runScript(outfile, { FONTCONFIG_FILE: noFonts, HOME: folder })).toEqual(drawn);
      },
    );

    it.each(FORMATS)(
      'says what to do where the font did not come along, and does the rest: %s',
      async (format, extension) => {
        const folder = await installed().folder(`bundled-to-move-${format}`, NEEDED);
        const { outfile } = await bundle(folder, AWS, format, extension);
        const away = await installed().emptyFolder(`moved-${format}`);
        await link(away, ['sharp']);
        const moved = join(away, `bundle.${extension}`);
        await copyFile(outfile, moved);
        expect(await runScript(moved)).toEqual({
          faces: 1,
          code: 'MISSING_PACKAGE',
          packageName: 'rekollect',
          message: `The bundle ${moved} lacks src/fonts/DejaVuSansCondensed-Bold.ttf and needs the package rekollect, which is not installed. Run: npm install rekollect`,
        });
      },
    );

    it.each(FORMATS)(
      'has the local engine, which takes threads and weights from the package: %s',
      async (format, extension) => {
        const folder = await installed().folder(`bundled-engine-${format}`, [...NEEDED, ...LOCAL]);
        const { outfile } = await bundle(folder, IMPORTING + SAY_WHO_IS_THERE, format, extension);
        expect(await runScript(outfile)).toEqual(THREE_FACES);
      },
    );

    it.each(FORMATS)(
      'says what to do where the threads of the engine did not come along: %s',
      async (format, extension) => {
        const folder = await installed().folder(`bundled-engine-to-move-${format}`, [...NEEDED, ...LOCAL]);
        const script = `${IMPORTING}
        new FaceCollection('team', { client: new LocalRekognition() }).detectFaces(fromFile(${JSON.stringify(samplePath(1))}))
          .catch(({ code, message }) => console.log(JSON.stringify({ code, message })));`;
        const { outfile } = await bundle(folder, script, format, extension);
        const away = await installed().emptyFolder(`moved-engine-${format}`);
        await link(away, ['sharp', ...LOCAL]);
        const moved = join(away, `bundle.${extension}`);
        await copyFile(outfile, moved);
        expect(await runScript(moved)).toEqual({
          code: 'MISSING_PACKAGE',
          message: expect.stringContaining('lacks dist/vision-worker.js and needs the package rekollect'),
        });
      },
    );
  });
}
