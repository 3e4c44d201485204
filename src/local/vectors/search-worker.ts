import { parentPort } from 'node:worker_threads';
import { nearestRows, type Rows } from './nearest-rows.js';
import type { Quantized } from './quantize.js';
import { Segment, type SharedSegment } from './segment.js';

/** What the thread is asked: what `nearestRows` takes. */
export interface ThreadSearch {
  readonly all: readonly Rows<SharedSegment>[];
  readonly query: Quantized;
  readonly limit: number;
}

/* The entry of the thread that searches large indexes: one search after the other, in memory it shares. */

parentPort?.on('message', ({ all, query, limit }: ThreadSearch) => {
  const here = all.map(({ segment: { length, capacity, memory }, ...rows }) => ({
    ...rows,
    segment: new Segment(length, capacity, memory),
  }));
  parentPort?.postMessage(nearestRows(here, query, limit));
});
