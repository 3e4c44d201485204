import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { DamagedDataError } from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChangingRecords } from '../../src/local/records/changing-records.js';
import { purgeDeletedContents } from '../../src/local/records/deleted-contents.js';
import { MixedModelsError } from '../../src/local/records/record-errors.js';
import { KEYS, type NewFace, Records, type VectorOwner } from '../../src/local/records/records.js';
import { distance } from '../../src/local/search/distances.js';
import type { View } from '../../src/local/search/face-vectors.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { openDatabase } from '../../src/local/store/lmdb.js';
import { MemoryStore } from '../../src/local/store/memory.js';
import type { Store } from '../../src/local/store/store.js';
import { VectorIndexes } from '../../src/local/vector-indexes.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';
import { bellCurve } from '../support/indexed-vectors.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory, STORES } from '../support/stores.js';

/** Of such long vectors, a chunk holds two. */
const SPACE: VectorSpace = {
  version: 'test',
  length: 4000,
  metric: 'euclidean',
  similarity: (distance) => Math.max(0, 100 - distance),
};
const PROFILES: VectorSpace = { ...SPACE, version: 'profiles', length: 8 };
const ALL = { limit: 10_000 };
const next = bellCurve(1);
const aVector = (length = SPACE.length) => Float32Array.from({ length }, next);

/** A collection and its indexes, changed together as the engine does it. */
class IndexedCollection {
  indexes = new VectorIndexes();
  readonly records: Records;
  /** Of all faces that there ever were. */
  readonly vectors = new Map<string, Float32Array>();

  readonly store: Store;
  readonly space: VectorSpace;

  constructor(store: Store, space: VectorSpace) {
    this.store = store;
    this.space = space;
    this.records = new Records(store);
  }

  async change(work: (records: ChangingRecords) => void): Promise<void> {
    const events = await this.store.write((transaction) => {
      const changing = new ChangingRecords(transaction);
      work(changing);
      return changing.events;
    });
    this.indexes.apply(events);
  }

  addFaces(count: number): Promise<void> {
    return this.change((records) =>
      records.addFaces('team', this.newFaces(count), { front: this.space, profile: PROFILES }),
    );
  }

  /** Of every third there is nothing but a profile. */
  newFaces(count: number): NewFace[] {
    return Array.from({ length: count }, () => {
      const faceId = `face-${this.vectors.size}`;
      const isProfile = this.vectors.size % 3 === 2;
      const vector = aVector(isProfile ? PROFILES.length : this.space.length);
      this.vectors.set(faceId, vector);
      return {
        faceId,
        imageId: 'image',
        boundingBox: { left: 0, top: 0, width: 1, height: 1 },
        confidence: 99,
        vectors: isProfile ? { profile: vector } : { front: vector },
      };
    });
  }

  index(owner: VectorOwner = 'face', view: View = 'front') {
    const space = view === 'front' ? this.space : PROFILES;
    return this.indexes.of('team', { owner, view }, space, this.records);
  }

  /** All that it finds near to a vector, nearest first. */
  async search(vector: Float32Array, profile = aVector(PROFILES.length)) {
    const found = async (owner: VectorOwner, view: View) => {
      const index = await this.index(owner, view);
      return { size: index.size, nearest: await index.nearest(view === 'front' ? vector : profile, ALL) };
    };
    return {
      faces: await found('face', 'front'),
      users: await found('user', 'front'),
      profiles: await found('face', 'profile'),
      userProfiles: await found('user', 'profile'),
    };
  }
}

async function aCollectionOf(
  faces: number,
  store: Store = new MemoryStore(),
  space = SPACE,
): Promise<IndexedCollection> {
  const collection = new IndexedCollection(store, space);
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
            if (what === 'delete a face' && face) changing.deleteFaces('team', [face]);
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

        const changed: Promise<unknown>[] = [
          collection.index('face', 'front'),
          collection.index('face', 'profile'),
          collection.index('user', 'front'),
          collection.index('user', 'profile'),
        ];
        for (const { what, where, goesOn } of changes) {
          changed.push(change(what, where));
          if (goesOn) await nextTurn();
        }
        await Promise.all(changed);

        const [vector, profile] = [aVector(), aVector(PROFILES.length)];
        const found = await collection.search(vector, profile);
        const isOf = (view: View) => (one: { chunks: { [view in View]?: number | undefined } }) =>
          one.chunks[view] !== undefined;
        const [faces, withFaces] = [[...records.faces('team')], [...records.users('team')]];
        expect(Object.values(found).map(({ size }) => size)).toEqual([
          faces.filter(isOf('front')).length,
          withFaces.filter(isOf('front')).length,
          faces.filter(isOf('profile')).length,
          withFaces.filter(isOf('profile')).length,
        ]);
        // What an index finds that is filled now.
        collection.indexes = new VectorIndexes();
        expect(found).toEqual(await collection.search(vector, profile));
      }),
      { numRuns: 10 },
    );
  });
});

/** Each look at the clock finds it a millisecond later. */
function aSlowMachine(): void {
  let time = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time++);
  onTestFinished(() => clock.mockRestore());
}

