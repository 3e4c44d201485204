import type { Reading } from 'rekollect/local';
import { expect } from 'vitest';
import { KEYS, Records } from '../../src/local/store/records.js';
import { unpacked } from '../../src/local/store/vector-chunks.js';
import { userVector } from '../../src/local/user-vector.js';
import { pickRows, Sketcher } from '../../src/local/vectors/sketch.js';
import { VectorTables } from '../../src/local/vectors/tables.js';

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
  expectSketched(records, collectionId);
  const userChunks = [...records.userVectors(collection).all()];
  const withFaces = users.filter(({ faceIds }) => faceIds.length > 0);
  expect(
    Object.fromEntries(userChunks.flatMap(({ ids, faces: made }) => ids.map((id, i) => [id, made[i]]))),
  ).toEqual(Object.fromEntries(withFaces.map(({ userId, faceIds }) => [userId, faceIds.length])));
}

/** The sketches have to be those of the vectors, no more and no fewer. */
function expectSketched(records: Records, collectionId: string): void {
  const collection = records.collection(collectionId);
  const { learned, partLengths = [] } = collection;
  const tables = new VectorTables(partLengths);
  const sketcher = new Sketcher(tables, records.projections(collection));
  const vectors = {
    faces: new Map([...records.faceVectors(collection).all()].flatMap(unpacked).map((one) => [one.id, one])),
    users: new Map([...records.userVectors(collection).all()].flatMap(unpacked).map((one) => [one.id, one])),
  };
  for (const [all, held] of [
    [records.sketches(collection), tables.coarse(learned !== undefined)],
    [records.fineSketches(collection), tables.fine(learned !== undefined)],
  ] as const) {
    for (const kind of ['faces', 'users'] as const) {
      const ids: string[] = [];
      for (const { ids: some, faces, ...sketch } of all[kind].all()) {
        const stored = some.map((id) => vectors[kind].get(id)!);
        const numbers = new Float32Array(stored.flatMap(({ vector }) => Array.from(vector)));
        const whole = sketcher.sketch(numbers);
        const rows = some.map((_, row) => ({ sketch: whole, row }));
        expect(sketch).toEqual(pickRows(tables, held, rows));
        expect(faces).toEqual(stored.map((one) => one.faces));
        ids.push(...some);
      }
      expect(ids.sort()).toEqual(held.length > 0 ? [...vectors[kind].keys()].sort() : []);
    }
  }
}
