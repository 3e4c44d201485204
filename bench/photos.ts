/*
 * Measures the speed of face models on photos, beside `@vladmandic/face-api` on its WebAssembly backend.
 *
 *     npm run bench -- photos [--json FILE]
 *
 * Both read the same photos with as many threads, one after the other. Fails when a target is missed.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Figure, holds, toTable } from './figures.js';
import { measurePhotos } from './photos/figures-of-photos.js';
import { measureProcesses } from './photos/figures-of-processes.js';
import { measureSearches } from './photos/figures-of-searches.js';
import { makeTestPhotos } from './photos/test-photos.js';

const { values } = parseArgs({ strict: false, options: { json: { type: 'string' } } });

const photos = await makeTestPhotos();
const figures: Figure[] = [
  ...(await measureProcesses(photos)),
  ...(await measurePhotos(photos)),
  ...(await measureSearches(photos)),
];

console.log(
  `Where nothing else is said, the peer is @vladmandic/face-api on its WebAssembly backend.\n\n${toTable(figures)}`,
);
if (values.json !== undefined) {
  const report = figures.map((figure) => ({ ...figure, holds: holds(figure) }));
  await writeFile(String(values.json), JSON.stringify(report, null, 2));
}
process.exitCode = figures.some((figure) => holds(figure) === false) ? 1 : 0;
