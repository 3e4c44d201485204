import { randomUUID } from 'node:crypto';
import { ChangingRecords } from '../../src/local/records/changing-records.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';
import { MadeUpFaces } from '../vectors/made-up-faces.js';

const FACES_PER_WRITE = 6300;

export const COLLECTION = 'many';

/** The space that made-up faces belong to. */
export const SPACE: VectorSpace = {
  version: 'made up',
  length: 192,
  metric: 'cosine',
  similarity: (distance) => 100 - 50 * distance,
};

/** Makes a collection of so many faces in a directory, and closes it. */
export async function fillDirectory(directory: string, faceCount: number): Promise<void> {
  const store = await openDiskStore(directory);
  const madeUp = new MadeUpFaces(192);
  await store.write((transaction) => new ChangingRecords(transaction).addCollection(COLLECTION, 0, {}));
  for (let first = 0; first < faceCount; first += FACES_PER_WRITE) {
    const faces = Array.from({ length: Math.min(FACES_PER_WRITE, faceCount - first) }, (_, i) => ({
      faceId: randomUUID(),
      imageId: randomUUID(),
      boundingBox: { left: 0.25, top: 0.25, width: 0.5, height: 0.5 },
      confidence: 99.9,
      vectors: { front: madeUp.make(first + i) },
    }));
    await store.write((transaction) =>
      new ChangingRecords(transaction).addFaces(COLLECTION, faces, { front: SPACE }),
    );
  }
  await store.close();
}
