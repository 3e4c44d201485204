import { readFile } from 'node:fs/promises';
import { readPixels } from '../../src/images/decode.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { FaceModels } from '../../src/local/vision/face-models.js';

/** What a process tells: that it begins, and what came of it. */
export type BombReport = 'ready' | { readonly outcome: string };

/* The entry of a process that decodes a file, as `annotate` and crops do, or has the models read it. */

const [file = '', reader] = process.argv.slice(2);
const bytes = await readFile(file);
const models = new FaceModels({ workers: 1 });
process.send?.('ready' satisfies BombReport);
const read = async () =>
  reader === 'engine'
    ? models.analyze(bytes, { vectors: 'to-search', attributes: false })
    : readPixels(fromBuffer(bytes));
const outcome = await read().then(
  () => 'decoded',
  (error: { problem?: string; message: string }) => error.problem ?? error.message,
);
process.send?.({ outcome } satisfies BombReport);
await models.close();
process.disconnect?.();
