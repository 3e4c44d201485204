import { openDiskStore } from '../../src/local/store/disk.js';
import { Records } from '../../src/local/store/records.js';
import { VectorIndexes } from '../../src/local/vector-indexes.js';
import { MadeUpFaces } from '../vectors/made-up-faces.js';
import { COLLECTION, spaceOf } from './made-up-collection.js';

/** What a process tells that has opened a collection. Milliseconds, and bytes for each face. */
export interface Opening {
  readonly directory: number;
  readonly index: number;
  /** The first search, and how long it takes from there until nothing is left to do. */
  readonly search: number;
  readonly rest: number;
  readonly processor: number;
  readonly longestStop: number;
  readonly memory: number;
}

/* The entry of the process: opens the directory it is given, and searches the collection in it. */

const [directory = '', parts] = process.argv.slice(2);
const partCount = parts === '2' ? 2 : 1;

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
const indexes = new VectorIndexes();
const collection = records.collection(COLLECTION);
const index = await indexes.of(collection, spaceOf(partCount), records);
const filled = performance.now();
await index.faces.nearest(new MadeUpFaces(partCount).anotherOf(0), { limit: 5 });
const searched = performance.now();
await indexes.completed(index);
const completed = performance.now();
const { user, system } = process.cpuUsage(processor);
clearInterval(clock);
// Pages of the file count as memory of the process for as long as it is open.
await store.close();
globalThis.gc?.();

const opening: Opening = {
  directory: opened - start,
  index: filled - opened,
  search: searched - filled,
  rest: completed - searched,
  processor: (user + system) / 1000,
  longestStop,
  memory: (process.memoryUsage.rss() - memory) / index.faces.size,
};
process.send?.(opening);
