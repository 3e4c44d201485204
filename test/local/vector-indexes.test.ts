import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { DamagedDataError, MemoryStore, type Store } from 'rekollect/local';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { distance } from '../../src/local/distances.js';
import { ChangingRecords } from '../../src/local/store/changing-records.js';
import { openDiskStore } from '../../src/local/store/disk.js';
import { LEARN_AT } from '../../src/local/store/learned-projections.js';
import { clearLeftovers } from '../../src/local/store/leftovers.js';
import { openDatabase } from '../../src/local/store/lmdb.js';
import { KEYS, type NewFace, Records } from '../../src/local/store/records.js';
import { UserIndex } from '../../src/local/user-index.js';
import { VectorIndexes } from '../../src/local/vector-indexes.js';
import { FaceIndex } from '../../src/local/vectors/face-index.js';
import type { VectorSpace } from '../../src/local/vision/vision.js';
import { bellCurve } from '../support/indexed-vectors.js';
import { expectSound } from '../support/sound-records.js';
import { aDirectory, aDiskStore, STORES } from '../support/stores.js';

/** Of such long vectors, a chunk holds two. */
const SPACE: VectorSpace = {
  version: 'test',
  parts: Array.from({ length: 16 }, (_, i) => ({ name: `part ${i}`, length: 250, weight: 0.1 })),
  similarity: (distance, faces) => Math.max(0, 100 - distance / faces),
};
const ALL = { limit: 10_000 };
const next = bellCurve(1);
const aVector = (length = 4000) => Float32Array.from({ length }, next);

/** Of vectors long enough to learn from. */
const LONG: VectorSpace = {
  version: 'long',
  parts: [
    { name: 'a', length: 16, weight: 1 },
    { name: 'b', length: 256, weight: 0.5, weightAlone: 1.1 },
  ],
  similarity: (distance, faces) => Math.max(0, 100 - distance / faces),
};

/** A collection and its indexes, changed together as the engine does it. */
class IndexedCollection {
  indexes = new VectorIndexes();
  readonly records: Records;
  /** Of all faces that there ever were. */
  readonly vectors = new Map<string, Float32Array>();

  constructor(
    readonly store: Store,
    readonly space: VectorSpace,
  ) {
    this.records = new Records(store);
  }

  async change(work: (records: ChangingRecords) => void): Promise<void> {
    const tell = await this.changeUntold(work);
    tell();
  }

  /** @returns tells the indexes */
  async changeUntold(work: (records: ChangingRecords) => void): Promise<() => void> {
    const updates = await this.store.write((transaction) => {
      const changing = new ChangingRecords(transaction);
      work(changing);
      return changing.indexUpdates;
    });
    return () => {
      for (const update of updates) update(this.indexes);
    };
  }

  addFaces(count: number): Promise<void> {
    return this.change((records) => records.addFaces('team', this.newFaces(count), this.space));
  }

  newFaces(count: number, length = this.space.parts.reduce((sum, part) => sum + part.length, 0)): NewFace[] {
    return Array.from({ length: count }, () => {
      const faceId = `face-${this.vectors.size}`;
      const vector = aVector(length);
      // Some were seen without their first part.
      if (this.space.parts.length > 1 && this.vectors.size % 50 === 0) vector.fill(0, 0, 16);
      this.vectors.set(faceId, vector);
      return {
        faceId,
        imageId: 'image',
        boundingBox: { left: 0, top: 0, width: 1, height: 1 },
        confidence: 99,
        vector,
      };
    });
  }

  /** Users of one and of two faces. */
  async makeUsers(count: number): Promise<void> {
    const free = [...this.records.faces('team')].filter(({ userId }) => userId === undefined);
    await this.change((records) => {
      for (let i = 0; i < count; i++) {
        const userId = `user-${records.collection('team').userCount}`;
        records.addUser('team', userId);
        const faceIds = free.splice(0, 1 + (i % 2)).map(({ faceId }) => faceId);
        records.setFacesOfUser('team', records.user('team', userId), faceIds);
      }
    });
  }

