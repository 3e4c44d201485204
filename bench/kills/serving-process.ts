/* Serves the directory it is given until it is killed, and says on standard output where, and a photo for it. */
import { LocalRekognition } from '../../src/local/index.js';
import { serve } from '../../src/server/index.js';
import { declaredFaces } from '../../src/testing/declared-faces.js';
import { PEOPLE } from './enroll-for-ever.js';

/** What it says. */
export interface Serving {
  readonly url: string;
  /** In base64. */
  readonly photo: string;
}

const vision = declaredFaces();
const client = new LocalRekognition({ directory: process.argv[2], vision });
const { url } = await serve({ client, port: 0 });
const photo = (await vision.photo(PEOPLE)).toString('base64');
process.stdout.write(`${JSON.stringify({ url, photo } satisfies Serving)}\n`);
