import { parentPort } from 'node:worker_threads';
import { nearestRows, type RowSearch } from './nearest-rows.js';
import { Segment, type SharedSegment } from './segment.js';
import type { Stretch } from './stretch.js';

/** What the thread is asked. */
export interface ThreadSearch {
  readonly stretches: readonly (Omit<Stretch, 'segment'> & { readonly segment: SharedSegment })[];
  readonly search: RowSearch;
}

/* The entry of the thread that searches large indexes: one search after the other, in memory it shares. */

parentPort?.on('message', ({ stretches, search }: ThreadSearch) => {
  const here = stretches.map(({ segment: { lengths, capacity, memory }, ...stretch }) => ({
    ...stretch,
    segment: new Segment(lengths, capacity, memory),
  }));
  parentPort?.postMessage(nearestRows(here, search));
});
