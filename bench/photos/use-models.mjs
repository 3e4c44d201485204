/* A program that uses the built package, as a user's would: node use-models.mjs MODULE PHOTO… */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [module, ...photos] = process.argv.slice(2);
const { FaceModels } = await import(pathToFileURL(resolve(module)).href);
const models = new FaceModels({ workers: 2 });
const images = await Promise.all(photos.map((photo) => readFile(photo)));

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
await Promise.all(images.map((image) => models.analyze(image, { vectors: 'to-search', attributes: true })));
delay.disable();

// Node gives kilobytes on every system.
const peakMemory = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ peakMemory, longestStop: delay.max / 1e6 }));
