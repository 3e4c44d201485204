import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Writes the licences of the packages that became part of what was built beside it, in LICENSES.txt. */
export const bundledLicences: Plugin = {
  name: 'bundled-licences',
  setup(build) {
    build.initialOptions.metafile = true;
    build.onEnd(async ({ metafile }) => {
      const licences = await licencesOf(Object.keys(metafile?.inputs ?? {}));
      // What was built is written by tsup, later.
      await mkdir(build.initialOptions.outdir!, { recursive: true });
      await writeFile(join(build.initialOptions.outdir!, 'LICENSES.txt'), licences);
    });
  },
};

/** The licences of the packages that these files are of. */
export async function licencesOf(files: readonly string[]): Promise<string> {
  const folders = files.flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []);
  return (await Promise.all([...new Set(folders)].sort().map(licenceIn))).join('\n');
}

async function licenceIn(folder: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} becomes part of the package and has no licence.`);
  return `${name} ${version}\n\n${await readFile(join(folder, file), 'utf8')}`;
}
