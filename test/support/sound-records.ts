import { expect } from 'vitest';
import { asStored } from '../../src/local/records/packed-vectors.js';
import { type CollectionRecord, KEYS, OWNERS, Records } from '../../src/local/records/records.js';
import { userVector } from '../../src/local/records/user-vector.js';
import { type FaceVectors, VIEWS } from '../../src/local/search/face-vectors.js';
import { unpackIds } from '../../src/local/search/packed-ids.js';
import { quantizeVectors } from '../../src/local/search/quantized-vectors.js';
import type { Reading } from '../../src/local/store/store.js';

/** Holds everything a store has on a collection against each other: counts, both sides of associations, vectors. */
export function expectSound(source: Reading, collectionId: string): void {
  const records = new Records(source);
  const collection = records.collection(collectionId);
  const faces = [...records.faces(collectionId)];
  const users = [...records.users(collectionId)];
  expect(collection).toMatchObject({ faceCount: faces.length, userCount: users.length });

  for (const owner of OWNERS) {
    const all =
      owner === 'face'
        ? faces.map(({ faceId, chunks }) => ({ id: faceId, chunks }))
        : users.map(({ userId, chunks }) => ({ id: userId, chunks }));
    for (const view of VIEWS) {
      const kept = records.chunksOf(collection.contents, owner, view);
      const chunks = Array.from(kept.all(), (chunk) => ({ ...chunk, vectors: chunk.vectors.slice() }));
      expect(Array.from(kept.allQuantized(), ({ ids, scales }) => [unpackIds(ids), scales.slice()])).toEqual(
        chunks.map(({ ids, vectors }) => {
          const length = vectors.length / ids.length;
          return [
            ids,
            quantizeVectors(ids.map((_, i) => vectors.subarray(i * length, (i + 1) * length))).scales,
          ];
        }),
      );
      const expected = all.flatMap(({ id, chunks }) => (chunks[view] === undefined ? [] : id));
      expect(chunks.flatMap(({ ids }) => ids).sort()).toEqual(expected.sort());
    }
  }
  const named = faces.filter(({ externalImageId }) => externalImageId !== undefined);
  expect([...source.keys(`image/${collection.contents}/`)]).toEqual(
    named.map(({ imageId, faceId }) => KEYS.imageFace(collection.contents, imageId, faceId)).sort(),
  );

  const pairsOfFaces = faces.flatMap(({ userId, faceId }) => (userId ? [`${userId} ${faceId}`] : []));
  const pairsOfUsers = users.flatMap(({ userId, faceIds }) => faceIds.map((faceId) => `${userId} ${faceId}`));
  expect(pairsOfUsers.sort()).toEqual(pairsOfFaces.sort());
  for (const user of users) {
    const ofFaces = user.faceIds.map((faceId) =>
      records.faceVectors(collectionId, records.findFace(collectionId, faceId)!),
    );
    expect(records.userVectors(collectionId, user)).toEqual(combined(collection, ofFaces));
  }
}

/** What a user of such faces has to be recognised by. */
function combined({ spaces }: CollectionRecord, faces: readonly FaceVectors[]): FaceVectors {
  const [front, profile] = VIEWS.map((view) => {
    const vectors = faces.flatMap((face) => face[view] ?? []);
    return vectors.length > 0 ? asStored(view, userVector(spaces[view]!.metric, vectors)) : undefined;
  });
  return { front, profile };
}
