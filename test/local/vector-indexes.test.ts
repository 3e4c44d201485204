import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { DamagedDataError, MemoryStore, type Store } from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDiskStore } from '../../src/local/store/disk.js';
import { openDatabase } from '../../src/local/store/lmdb.js';
import { ChangingRecords, KEYS, Records } from '../../src/local/store/records.js';
import { VectorIndexes } from '../../src/local/vector-indexes.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';
import { bellCurve } from '../support/indexed-vectors.js';
import { aDirectory, STORES } from '../support/stores.js';

/** Of such long vectors, a chunk holds two. */
const SPACE: VectorSpace = {
  version: 'test',
  parts: [{ name: 'a', length: 4096, weight: 1 }],
  similarity: (distance, faces) => Math.max(0, 100 - distance / faces),
};
const ALL = { limit: 10_000 };
const next = bellCurve(1);
const aVector = () => Float32Array.from({ length: 4096 }, next);

/** A collection and its indexes, changed together as the engine does it. */
class IndexedCollection {
  indexes = new VectorIndexes();
  readonly records: Records;
  #faces = 0;

  constructor(readonly store: Store) {
    this.records = new Records(store);
  }

  async change(work: (records: ChangingRecords) => void): Promise<void> {
    const updates = await this.store.write((transaction) => {
      const changing = new ChangingRecords(transaction);
      work(changing);
      return changing.indexUpdates;
    });
    for (const update of updates) update(this.indexes);
  }

  addFaces(count: number): Promise<void> {
    const faces = Array.from({ length: count }, () => ({
      faceId: `face-${this.#faces++}`,
      imageId: 'image',
      boundingBox: { left: 0, top: 0, width: 1, height: 1 },
      confidence: 99,
      vector: aVector(),
    }));
    return this.change((records) => records.addFaces('team', faces, SPACE.version));
  }

  index() {
    return this.indexes.of(this.records.collection('team'), SPACE, this.records);
  }

  /** All that it finds near to a vector, nearest first. */
  async search(vector: Float32Array) {
    const { faces, users } = await this.index();
    return {
      faces: await faces.nearest(vector, ALL),
      users: await users.mostSimilar(vector, { ...ALL, threshold: 0 }),
      sizes: [faces.size, users.size],
    };
  }
}

async function aCollectionOf(faces: number, store: Store = new MemoryStore()): Promise<IndexedCollection> {
  const collection = new IndexedCollection(store);
  await collection.change((records) => records.addCollection('team', 0, {}));
  await collection.addFaces(faces);
  return collection;
}

describe.each(STORES)('the index of a collection %s', (_, open) => {
  it('knows what was changed while it was filled', async () => {
    const aChange = fc.record({
      what: fc.constantFrom('add faces', 'delete a face', 'make a user', 'add to a user', 'delete a user'),
      /** Says which one: from the first to the last. */
      where: fc.double({ min: 0, max: 0.999, noNaN: true }),
      /** Whether the filling goes on before the next change. */
      goesOn: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(aChange, { minLength: 5, maxLength: 25 }), async (changes) => {
        const collection = await aCollectionOf(200, await open());
        const { records } = collection;
        let users = 0;
        const change = (what: string, where: number) => {
          if (what === 'add faces') return collection.addFaces(3);
          return collection.change((changing) => {
            const pick = <Item>(items: Item[]) => items[Math.floor(where * items.length)];
            const face = pick([...changing.faces('team')].filter(({ userId }) => userId === undefined));
            const user = pick([...changing.users('team')]);
            if (what === 'delete a face' && face) changing.deleteFace('team', face);
            if (what === 'make a user' && face) {
              const userId = `user-${users++}`;
              changing.addUser('team', userId);
              changing.setFacesOfUser('team', changing.user('team', userId), [face.faceId]);
            }
            if (what === 'add to a user' && user && face)
              changing.setFacesOfUser('team', user, [...user.faceIds, face.faceId]);
            if (what === 'delete a user' && user) changing.deleteUser('team', user);
          });
        };
        for (let i = 0; i < 8; i++) await change('make a user', i / 8);

        const changed: Promise<unknown>[] = [collection.index()];
        for (const { what, where, goesOn } of changes) {
          changed.push(change(what, where));
          if (goesOn) await nextTurn();
        }
        await Promise.all(changed);

        const vector = aVector();
        const found = await collection.search(vector);
        const { faceCount } = records.collection('team');
        const withFaces = [...records.users('team')].filter(({ faceIds }) => faceIds.length > 0);
        expect(found.sizes).toEqual([faceCount, withFaces.length]);
        // What an index finds that is filled now.
        collection.indexes = new VectorIndexes();
        expect(found).toEqual(await collection.search(vector));
      }),
      { numRuns: 10 },
    );
  });
});

describe('filling an index', () => {
  it('lets others have their turn', async () => {
    const collection = await aCollectionOf(300);
    const order: string[] = [];
    const filling = collection.index().then(() => order.push('filled'));
    await nextTurn();
    await collection.addFaces(1);
    order.push('added a face');
    await filling;
    expect(order).toEqual(['added a face', 'filled']);
  });

  it('happens once for all who ask meanwhile, and nobody gets it half full', async () => {
    const collection = await aCollectionOf(300);
    const first = collection.search(aVector());
    await nextTurn();
    const [one, two] = await Promise.all([collection.index(), collection.index(), first]);
    expect(one).toBe(two);
    expect((await first).faces).toHaveLength(300);
  });

  it('stops when the collection is deleted', async () => {
    const collection = await aCollectionOf(300);
    const { contents } = collection.records.collection('team');
    const search = collection.search(aVector());
    await nextTurn();
    await collection.change((records) => {
      records.deleteCollection('team');
      records.addCollection('team', 0, {});
    });
    await collection.addFaces(2);
    const read = vi.spyOn(collection.store, 'get');
    expect((await search).faces).toEqual([]);
    expect(read).not.toHaveBeenCalledWith(expect.stringContaining(KEYS.faceVectors(contents)));
    expect(collection.indexes.begun(contents)).toBeUndefined();
    expect((await collection.search(aVector())).faces).toHaveLength(2);
  });

  it('tells of a damaged chunk, answers everything else, and succeeds once that is mended', async () => {
    const directory = await aDirectory();
    const file = join(directory, 'collections.mdb');
    const store = await openDiskStore(directory);
    const collection = await aCollectionOf(200, store);
    const { records } = collection;
    const key = `${KEYS.faceVectors(records.collection('team').contents)}00000080`;
    const database = await openDatabase(file);
    onTestFinished(async () => {
      await store.close();
      await database.close();
    });
    const whole = Buffer.from(database.get(key)!);
    const damaged = Buffer.from(whole);
    damaged[20_000]! ^= 1;
    await database.put(key, damaged);

    const searches = [collection.search(aVector()), collection.search(aVector())];
    for (const outcome of await Promise.allSettled(searches))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: expect.objectContaining({ code: 'DAMAGED_DATA', file }),
      });
    await expect(collection.index()).rejects.toThrow(DamagedDataError);
    expect([...records.faces('team')]).toHaveLength(200);
    await collection.addFaces(1);

    await database.put(key, whole);
    expect((await collection.search(aVector())).faces).toHaveLength(201);
  });
});
