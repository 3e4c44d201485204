import { open, rm } from 'node:fs/promises';
import { onCollection } from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { answer } from '../output.js';
import { withLocalEngine } from '../place.js';
import { draw, wipe } from '../progress.js';
import { UsageError } from '../usage-error.js';

export const exportCommand = () =>
  onCollection('export', 'write a collection of the local engine to one portable file', [
    'rekollect export                          to people.rekollect',
    'rekollect export backup.rekollect --collection team',
  ])
    .argument('[file]', 'a path where there is nothing yet; default: the collection’s name and .rekollect')
    .action(async (given, options) => {
      const { collection: collectionId } = options;
      const file = given ?? `${collectionId}.rekollect`;
      const signal = untilInterrupted();
      const why =
        'Amazon Rekognition gives no face vectors out. Only the collections of --local can be exported.';
      const bytes = await withLocalEngine(options, { collections: 'there' }, why, (engine) =>
        writeWhole(file, engine.exportCollection(collectionId), signal),
      );
      answer(
        options,
        { collectionId, file, bytes },
        `Wrote the collection ${collectionId} to ${file}, ${bytes} bytes.`,
      );
    });

/** Writes a file for this user only: face vectors are biometric data. None is left that is not whole. */
async function writeWhole(
  file: string,
  parts: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  const target = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new UsageError(`${file} exists already. Name another, or move it away.`);
  });
  try {
    let bytes = 0;
    for await (const part of parts) {
      signal.throwIfAborted();
      await target.writeFile(part);
      bytes += part.length;
      draw({ done: bytes, latest: 'bytes' });
    }
    await target.sync();
    return bytes;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    wipe();
    await target.close();
  }
}
