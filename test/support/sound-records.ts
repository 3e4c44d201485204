import type { Reading } from 'rekollect/local';
import { expect } from 'vitest';
import { KEYS, Records } from '../../src/local/store/records.js';
import { userVector } from '../../src/local/user-vector.js';

/** Holds everything a store has on a collection against each other: counts, both sides of associations, vectors. */
export function expectSound(source: Reading, collectionId: string): void {
  const records = new Records(source);
  const collection = records.collection(collectionId);
  const faces = [...records.faces(collectionId)];
  const users = [...records.users(collectionId)];
  expect(collection).toMatchObject({ faceCount: faces.length, userCount: users.length });

  const chunked = [...records.faceVectors(collection).all()].flatMap(({ ids }) => ids);
  expect(chunked.sort()).toEqual(faces.map(({ faceId }) => faceId));
  const named = faces.filter(({ externalImageId }) => externalImageId !== undefined);
  expect([...source.keys(`image/${collection.contents}/`)]).toEqual(
    named.map(({ imageId, faceId }) => KEYS.imageFace(collection.contents, imageId, faceId)).sort(),
  );

  const pairsOfFaces = faces.flatMap(({ userId, faceId }) => (userId ? [`${userId} ${faceId}`] : []));
  const pairsOfUsers = users.flatMap(({ userId, faceIds }) => faceIds.map((faceId) => `${userId} ${faceId}`));
  expect(pairsOfUsers.sort()).toEqual(pairsOfFaces.sort());
  for (const user of users) {
    const vectors = user.faceIds.map((faceId) =>
      records.faceVector(collectionId, records.findFace(collectionId, faceId)!),
    );
    expect(records.userVector(collectionId, user)).toEqual(
      vectors.length > 0 ? userVector(vectors) : undefined,
    );
  }
  const userChunks = [...records.userVectors(collection).all()];
  const withFaces = users.filter(({ faceIds }) => faceIds.length > 0);
  expect(
    Object.fromEntries(userChunks.flatMap(({ ids, faces: made }) => ids.map((id, i) => [id, made[i]]))),
  ).toEqual(Object.fromEntries(withFaces.map(({ userId, faceIds }) => [userId, faceIds.length])));
}
