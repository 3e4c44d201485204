import { Records } from '../../src/local/records/records.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { VectorIndexes } from '../../src/local/vector-indexes.js';
import { MadeUpFaces } from '../vectors/made-up-faces.js';
import { COLLECTION, SPACE } from './made-up-collection.js';

/** What a process tells that has opened a collection. Milliseconds, and bytes for each face. */
export interface Opening {
  readonly directory: number;
  readonly index: number;
  /** The first search. */
  readonly search: number;
  readonly processor: number;
  readonly longestStop: number;
  readonly memory: number;
}

/* The entry of the process: opens the directory it is given, and searches the collection in it. */

const [directory = ''] = process.argv.slice(2);

let longestStop = 0;
let lastTick = performance.now();
const clock = setInterval(() => {
  const now = performance.now();
  longestStop = Math.max(longestStop, now - lastTick - 1);
  lastTick = now;
}, 1);

const memory = process.memoryUsage.rss();
const processor = process.cpuUsage();
const start = performance.now();
const store = await openDiskStore(directory);
const opened = performance.now();
const records = new Records(store);
const index = await new VectorIndexes().of(COLLECTION, { owner: 'face', view: 'front' }, SPACE, records);
const filled = performance.now();
await index.nearest(new MadeUpFaces(192).anotherOf(0), { limit: 5 });
const searched = performance.now();
const { user, system } = process.cpuUsage(processor);
clearInterval(clock);
// Pages of the file count as memory of the process for as long as it is open.
await store.close();
globalThis.gc?.();

const opening: Opening = {
  directory: opened - start,
  index: filled - opened,
  search: searched - filled,
  processor: (user + system) / 1000,
  longestStop,
  memory: (process.memoryUsage.rss() - memory) / index.size,
};
process.send?.(opening);
