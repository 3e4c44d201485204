import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import wabt from 'wabt';

const VECTORS = new URL('../src/local/search/', import.meta.url);

/* `npm run build:kernel` writes kernel-bytes.ts, which is kept in the repository. */

/** The text of kernel-bytes.ts. */
export async function assembleKernel(): Promise<string> {
  const features = { simd: true, threads: true };
  const { parseWat } = await wabt();
  const text = readFileSync(new URL('kernel.wat', VECTORS), 'utf8');
  const { buffer } = parseWat('kernel.wat', text, features).toBinary({});
  const lines = Buffer.from(buffer)
    .toString('base64')
    .match(/.{1,100}/g)!;
  return [
    '/** kernel.wat, assembled by `npm run build:kernel`; base64. */',
    'export const KERNEL_BYTES =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};\n`,
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(new URL('kernel-bytes.ts', VECTORS), await assembleKernel());
