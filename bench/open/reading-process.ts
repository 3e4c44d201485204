import { join } from 'node:path';
import { openDatabase, readBytes } from '../../src/local/store/lmdb.js';

/* The entry of a process that does no more than read the bytes of all vectors in a directory, one record's at a time. */

const [directory = ''] = process.argv.slice(2);
const start = performance.now();
const database = await openDatabase(join(directory, 'collections.mdb'));
// What is read moves the cursor that keys are listed with.
const keys = [...database.getKeys({ start: 'face-front/', end: 'face-front/~' })];
let bytes = 0;
for (const key of keys) {
  const record = readBytes(database, key);
  // What is mapped into memory is read when it is looked at.
  bytes += record ? Buffer.from(record).length : 0;
}
const milliseconds = performance.now() - start;
await database.close();
process.send?.({ milliseconds, bytes });