  index() {
    return this.indexes.of(this.records.collection('team'), this.space, this.records);
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

  /** Holds what is found near to some vectors against measuring all. */
  async expectExact(): Promise<void> {
    const { faces, users } = await this.index();
    const { parts } = this.space;
    for (const vector of [this.vectors.get('face-50')!, this.vectors.get('face-3')!, aVector(272)]) {
      const all = [...this.records.faces('team')]
        .map(({ faceId }) => ({ key: faceId, distance: distance(parts, vector, this.vectors.get(faceId)!) }))
        .sort((a, b) => a.distance - b.distance);
      expect(faces.size).toBe(all.length);
      expect(await faces.nearest(vector, { limit: 30 })).toEqual(all.slice(0, 30));

      const similar = [...this.records.users('team')].map((user) => {
        const away = distance(parts, vector, this.records.userVector('team', user)!);
        return { userId: user.userId, similarity: this.space.similarity(away, user.faceIds.length) };
      });
      similar.sort((a, b) => b.similarity - a.similarity);
      expect(await users.mostSimilar(vector, { limit: 5, threshold: 0 })).toEqual(similar.slice(0, 5));
    }
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
      const damage = async (prefix: (contents: string) => string) => {
        const key = `${prefix(contents)}00000003`;
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

    it('tells of a damaged sketch, answers everything else, and succeeds once that is mended', async () => {
      const { collection, damage, refused } = await aCollectionOnDisk(200);
      const mend = await damage(KEYS.faceSketches);
      const searches = [collection.search(aVector()), collection.search(aVector())];
      for (const outcome of await Promise.allSettled(searches))
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.objectContaining(refused) });
      await expect(collection.index()).rejects.toThrow(DamagedDataError);
      expect([...collection.records.faces('team')]).toHaveLength(200);
      await collection.addFaces(1);

      await mend();
      expect((await collection.search(aVector())).faces).toHaveLength(201);
    });

    it('tells of a damaged vector when a search has to measure it', async () => {
      const { collection, damage, refused } = await aCollectionOnDisk(200);
      const mend = await damage(KEYS.faceVectors);
      const searching = (limit: number) =>
        collection.index().then(({ faces }) => faces.nearest(collection.vectors.get('face-50')!, { limit }));
      await expect(searching(200)).rejects.toMatchObject(refused);
      expect(await searching(1)).toEqual([{ key: 'face-50', distance: 0 }]);
      await mend();
      expect(await searching(200)).toHaveLength(200);
    });

    it('does without what only makes searching faster', async () => {
      const { collection, damage } = await aCollectionOnDisk(4200, LONG);
      await damage(KEYS.fineFaceSketches);
      await collection.expectExact();
      // Now all that can be read was.
      await collection.indexes.completed(await collection.index());
      await collection.expectExact();
    });
  });
});

