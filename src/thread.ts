import { Worker, type WorkerOptions } from 'node:worker_threads';
import { loadingOptions } from './loading-options.js';

/**
 * A thread of this package.
 *
 * Next.js looks for the file of each `new Worker(file)`. Where the code does not say which it is, it takes every file
 * beside it for a module, types too, and gives up building what imports this package. It does not look here.
 */
export class Thread extends Worker {
  /** @param entry see `threadEntry` */
  constructor(entry: URL, options: WorkerOptions = {}) {
    super(entry, { ...loadingOptions(entry), ...options });
  }
}
