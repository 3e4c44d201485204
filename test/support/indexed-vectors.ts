import { distance } from '../../src/local/search/distances.js';
import { SearchThread } from '../../src/local/search/search-thread.js';
import { type Neighbour, VectorIndex, type VectorIndexOptions } from '../../src/local/search/vector-index.js';
import type { FaceVector, VectorSpace } from '../../src/local/vision/vision.js';

/** One for all, since starting it takes a while. It keeps no process alive. */
const thread = new SearchThread();

/** A vector index with the vectors it was made of, which say what it has to answer. */
export class IndexedVectors {
  readonly vectors = new Map<string, FaceVector>();
  readonly index: VectorIndex;
  /** How often the index asked for a whole vector. */
  asked = 0;

  readonly #space: Pick<VectorSpace, 'length' | 'metric'>;

  constructor(space: Pick<VectorSpace, 'length' | 'metric'>, options?: VectorIndexOptions) {
    this.#space = space;
    const vectorOf = (key: string) => {
      this.asked++;
      return this.vectors.get(key);
    };
    this.index = new VectorIndex(space, vectorOf, { thread, ...options });
  }

  set(key: string, vector: FaceVector): void {
    this.vectors.set(key, vector.slice());
    this.index.set(key, vector);
  }

  delete(key: string): void {
    const wasThere = this.vectors.delete(key);
    if (this.index.delete(key) !== wasThere) throw new Error(`The index knows better whether it had ${key}.`);
  }

  /** What measuring every vector finds, of those whose numbers are finite. */
  nearestOfAll(
    vector: FaceVector,
    {
      limit,
      within = Number.POSITIVE_INFINITY,
      except,
    }: { limit: number; within?: number | undefined; except?: string | undefined },
  ): Neighbour[] {
    if (!vector.every(Number.isFinite)) return [];
    return [...this.vectors]
      .filter(([key, other]) => key !== except && other.every(Number.isFinite))
      .map(([key, other]) => ({ key, distance: distance(this.#space.metric, vector, other) }))
      .filter((neighbour) => neighbour.distance <= within)
      .sort((a, b) => a.distance - b.distance || (a.key < b.key ? -1 : 1))
      .slice(0, limit);
  }
}

/** Numbers of a bell curve about 0, the same ones for the same seed. */
export function bellCurve(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
