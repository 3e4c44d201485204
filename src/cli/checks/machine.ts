import { readFileSync } from 'node:fs';
import { ownFile } from '../../packages.js';
import type { Check } from './check.js';

/** The machine and its Node.js. */
export function checkMachine(): Check[] {
  const { engines } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const needed = engines.node.replace('>=', '');
  const { node } = process.versions;
  const isOldNode = node.localeCompare(needed, 'en', { numeric: true }) < 0;
  const libc = process.platform === 'linux' ? (isMusl() ? ', musl' : ', glibc') : '';
  return [
    {
      name: 'node',
      status: isOldNode ? 'fail' : 'ok',
      message: `Node.js ${node} on ${process.platform} ${process.arch}${libc}`,
      ...(isOldNode && { mend: `Install Node.js ${needed} or later.` }),
    },
  ];
}

/** Whether the C library is musl, as on Alpine, for which there is no native build of ONNX Runtime. */
export function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as unknown as { header: Record<string, unknown> };
  return header.glibcVersionRuntime === undefined;
}