describe('filling an index', () => {
  it('lets others have their turn', async () => {
    aSlowMachine();
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
    aSlowMachine();
    const collection = await aCollectionOf(300);
    const first = collection.search(aVector());
    await nextTurn();
    const [one, two] = await Promise.all([collection.index(), collection.index(), first]);
    expect(one).toBe(two);
    expect((await first).faces.nearest).toHaveLength(200);
  });

  it('stops when the collection is deleted', async () => {
    aSlowMachine();
    const collection = await aCollectionOf(300);
    const { contents } = collection.records.collection('team');
    const index = collection.index();
    await nextTurn();
    await collection.change((records) => {
      records.deleteCollection('team');
      records.addCollection('team', 0, {});
    });
    await collection.addFaces(2);
    const read = vi.spyOn(collection.store, 'get');
    expect((await index).size).toBe(2);
    const ofDeleted = expect.stringContaining(KEYS.quantizedVectors(contents, 'face', 'front'));
    expect(read).not.toHaveBeenCalledWith(ofDeleted);
  });

  it('leaves profiles alone until one is searched', async () => {
    const collection = await aCollectionOf(30);
    const { contents } = collection.records.collection('team');
    const read = vi.spyOn(collection.store, 'get');
    await collection.index();
    const ofProfiles = expect.stringContaining(KEYS.vectors(contents, 'face', 'profile'));
    expect(read).not.toHaveBeenCalledWith(ofProfiles);
    expect((await collection.index('face', 'profile')).size).toBe(10);
    expect(read).toHaveBeenCalledWith(ofProfiles);
  });

  describe('from damaged records', () => {
    /** A collection on disk, of which one record can be damaged and mended. */
    const aCollectionOnDisk = async (faces: number, space = SPACE) => {
      const directory = await aDirectory();
      const file = join(directory, 'collections.mdb');
      const store = await openDiskStore(directory);
      const collection = await aCollectionOf(faces, store, space);
      const database = await openDatabase(file);
      onTestFinished(async () => {
        await store.close();
        await database.close();
      });
      const { contents } = collection.records.collection('team');
      const damage = async (keyOf: typeof KEYS.vectors) => {
        const key = `${keyOf(contents, 'face', 'front')}00000003`;
        const whole = Buffer.from(database.get(key)!);
        const damaged = Buffer.from(whole);
        damaged[whole.length - 100]! ^= 1;
        const put = async (bytes: Buffer) => {
          await database.put(key, bytes);
          // LMDB shows what it showed before until the turn is over.
          await setTimeout(0);
        };
        await put(damaged);
        return () => put(whole);
      };
      return { collection, damage, refused: { code: 'DAMAGED_DATA', file } };
    };

    it('tells of damaged vectors, answers everything else, and succeeds once they are mended', async () => {
      const { collection, damage, refused } = await aCollectionOnDisk(200);
      const mend = await damage(KEYS.quantizedVectors);
      for (const outcome of await Promise.allSettled([collection.index(), collection.index()]))
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.objectContaining(refused) });
      await expect(collection.index()).rejects.toThrow(DamagedDataError);
      expect((await collection.index('face', 'profile')).size).toBe(66);
      expect([...collection.records.faces('team')]).toHaveLength(200);
      await collection.addFaces(2);

      await mend();
      expect((await collection.index()).size).toBe(135);
    });

    it('tells of a damaged vector when a search has to measure it', async () => {
      const { collection, damage, refused } = await aCollectionOnDisk(200);
      const index = await collection.index();
      const mend = await damage(KEYS.vectors);
      const searching = (limit: number) => index.nearest(collection.vectors.get('face-51')!, { limit });
      await expect(searching(200)).rejects.toMatchObject(refused);
      expect(await searching(1)).toEqual([{ key: 'face-51', distance: 0 }]);
      await mend();
      expect(await searching(200)).toHaveLength(134);
    });
  });
});

describe('a collection', () => {
  it('finds what measuring all finds, by either view', async () => {
    const collection = await aCollectionOf(300);
    const { faces, profiles } = await collection.search(collection.vectors.get('face-0')!);
    const all = [...collection.vectors].filter(([, { length }]) => length === SPACE.length);
    const measured = all.map(([key, vector]) => ({
      key,
      distance: distance('euclidean', collection.vectors.get('face-0')!, vector),
    }));
    expect(faces.nearest).toEqual(measured.sort((a, b) => a.distance - b.distance));
    expect(profiles.size).toBe(100);
  });

  it('leaves nothing behind', async () => {
    const collection = await aCollectionOf(30);
    await collection.change((records) => {
      for (const [i, userId] of ['ada', 'grace'].entries()) {
        records.addUser('team', userId);
        const faceIds = [`face-${3 * i}`, `face-${3 * i + 2}`];
        records.setFacesOfUser('team', records.user('team', userId), faceIds);
      }
    });
    expectSound(collection.store, 'team');
    await collection.change((records) => records.deleteCollection('team'));
    await purgeDeletedContents(collection.store, () => false);
    expect([...collection.store.keys('')]).toEqual([]);
  });

  it('that is emptied takes faces of other models, also shorter ones', async () => {
    const { store } = await aCollectionOf(30);
    const other = { ...SPACE, version: 'other', length: 16 };
    const collection = new IndexedCollection(store, other);
    await expect(collection.addFaces(1)).rejects.toThrow(MixedModelsError);
    await collection.change((records) => records.deleteFaces('team', [...records.faces('team')]));
    expect([...store.keys('face-')]).toEqual([]);
    expect((await collection.index()).size).toBe(0);
    collection.vectors.clear();
    await collection.addFaces(60);
    expect(collection.records.collection('team').spaces.front).toMatchObject({
      version: 'other',
      length: 16,
    });
    const vector = collection.vectors.get('face-51')!;
    expect(await (await collection.index()).nearest(vector, { limit: 1 })).toEqual([
      { key: 'face-51', distance: 0 },
    ]);
    expectSound(store, 'team');
  });
});
