import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ExportedUser, encodeFrame, encodeTitle, type Frame } from './store/collection-file.js';
import { type FaceDetails, Records } from './store/records.js';
import type { Store } from './store/store.js';
import type { VectorChunk } from './store/vector-chunks.js';

const USERS_PER_FRAME = 100;

/**
 * A collection as it is when the first bytes are asked for, in the portable format.
 *
 * @throws ResourceNotFoundException
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
      // Whoever takes the bytes may be so quick that nobody else gets a turn.
      await nextTurn();
    }
  } finally {
    snapshot.release();
  }
}

function* framesOf(records: Records, collectionId: string): Generator<Frame, void, void> {
  const collection = records.collection(collectionId);
  const { createdAt, tags, faceCount, userCount, vectorSpace } = collection;
  yield {
    kind: 'collection',
    collection: {
      collectionId,
      createdAt,
      tags,
      faceCount,
      userCount,
      ...(faceCount > 0 && vectorSpace !== undefined && { vectorSpace }),
    },
  };
  for (const chunk of records.faceVectors(collection).all())
    yield { kind: 'faces', faces: facesOf(records, collectionId, chunk), vectors: chunk.numbers };

  let users: ExportedUser[] = [];
  for (const { userId, faceIds } of records.users(collectionId)) {
    users.push({ userId, faceIds });
    if (users.length < USERS_PER_FRAME) continue;
    yield { kind: 'users', users };
    users = [];
  }
  if (users.length > 0) yield { kind: 'users', users };
  yield { kind: 'end' };
}

/** Faces without what only this store knows of them. */
function facesOf(records: Records, collectionId: string, { ids }: VectorChunk): FaceDetails[] {
  return ids.map((id) => {
    const { chunk, userId, ...details } = records.findFace(collectionId, id)!;
    return details;
  });
}