describe('a collection of many faces', () => {
  it('learns how to shorten long vectors, and finds what it found', async () => {
    const collection = await aCollectionOf(LEARN_AT - 10, new MemoryStore(), LONG);
    await collection.makeUsers(10);
    await collection.expectExact();
    expect(collection.records.collection('team').learned).toBeUndefined();
    await collection.addFaces(20);
    await collection.makeUsers(20);
    expect(collection.records.collection('team').learned).toBeDefined();
    expectSound(collection.store, 'team');
    await collection.expectExact();

    // What was learned serves for good.
    const { learned } = collection.records.collection('team');
    await collection.addFaces(5);
    expect(collection.records.collection('team').learned).toBe(learned);
    for (const isCompleted of [false, true]) {
      collection.indexes = new VectorIndexes();
      if (isCompleted) await collection.indexes.completed(await collection.index());
      await collection.expectExact();
    }
  });

  it('may learn while its index is filled', async () => {
    const collection = await aCollectionOf(LEARN_AT - 1, new MemoryStore(), LONG);
    await collection.makeUsers(10);
    const filling = collection.index();
    await nextTurn();
    // The store knows already what the index was not told yet.
    const tellLater = await collection.changeUntold((records) =>
      records.addFaces('team', collection.newFaces(1), LONG),
    );
    await filling;
    tellLater();
    await collection.expectExact();
  });

  it('is completed between searches, and for as long as it is wanted', async () => {
    const collection = await aCollectionOf(LEARN_AT, new MemoryStore(), LONG);
    await collection.makeUsers(5);
    let isOver = () => {};
    const search = new Promise<void>((resolve) => {
      isOver = resolve;
    });
    const searching = vi.spyOn(FaceIndex.prototype, 'searching', 'get').mockReturnValue(search);
    const completing = vi.spyOn(FaceIndex.prototype, 'complete');
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const index = await collection.index();
    for (let i = 0; i < 10; i++) await nextTurn();
    expect(completing).not.toHaveBeenCalled();
    searching.mockReturnValue(undefined);
    isOver();
    await search;
    await nextTurn();
    const calls = completing.mock.calls.length;
    expect(calls).toBeGreaterThan(0);
    collection.indexes.forget(collection.records.collection('team').contents);
    await collection.indexes.completed(index);
    expect(completing.mock.calls.length).toBeLessThan(calls + 20);

    const completingUsers = vi.spyOn(UserIndex.prototype, 'complete');
    await collection.indexes.completed(await collection.index());
    expect(completingUsers).toHaveBeenCalled();
  });

  it('leaves nothing behind', async () => {
    const collection = await aCollectionOf(LEARN_AT, new MemoryStore(), LONG);
    await collection.makeUsers(2);
    await collection.change((records) => records.deleteCollection('team'));
    await clearLeftovers(collection.store, () => false);
    expect([...collection.store.keys('')]).toEqual([]);
  });

  it('is opened without reading its vectors', async () => {
    const collection = await aCollectionOf(LEARN_AT, new MemoryStore(), LONG);
    const read = vi.spyOn(collection.store, 'get');
    await collection.index();
    const { faceVectors, fineFaceSketches } = KEYS;
    for (const prefix of [faceVectors, fineFaceSketches])
      expect(read).not.toHaveBeenCalledWith(
        expect.stringContaining(prefix(collection.records.collection('team').contents)),
      );
  });

  it('is read right when it has learned since the index was begun', async () => {
    // A record so long that it would overwrite the numbers of a sketch that was read before.
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`tag ${i}`, '~'.repeat(1000)]));
    const collection = new IndexedCollection(await aDiskStore(), LONG);
    await collection.change((records) => records.addCollection('team', 0, tags));
    await collection.addFaces(LEARN_AT - 1);
    await collection.makeUsers(10);
    const before = collection.records.collection('team');
    await collection.addFaces(1);
    expect(collection.records.collection('team').learned).toBeDefined();
    const { faces } = await collection.indexes.of(before, LONG, collection.records);
    for (let i = 0; i < LEARN_AT; i += 64) {
      const key = `face-${i}`;
      const found = await faces.nearest(collection.vectors.get(key)!, { limit: 1 });
      expect(found).toEqual([{ key, distance: 0 }]);
    }
    await collection.expectExact();
  });

  describe('that is emptied and takes new ones', () => {
    const anEmptyOne = async () => {
      const collection = await aCollectionOf(LEARN_AT, new MemoryStore(), LONG);
      await collection.change((records) => {
        records.deleteFaces('team', [...records.faces('team')]);
      });
      expect([...collection.store.keys('face-')]).toEqual([]);
      collection.vectors.clear();
      return collection;
    };

    it('forgets what it learned', async () => {
      const collection = await anEmptyOne();
      const { parts } = SPACE;
      await collection.change((records) =>
        records.addFaces('team', collection.newFaces(1, 4000), { version: 'b', parts }),
      );
      expect(collection.records.collection('team').learned).toBeUndefined();
      expectSound(collection.store, 'team');
    });

    it('finds those of other models, also where it was searched while it was empty', async () => {
      const { store, vectors } = await anEmptyOne();
      const collection = new IndexedCollection(store, { ...LONG, version: 'b' });
      expect((await collection.index()).faces.size).toBe(0);
      expect(vectors.size).toBe(0);
      // Such as differ in some other directions most.
      const directions = Array.from({ length: 40 }, () => aVector(272));
      const likeOthers = (face: NewFace) => {
        for (const direction of directions) {
          const times = next();
          for (let i = 16; i < 272; i++) face.vector[i]! += times * direction[i]!;
        }
        return face;
      };
      for (const count of [LEARN_AT - 1, 1]) {
        const faces = collection.newFaces(count).map(likeOthers);
        await collection.change((records) => records.addFaces('team', faces, collection.space));
        await collection.expectExact();
      }
      expect(collection.records.collection('team').learned).toBeDefined();
    });

    it('finds shorter ones, also where it was searched while it was empty', async () => {
      const { store } = await anEmptyOne();
      const collection = new IndexedCollection(store, {
        ...LONG,
        version: 'c',
        parts: LONG.parts.slice(0, 1),
      });
      expect((await collection.index()).faces.size).toBe(0);
      await collection.addFaces(60);
      const { faces } = await collection.index();
      const vector = collection.vectors.get('face-50')!;
      expect(await faces.nearest(vector, { limit: 1 })).toEqual([{ key: 'face-50', distance: 0 }]);
    });
  });
});
