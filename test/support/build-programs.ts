import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PROCESSES } from '../../tsup.config.js';
import { BUILT } from './program.js';

/** What runs as a process or a thread of its own. */
const FOLDERS = ['test/support', 'test/vision', 'bench/kills', 'bench/endings'];
const PROGRAM = /-(process|worker)\.ts$/;

/** Builds what tests start as processes and threads, once: each of them would take a second of work to start from source. */
export default async function buildPrograms(): Promise<void> {
  const { cli: _, ...ofThePackage } = PROCESSES;
  const folders = await Promise.all(
    FOLDERS.map(async (folder) => (await readdir(folder)).map((file) => `${folder}/${file}`)),
  );
  await rm(BUILT, { recursive: true, force: true });
  await build({
    entryPoints: [...Object.values(ofThePackage), ...folders.flat().filter((file) => PROGRAM.test(file))],
    outbase: '.',
    outdir: BUILT,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // As modules, which `format` wants, and all but what is native or WebAssembly: one file loads faster than hundreds.
    mainFields: ['module', 'main'],
    external: ['sharp', 'onnxruntime-*', 'lmdb', 'heic-decode', 'prom-client'],
    // Programs of programs are built, too.
    plugins: [
      {
        name: 'built-programs',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/thread-entry\.js$/ }, () => ({
            path: fileURLToPath(new URL('thread-entry.ts', import.meta.url)),
          })),
      },
    ],
  });
}
