import { Worker } from 'node:worker_threads';
import { loadingOptions } from '../../loading-options.js';
import { threadEntry } from '../../packages.js';
import type { SharedMemory } from './kernel.js';
import { type Candidate, nearestRows, type Rows } from './nearest-rows.js';
import type { Quantized } from './quantize.js';
import type { MemoryToTouch, ThreadSearch } from './search-worker.js';

/** A search that the thread has not answered. */
interface Waiting {
  resolve(candidates: Candidate[]): void;
  reject(reason: unknown): void;
}

/** One thread for all indexes of the process; its searches come one after the other. Starts when it is needed. */
let thread: Worker | undefined;
/** In the order in which the thread answers. */
const waiting: Waiting[] = [];

/**
 * What `nearestRows` finds, while this thread goes on with other things. The segments must not change meanwhile.
 * Where no thread can be had, this one searches after all: the answer is the same.
 */
export async function nearestRowsInThread(
  all: readonly Rows[],
  query: Quantized,
  limit: number,
): Promise<Candidate[]> {
  const shared = all.map(({ segment: { length, capacity, memory }, ...rows }) => ({
    ...rows,
    segment: { length, capacity, memory },
  }));
  try {
    return await ask({ all: shared, query, limit });
  } catch {
    return nearestRows(all, query, limit);
  }
}

/**
 * Has the thread get memory from the operating system, which takes longer for a page than filling it does. It may be
 * written to meanwhile.
 */
export function touchInThread(memory: SharedMemory): void {
  try {
    thread ??= start();
    thread.postMessage({ memory } satisfies MemoryToTouch);
    if (waiting.length === 0) thread.unref();
  } catch {
    // Whoever writes to it gets it then.
  }
}

function ask(search: ThreadSearch): Promise<Candidate[]> {
  return new Promise((resolve, reject) => {
    thread ??= start();
    thread.postMessage(search);
    waiting.push({ resolve, reject });
    // An idle thread keeps no process alive, one that searches does.
    thread.ref();
  });
}

function start(): Worker {
  const entry = threadEntry('local/search/search-worker');
  const worker = new Worker(entry, loadingOptions(entry));
  worker.on('message', (candidates: Candidate[]) => {
    waiting.shift()?.resolve(candidates);
    if (waiting.length === 0) worker.unref();
  });
  const give = (reason: unknown) => {
    if (thread !== worker) return;
    thread = undefined;
    for (const { reject } of waiting.splice(0)) reject(reason);
  };
  worker.on('error', give);
  worker.on('exit', give);
  return worker;
}
