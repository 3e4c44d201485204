import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SearchThread } from '../../src/local/search/search-thread.js';
import { IndexedVectors } from '../support/indexed-vectors.js';

/** What this thread would do; the other one loads its own modules. */
const searchHere = vi.hoisted(() => vi.fn());
vi.mock('../../src/local/search/nearest-rows.js', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/local/search/nearest-rows.js')>();
  searchHere.mockImplementation(original.nearestRows);
  return { ...original, nearestRows: searchHere };
});

const SPACE = { length: 3, metric: 'euclidean' } as const;

function someVectors(threadAbove: number, thread = new SearchThread()): IndexedVectors {
  const indexed = new IndexedVectors(SPACE, { threadAbove, thread });
  for (let i = 0; i < 100; i++) indexed.set(`face ${i}`, Float32Array.of(i, 0, 0));
  return indexed;
}

describe('the thread for large indexes', () => {
  const vector = Float32Array.of(3.25, 0, 0);
  const options = { limit: 2 };

  afterEach(() => {
    vi.restoreAllMocks();
    vi.doUnmock('node:worker_threads');
    searchHere.mockClear();
  });

  it('does all the scanning, while this one is free', async () => {
    const indexed = someVectors(99);
    expect(await indexed.index.nearest(vector, options)).toEqual(indexed.nearestOfAll(vector, options));
    expect(searchHere).not.toHaveBeenCalled();
  });

  it('ends when it is closed', async () => {
    const terminate = vi.spyOn(Worker.prototype, 'terminate');
    const thread = new SearchThread();
    const indexed = someVectors(99, thread);
    await indexed.index.nearest(vector, options);
    await thread.close();
    expect(terminate).toHaveBeenCalledOnce();
  });

  it('is not bothered with small indexes', async () => {
    const indexed = someVectors(100);
    expect(await indexed.index.nearest(vector, options)).toEqual(indexed.nearestOfAll(vector, options));
    expect(searchHere).toHaveBeenCalledOnce();
  });

  it('can do without itself: where no thread starts, this one searches', async () => {
    vi.resetModules();
    vi.doMock('node:worker_threads', () => ({
      Worker: class {
        constructor() {
          throw new Error('No threads here.');
        }
      },
    }));
    const { VectorIndex } = await import('../../src/local/search/vector-index.js');
    const index = new VectorIndex(SPACE, () => Float32Array.of(1, 0, 0), { threadAbove: 0 });
    index.set('a', Float32Array.of(1, 0, 0));
    expect(await index.nearest(vector, options)).toEqual([{ key: 'a', distance: 2.25 }]);
    expect(searchHere).toHaveBeenCalledOnce();
  });
});
