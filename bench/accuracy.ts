/*
 * Measures how well people are told apart on labelled photos, beside @vladmandic/face-api as it ships.
 *
 *     npm run accuracy -- people --json accuracy.json
 *     npm run accuracy -- people --no-human --without-peer
 *
 * The folder holds `<user>/<photo>`, at any depth; bench/accuracy/labelled-photos.ts says what else. Of a portrait
 * the largest face counts. Rates come with the interval in which 95 of 100 choices of other people would put them.
 * `--no-human` leaves out the nets of @vladmandic/human.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readLabelledPhotos, SAMPLE_PHOTOS } from './accuracy/labelled-photos.js';
import { localEngine } from './accuracy/local-engine.js';
import { type Measurement, measure } from './accuracy/measure.js';
import { PEER } from './accuracy/peer.js';
import { toTables } from './accuracy/tables.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    json: { type: 'string' },
    human: { type: 'boolean' },
    'without-peer': { type: 'boolean', default: false },
  },
});
const [directory] = positionals;
if (directory === undefined || positionals.length > 1) {
  console.error('Usage: npm run accuracy -- DIR [--json FILE] [--no-human] [--without-peer]');
  process.exit(2);
}

const photos = [...(await readLabelledPhotos(directory)), ...SAMPLE_PHOTOS];
const people = new Set(photos.flatMap(({ person }) => person ?? []));
console.log(`${photos.length} photos, ${people.size} people`);

const measurements: Measurement[] = [await measure(localEngine({ human: values.human }), photos)];
if (!values['without-peer']) measurements.push(await measure(PEER, photos));

console.log(toTables(measurements));
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(measurements, null, 2));
