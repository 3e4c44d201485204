import { parentPort } from 'node:worker_threads';
import { bufferOf, type SharedMemory } from './kernel.js';
import { nearestRows, type Rows } from './nearest-rows.js';
import type { QuantizedQuery } from './quantize.js';
import { Segment, type SharedSegment } from './segment.js';

/** What the thread is asked: what `nearestRows` takes. */
export interface ThreadSearch {
  readonly all: readonly Rows<SharedSegment>[];
  readonly query: QuantizedQuery;
  readonly limit: number;
  readonly within: number;
}

/** Memory that is going to be written to. */
export interface MemoryToTouch {
  readonly memory: SharedMemory;
}

/** The pages of any system begin at multiples of this. */
const PAGE_BYTES = 4096;

/* The entry of the thread that searches large indexes: one search after the other, in memory it shares. */

parentPort?.on('message', (task: ThreadSearch | MemoryToTouch) => {
  if ('memory' in task) touch(task.memory);
  else search(task);
});

/** Writes to each page what is there. */
function touch(memory: SharedMemory): void {
  const bytes = new Int8Array(bufferOf(memory));
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) Atomics.or(bytes, at, 0);
}

function search({ all, query, limit, within }: ThreadSearch): void {
  const here = all.map(({ segment: { length, capacity, memory }, ...rows }) => ({
    ...rows,
    segment: new Segment(length, capacity, memory),
  }));
  parentPort?.postMessage(nearestRows(here, query, limit, within));
}
