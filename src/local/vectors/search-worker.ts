import { parentPort } from 'node:worker_threads';
import { nearestRows, type RowSearch } from './nearest-rows.js';
import { Segment, type SharedSegment } from './segment.js';

/** What the thread is asked. */
export interface ThreadSearch {
  readonly segments: readonly SharedSegment[];
  readonly rows: number;
  readonly search: RowSearch;
}

/* The entry of the thread that searches large indexes: one search after the other, in memory it shares. */

parentPort?.on('message', ({ segments, rows, search }: ThreadSearch) => {
  const views = segments.map(({ lengths, capacity, memory }) => new Segment(lengths, capacity, memory));
  parentPort?.postMessage(nearestRows(views, rows, search));
});
