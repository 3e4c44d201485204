/* Enrolls people into the directory it is given until it is killed, and says on standard output what was answered. */
import { LocalRekognition } from '../../src/local/index.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { enrollForEver, PEOPLE } from './enroll-for-ever.js';

const [directory = '', run = ''] = process.argv.slice(2);

const vision = declaredFaces();
const client = new LocalRekognition({ directory, vision });
const photo = await vision.photo(PEOPLE);
await enrollForEver(client, photo, run, (answered) => process.stdout.write(`${JSON.stringify(answered)}\n`));
