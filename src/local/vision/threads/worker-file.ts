import { extname } from 'node:path';
import type { WorkerOptions } from 'node:worker_threads';

/** What a thread needs to load its entry: for TypeScript the loader, which threads do not inherit on Node 20. */
export function loadingOptions(entry: URL): WorkerOptions {
  if (extname(entry.pathname) !== '.ts') return {};
  const options = JSON.stringify({ parentURL: entry.href, data: true });
  const registration = `import { register } from 'node:module'; register('tsx/esm', ${options});`;
  return { execArgv: ['--import', `data:text/javascript,${encodeURIComponent(registration)}`] };
}
