import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupBy } from '../records/group-by.js';
import { unpackOne } from '../records/packed-vectors.js';
import { type CollectionRecord, type NewFace, Records } from '../records/records.js';
import { VIEWS } from '../search/face-vectors.js';
import type { Store } from '../store/store.js';
import { encodeFrame, encodeTitle } from './collection-file.js';
import { type ExportedUser, type Frame, toFacesFrame } from './frames.js';

/** Users and their faces. */
const PER_FRAME = 10_000;

/**
 * A collection as it is when the first bytes are asked for, in the portable format.
 *
 * @throws NoSuchCollectionError
 */
export async function* exportCollection(
  store: Store,
  collectionId: string,
): AsyncGenerator<Uint8Array, void, void> {
  const snapshot = store.snapshot();
  try {
    const records = new Records(snapshot);
    yield encodeTitle();
    let number = 0;
    for (const frame of framesOf(records, collectionId)) {
      yield encodeFrame(number++, frame);
      // A caller that takes the bytes at once would keep the event loop to itself.
      await nextTurn();
    }
  } finally {
    snapshot.release();
  }
}

function* framesOf(records: Records, collectionId: string): Generator<Frame, void, void> {
  const collection = records.collection(collectionId);
  const { createdAt, tags, faceCount, userCount, spaces } = collection;
  yield {
    kind: 'collection',
    collection: {
      collectionId,
      createdAt,
      tags,
      faceCount,
      userCount,
      spaces: faceCount > 0 ? spaces : {},
    },
  };
  for (const faces of facesByChunk(records, collection))
    for (const alike of groupBy(faces, viewsOf).values()) yield toFacesFrame(alike);

  let [users, size]: [ExportedUser[], number] = [[], 0];
  for (const { userId, faceIds } of records.users(collectionId)) {
    users.push({ userId, faceIds });
    size += 1 + faceIds.length;
    if (size < PER_FRAME) continue;
    yield { kind: 'users', users };
    [users, size] = [[], 0];
  }
  if (users.length > 0) yield { kind: 'users', users };
  yield { kind: 'end' };
}

/** All faces, without what only this store knows of them: those together whose vectors are. */
function* facesByChunk(
  records: Records,
  { collectionId, contents }: CollectionRecord,
): Generator<NewFace[], void, void> {
  const profiles = records.chunksOf(contents, 'face', 'profile');
  for (const { ids, vectors } of records.chunksOf(contents, 'face', 'front').all()) {
    // What is read next may overwrite them.
    const numbers = vectors.slice();
    yield ids.map((id, i) => {
      const { chunks, userId, ...face } = records.findFace(collectionId, id)!;
      const profile = chunks.profile === undefined ? undefined : profiles.find(chunks.profile, id);
      return { ...face, vectors: { front: unpackOne({ numbers }, ids.length, i), profile } };
    });
  }
  for (const { ids, vectors } of profiles.all())
    yield ids.flatMap((id, i) => {
      const { chunks, userId, ...face } = records.findFace(collectionId, id)!;
      const profile = unpackOne({ numbers: vectors }, ids.length, i);
      return chunks.front === undefined ? { ...face, vectors: { profile } } : [];
    });
}

/** Faces of one frame have vectors of the same views. */
function viewsOf({ vectors }: NewFace): string {
  return VIEWS.filter((view) => vectors[view]).join();
}
