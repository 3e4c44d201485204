import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { FaceModels } from '../../src/local/vision/face-models.js';
import { SAMPLE_PHOTOS } from '../accuracy/labelled-photos.js';

/** What a process does while a photo is being read. */
export type Ending = 'abort, close' | 'abort, nothing more' | 'process.exit' | 'uncaught error' | 'finish';

/*
 * The entry of a process: begins to read a photo, and ends in the given way after so many milliseconds. They count
 * from the very start, where nets are still being loaded, or from a first photo that was read.
 */

const [ending, wait, first] = process.argv.slice(2) as [Ending, string, 'cold' | 'warm'];
const photo = await readFile(SAMPLE_PHOTOS[3]!.path);
const models = new FaceModels({ workers: 2 });
const request = { vectors: 'to-keep', attributes: true } as const;
if (first === 'warm') await models.analyze(photo, request);

const caller = new AbortController();
const reading = [1, 2].map(() =>
  models.analyze(photo, { ...request, signal: caller.signal }).catch(() => {}),
);
await after(Number(wait));
const isAborted = ending.startsWith('abort');
if (isAborted) caller.abort();
process.send?.('ending');
if (ending === 'process.exit') process.exit();
if (ending === 'uncaught error') throw new Error('Nobody catches this.');
if (ending === 'abort, close') await models.close();
await Promise.all(reading);
process.disconnect?.();
