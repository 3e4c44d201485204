import { extname } from 'node:path';
import type { WorkerOptions } from 'node:worker_threads';

/**
 * What a thread or process needs to load its entry: for TypeScript the loader, which threads do not inherit on Node 20.
 * They do inherit `--input-type`, of code that is no file, and refuse to load files with it.
 */
export function loadingOptions(entry: URL): WorkerOptions {
  if (extname(entry.pathname) !== '.ts')
    return process.execArgv.some((option) => option.startsWith('--input-type')) ? { execArgv: [] } : {};
  const options = JSON.stringify({ parentURL: entry.href, data: true });
  const registration = `import { register } from 'node:module'; register('tsx/esm', ${options});`;
  return { execArgv: ['--import', `data:text/javascript,${encodeURIComponent(registration)}`] };
}
