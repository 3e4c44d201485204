import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, type Format } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { samplePath } from '../support/sample-photos.js';
import {
  IMPORTING,
  Installed,
  LOCAL,
  link,
  NEEDED,
  run,
  runScript,
  SAY_WHO_IS_THERE,
  THREE_FACES,
} from './installed.js';

const FORMATS: [Format, string][] = [
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
];

/** The part for AWS, with a client that finds one face. Without a font, every letter is the same box. */
const AWS = `
  import { annotate, FaceCollection, fromFile } from 'rekollect';
  const box = { Left: 0.1, Top: 0.2, Width: 0.1, Height: 0.2 };
  const client = { send: async () => ({ FaceDetails: [{ Confidence: 99, BoundingBox: box }] }) };
  async function look() {
    const photo = fromFile(${JSON.stringify(samplePath(1))});
    const faces = await new FaceCollection('team', { client }).detectFaces(photo);
    const found = faces.map((face) => ({ status: 'unmatched', face }));
    const draw = async (letter) => Buffer.from(await annotate(photo, found, { label: () => letter }));
    const drawn = await Promise.all([draw('a'), draw('b')]).then(
      ([a, b]) => ({ letters: !a.equals(b) }),
      ({ code, message }) => ({ code, message }),
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
    // As modules, for what the SDK has as CommonJS calls `require`, which modules have not.
    mainFields: ['module', 'main'],
    external: ['sharp', 'onnxruntime-node', 'onnxruntime-web', 'lmdb', 'heic-decode', '@aws-sdk/client-s3'],
    metafile: true,
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const own = parts.filter(([path]) => path.includes('node_modules/rekollect/'));
  return { outfile, ownBytes: own.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0) };
}

/** Away from the package, as a bundle is deployed: with native packages alone. */
async function move(outfile: string, away: string, packages: readonly string[]): Promise<string> {
  await link(away, packages);
  const moved = join(away, basename(outfile));
  await copyFile(outfile, moved);
  return moved;
}

const installed = await Installed.packed();

describe('a bundle', () => {
  it.each(FORMATS)('of the part for AWS is small, and writes letters: %s', async (format, extension) => {
    const folder = await installed.folder(`bundled-aws-${format}`, NEEDED);
    const { outfile, ownBytes } = await bundle(folder, AWS, format, extension);
    expect(ownBytes).toBeLessThan(260_000);
    expect(await runScript(outfile)).toEqual({ faces: 1, letters: true });

    const noFonts = join(folder, 'no-fonts.conf');
    await writeFile(noFonts, '<?xml version="1.0"?><fontconfig></fontconfig>');
    const onBareMachine = { FONTCONFIG_FILE: noFonts, HOME: folder };
    expect(await runScript(outfile, onBareMachine)).toEqual({ faces: 1, letters: true });

    const moved = await move(outfile, await installed.emptyFolder(`moved-aws-${format}`), ['sharp']);
    const message =
      `The bundle ${moved} lacks src/annotate/font/DejaVuSansCondensed-Bold.ttf and needs the package rekollect, ` +
      'which is not installed. Run: npm install rekollect';
    expect(await runScript(moved)).toEqual({ faces: 1, code: 'MISSING_PACKAGE', message });
  });

  it.each(FORMATS)(
    'of the local engine takes threads and weights from the package: %s',
    async (format, extension) => {
      const folder = await installed.folder(`bundled-engine-${format}`, [...NEEDED, ...LOCAL]);
      const { outfile } = await bundle(folder, IMPORTING + SAY_WHO_IS_THERE, format, extension);
      expect(await runScript(outfile)).toEqual(THREE_FACES);

      const moved = await move(outfile, await installed.emptyFolder(`moved-engine-${format}`), [
        'sharp',
        ...LOCAL,
      ]);
      const { stderr } = await run(process.execPath, [moved]).catch((error) => error);
      expect(stderr).toContain('lacks dist/vision-worker.js and needs the package rekollect');
    },
  );
});
